import { cheapestMoves } from '../src/sync/rank-moves.ts';
import { createChance } from './chance.ts';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function shuffle(values: number[], chance: () => number): number[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [values[i], values[j]] = [values[j] as number, values[i] as number];
  }
  return values;
}

/** `count` items taken out and put back anywhere. */
function displaced(n: number, count: number, chance: () => number): number[] {
  const taken = new Set(shuffle(range(n), chance).slice(0, count));
  const places = new Map<number, number[]>();
  for (const v of taken) {
    const at = Math.floor(chance() * (n - count + 1));
    places.set(at, [...(places.get(at) ?? []), v]);
  }
  const rest = range(n).filter(v => !taken.has(v));
  return [...rest.flatMap((v, i) => [...(places.get(i) ?? []), v]), ...(places.get(rest.length) ?? [])];
}

const cases: Readonly<Record<string, (n: number, chance: () => number) => number[]>> = {
  'one item moved': (n, chance) => displaced(n, 1, chance),
  '1 % moved': (n, chance) => displaced(n, n / 100, chance),
  '10 % moved': (n, chance) => displaced(n, n / 10, chance),
  shuffled: (n, chance) => shuffle(range(n), chance),
  reversed: n => range(n).reverse(),
};

function medianMs(work: () => void): number {
  const times = [1, 2, 3].map(() => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return times.sort((a, b) => a - b)[1] ?? 0;
}

/** Runs of neighbours among what a longest increasing subsequence leaves to be moved: one call each, at most 50 long. */
function lisRuns(have: readonly number[]): { readonly items: number; readonly calls: number } {
  const { items, calls } = cheapestMoves({ have, perCall: 50, priceItem: 1_000, priceCall: 0 });
  return { items, calls };
}

/** Moves needed and time taken, beside what simpler ways need for the same change. */
export async function* benchMoves(): AsyncGenerator<Record<string, unknown>> {
  for (const n of [1_000, 10_000, 100_000]) {
    for (const [name, make] of Object.entries(cases)) {
      const have = make(n, createChance(n));
      const sortMs = medianMs(() => [...have].sort((a, b) => a - b));
      for (const perCall of [50, 1]) {
        const question = { have, perCall, priceItem: 1, priceCall: 1 };
        const ms = medianMs(() => cheapestMoves(question));
        const { items, calls } = cheapestMoves(question);
        yield {
          n,
          case: name,
          perCall,
          items,
          calls,
          ms: round(ms),
          timesSort: round(ms / sortMs),
          peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
          ...(perCall === 50
            ? { others: { oneCallPerItem: n - 1, blocksOf50: Math.ceil(n / 50), longestRun: lisRuns(have) } }
            : {}),
        };
      }
    }
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
