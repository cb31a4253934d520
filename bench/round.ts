import type { Tracker } from '../src/item.ts';
import type { RoundFigures, RoundOrder } from './round-process.ts';
import { startServant } from './servant.ts';
import type { SiteAddress, SiteOrder } from './site-process.ts';

const trackers: readonly Tracker[] = ['jira', 'azure-devops'];
const sizes = [1_000, 10_000];
const start = Date.UTC(2026, 2, 30, 10);
const hour = 3_600_000;

/**
 * Whole rounds on emulated sites: first, second with nothing changed, one item changed. Site and rounds are processes of
 * their own; `lowerBound` is how many reads the items alone take. Peak memory is the round's process since its start.
 */
export async function* benchRound(): AsyncGenerator<Record<string, unknown>> {
  for (const tracker of trackers) for (const items of sizes) yield* roundsOn(tracker, items);
}

async function* roundsOn(tracker: Tracker, n: number): AsyncGenerator<Record<string, unknown>> {
  const site = startServant<SiteOrder>('./site-process.ts');
  const rounds = startServant<RoundOrder>('./round-process.ts');
  const at = (hours: number): string => new Date(start + hours * hour).toISOString();
  try {
    const { yaml, pageSize } = (await site.ask({ order: 'start', tracker, items: n, now: at(0) })) as SiteAddress;
    await rounds.ask({ order: 'open', yaml, now: at(0) });
    const round = async (hours: number): Promise<RoundFigures> => {
      await site.ask({ order: 'now', now: at(hours) });
      return (await rounds.ask({ order: 'round', now: at(hours) })) as RoundFigures;
    };
    const line = (name: string, { last: _, ...figures }: RoundFigures): Record<string, unknown> => ({
      tracker,
      n,
      round: name,
      lowerBound: Math.ceil(figures.items / pageSize),
      ...figures,
    });
    yield line('first', await round(0));
    const second = await round(1);
    yield line('second, nothing changed', second);
    await site.ask({ order: 'now', now: at(2) });
    await site.ask({ order: 'edit', key: second.last });
    yield line('one item changed', await round(3));
  } finally {
    await rounds.end({ order: 'close' });
    await site.end({ order: 'stop' });
  }
}
