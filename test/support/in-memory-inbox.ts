import type { ItemRef } from '../../src/item.ts';
import type { Inbox, NotedDelivery } from '../../src/webhooks/ports.ts';

export interface InMemoryInbox extends Inbox {
  /** Noted items, by backlog. */
  readonly touched: ReadonlyMap<string, ReadonlySet<ItemRef>>;
  /** Makes every statement fail, as when the database is away, or never answer; null mends it. */
  breakDown(problem: Error | 'hang' | null): void;
}

/** The inbox port without a database. `holds`: what the last reads of the backlogs held, with its sprint. */
export function createInMemoryInbox(
  holds: Readonly<Record<string, readonly { readonly ref: ItemRef; readonly sprint?: string }[]>> = {},
  projects: Readonly<Record<string, readonly string[]>> = {},
): InMemoryInbox {
  const settled = new Set<string>();
  const touched = new Map<string, Set<ItemRef>>();
  let broken: Error | 'hang' | null = null;
  const work = <T>(answer: () => T): Promise<T> =>
    broken === null
      ? Promise.resolve(answer())
      : broken === 'hang'
        ? new Promise(() => undefined)
        : Promise.reject(broken);
  const touch = (backlog: string, ref: ItemRef): void => {
    touched.set(backlog, (touched.get(backlog) ?? new Set()).add(ref));
  };
  const noteOne = (backlogs: readonly string[], delivery: NotedDelivery): readonly string[] => {
    const noted = new Set<string>();
    const held = new Set<ItemRef>();
    for (const backlog of backlogs) {
      for (const { ref, sprint } of holds[backlog] ?? []) {
        const named = delivery.refs.includes(ref);
        if (!named && (sprint === undefined || !delivery.sprints.includes(sprint))) continue;
        held.add(ref);
        touch(backlog, ref);
        noted.add(backlog);
      }
    }
    for (const { ref, backlog } of delivery.candidates) {
      if (!delivery.moved && held.has(ref)) continue;
      touch(backlog, ref);
      noted.add(backlog);
    }
    return [...noted].sort();
  };
  return {
    touched,
    note: ({ connection, backlogs, deliveries }) =>
      work(() => {
        const fresh = deliveries.filter(({ id }) => !settled.has(`${connection} ${id}`));
        return new Map(fresh.map(delivery => [delivery.id, noteOne(backlogs, delivery)]));
      }),
    settle: (connection, ids) => work(() => ids.forEach(id => settled.add(`${connection} ${id}`))),
    prune: () => work(() => undefined),
    projects: backlogs =>
      work(() => new Map(backlogs.filter(b => b in projects).map(b => [b, new Set(projects[b])] as const))),
    breakDown(problem) {
      broken = problem;
    },
  };
}
