import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RoundFigures, RoundOrder } from './round-process.ts';
import type { SiteAddress, SiteOrder } from './site-process.ts';

const start = Date.UTC(2026, 2, 30, 10);
const hour = 3_600_000;

interface Servant<Order> {
  ask(order: Order): Promise<unknown>;
  end(order: Order): Promise<void>;
}

function servant<Order extends object>(file: string): Servant<Order> {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)));
  return {
    async ask(order) {
      const answered = once(child, 'message') as Promise<[{ answer?: unknown; error?: string }]>;
      child.send(order);
      const [{ answer, error }] = await answered;
      if (error !== undefined) throw new Error(error);
      return answer;
    },
    async end(order) {
      const gone = once(child, 'exit');
      child.send(order);
      await gone;
    },
  };
}

/** Whole rounds on an emulated site: first, second with nothing changed, one item changed. Site and rounds are processes of their own. */
export async function* benchRound(): AsyncGenerator<Record<string, unknown>> {
  for (const items of [1_000, 10_000]) yield* roundsOn(items);
}

async function* roundsOn(items: number): AsyncGenerator<Record<string, unknown>> {
  const site = servant<SiteOrder>('./site-process.ts');
  const rounds = servant<RoundOrder>('./round-process.ts');
  const at = (hours: number): string => new Date(start + hours * hour).toISOString();
  try {
    const { url, token } = (await site.ask({ order: 'start', items, now: at(0) })) as SiteAddress;
    const yaml = `connections:\n  acme: { tracker: azure-devops, url: "${url}", auth: { pat: "${token}" } }\nbacklogs:\n  payments: { project: Payments, level: Stories, mode: apply }\n`;
    await rounds.ask({ order: 'open', yaml, now: at(0) });
    const line = async (name: string, hours: number): Promise<RoundFigures> => {
      await site.ask({ order: 'now', now: at(hours) });
      const figures = (await rounds.ask({ order: 'round', now: at(hours) })) as RoundFigures;
      lines.push({
        tracker: 'azure-devops',
        n: items,
        round: name,
        lowerBound: Math.ceil(figures.items / 200),
        ...figures,
      });
      return figures;
    };
    const lines: Record<string, unknown>[] = [];
    await line('first', 0);
    const second = await line('second, nothing changed', 1);
    await site.ask({ order: 'now', now: at(2) });
    await site.ask({ order: 'edit', id: second.last });
    await line('one item changed', 3);
    yield* lines;
  } finally {
    await rounds.end({ order: 'close' });
    await site.end({ order: 'stop' });
  }
}
