import type { Change } from '../src/change.ts';
import type { Tracker } from '../src/item.ts';
import type { Act } from '../test/support/histories/steps.ts';
import { day, openHistoryWorld, type HistoryWorld } from '../test/support/histories/world.ts';
import { createChance } from './chance.ts';

const days = 200;
const items = 60;

/** Daily rounds over 200 simulated days on the emulated trackers: how often Winnow writes, with and without people at work. */
export async function* benchChurn(): AsyncGenerator<Record<string, unknown>> {
  for (const tracker of ['jira', 'azure-devops'] as const) {
    for (const editsPerDay of [0, 3]) yield await churn(tracker, editsPerDay);
  }
}

async function churn(tracker: Tracker, editsPerDay: number): Promise<Record<string, unknown>> {
  const chance = createChance(41);
  const past = { items, seed: 41, skew: 0, trouble: 'accounts', steps: [], scored: false } as const;
  const world = await openHistoryWorld(tracker, past);
  const first = await changesOf(world, 0);
  const tally = createTally(first);
  tally.sees(world);
  for (let n = 1; n <= days; n++) {
    world.now += day / 2;
    for (let edit = 0; edit < editsPerDay; edit++) tally.touched(world.act(anAct(chance)));
    world.now += day / 2;
    tally.add(await changesOf(world, n));
    tally.sees(world);
  }
  await world.close();
  return { ...{ tracker, items, days, editsPerDay, firstRound: first.length }, ...tally.sum(editsPerDay === 0) };
}

/** Two of three acts change an input, one is a drag. */
function anAct(chance: () => number): Act {
  const pick = (n: number): number => Math.floor(chance() * n);
  const who = { item: pick(items), by: 'person' } as const;
  if (chance() < 1 / 3) return { ...who, do: 'drag', to: pick(items), beside: true };
  return { ...who, do: 'value', level: pick(4), effort: 1 + pick(13) };
}

async function changesOf(world: HistoryWorld, n: number): Promise<readonly Change[]> {
  const report = await world.round(n % 7 === 0);
  if (report.status === 'failed') throw new Error(report.problems[0]?.message ?? 'a round failed');
  return report.changes;
}

/** Counts changes, and what goes back and forth although nobody touched the item meanwhile. */
function createTally(first: readonly Change[]) {
  const writes = new Map<string, number>();
  const kinds = { moves: 0, labelAdds: 0, labelRemoves: 0 };
  const orders: string[] = [];
  // Labels that came since somebody last touched their item: one that comes again has gone without anybody's doing.
  const came = new Map<string, Set<string>>();
  const comes = (ref: string, label: string): void => {
    const known = came.get(ref) ?? new Set<string>();
    if (known.has(label)) flipFlops++;
    came.set(ref, known.add(label));
  };
  let flipFlops = 0;
  const note = (change: Change): void => {
    writes.set(change.ref, (writes.get(change.ref) ?? 0) + 1);
    if (change.kind === 'move') kinds.moves++;
    if (change.kind === 'label-remove') kinds.labelRemoves++;
    if (change.kind !== 'label-add') return;
    kinds.labelAdds++;
    comes(change.ref, change.to);
  };
  for (const change of first) if (change.kind === 'label-add') comes(change.ref, change.to);
  return {
    add: (changes: readonly Change[]): void => changes.forEach(note),
    touched: (ref: string | null): void => void (ref === null ? null : came.delete(ref)),
    sees({ site }: HistoryWorld): void {
      const order = site.look().map(({ key }) => key);
      if (orders.at(-1) !== order.join()) orders.push(order.join());
    },
    sum(alone: boolean): Record<string, unknown> {
      const per = [...writes.values()].sort((a, b) => a - b);
      const writesPerItem = Math.round((100 * per.reduce((a, b) => a + b, 0)) / items) / 100;
      const again = alone ? { ordersSeenAgain: orders.length - new Set(orders).size } : {};
      return { ...kinds, writesPerItem, mostOnOneItem: per.at(-1) ?? 0, labelFlipFlops: flipFlops, ...again };
    },
  };
}
