import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapestMoves, type MovesAnswer, type MovesQuestion } from '../../src/sync/rank-moves.ts';

/** Tries every increasing subsequence. */
function bruteForce({ have, perCall, priceItem, priceCall, cannotStay }: MovesQuestion): MovesAnswer {
  let best: MovesAnswer | null = null;
  for (let mask = 0; mask < 1 << have.length; mask++) {
    const stay = have.filter((_, i) => (mask >> i) & 1);
    if (stay.some((v, i) => (i > 0 && (stay[i - 1] ?? 0) > v) || cannotStay?.has(v))) continue;
    const items = have.length - stay.length;
    const calls = [...stay, have.length].reduce(
      (sum, v, i) => sum + Math.ceil((v - (stay[i - 1] ?? -1) - 1) / perCall),
      0,
    );
    const answer = { stay, items, calls, price: items * priceItem + calls * priceCall };
    if (best === null || isBetter(answer, best)) best = answer;
  }
  if (best === null) throw new Error('no answer');
  return best;
}

function isBetter(a: MovesAnswer, b: MovesAnswer): boolean {
  if (a.price !== b.price) return a.price < b.price;
  return a.items === b.items ? isLess(a.stay, b.stay) : a.items < b.items;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] ?? 0) < (b[i] ?? 0);
  return a.length < b.length;
}

function* permutations(values: number[]): Generator<number[]> {
  if (values.length <= 1) yield values;
  for (let i = 0; i < values.length; i++) {
    for (const rest of permutations([...values.slice(0, i), ...values.slice(i + 1)])) yield [values[i] ?? 0, ...rest];
  }
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const prices = [
  [1, 1],
  [0, 1],
  [1, 0],
  [2, 3],
] as const;

describe('sync/rank-moves', () => {
  it('equals brute force for all small permutations', () => {
    for (let n = 0; n <= 6; n++) {
      for (const have of permutations(range(n))) {
        for (const perCall of [1, 2, 3, 4]) {
          for (const [priceItem, priceCall] of prices) {
            const question = { have, perCall, priceItem, priceCall };
            expect(cheapestMoves(question), JSON.stringify(question)).toEqual(bruteForce(question));
          }
        }
      }
    }
  }, 60_000);

  it('equals brute force where some items cannot stay', () => {
    const question = fc.record({
      have: fc.shuffledSubarray(range(9), { minLength: 9 }),
      perCall: fc.integer({ min: 1, max: 5 }),
      priceItem: fc.integer({ min: 0, max: 3 }),
      priceCall: fc.integer({ min: 0, max: 3 }),
      cannotStay: fc.subarray(range(9)).map(refs => new Set(refs)),
    });
    fc.assert(
      fc.property(question, q => {
        expect(cheapestMoves(q)).toEqual(bruteForce(q));
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('with calls free, moves n minus the longest increasing subsequence', () => {
    const have = fc.integer({ min: 1, max: 200 }).chain(n => fc.shuffledSubarray(range(n), { minLength: n }));
    fc.assert(
      fc.property(have, order => {
        const { items } = cheapestMoves({ have: order, perCall: 50, priceItem: 1, priceCall: 0 });
        expect(items).toBe(order.length - longestRun(order));
      }),
      { seed: 5 },
    );
  });

  it('one item moved is one item in one call', () => {
    const have = [...range(100).filter(v => v !== 70)];
    have.splice(3, 0, 70);

    expect(cheapestMoves({ have, perCall: 50, priceItem: 1, priceCall: 1 })).toMatchObject({ items: 1, calls: 1 });
  });

  it('two swapped items are at most two moves', () => {
    const pair = fc.tuple(fc.nat(99), fc.nat(99));
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const have = range(100);
        have[a] = b;
        have[b] = a;
        expect(cheapestMoves({ have, perCall: 50, priceItem: 1, priceCall: 1 }).items).toBeLessThanOrEqual(2);
      }),
      { seed: 2 },
    );
  });

  const examples = new URL('../../../shared/worked-examples.json', import.meta.url);
  it.skipIf(!existsSync(examples))('agrees with independently worked figures', () => {
    const { moves } = JSON.parse(readFileSync(examples, 'utf8')) as {
      moves: { have: number[]; perCall: number; priceCall: number; priceItem: number; price: number }[];
    };
    expect(moves.length).toBeGreaterThan(0);
    for (const { have, perCall, priceCall, priceItem, price } of moves) {
      expect(cheapestMoves({ have, perCall, priceCall, priceItem }).price).toBe(price);
    }
  });
});

function longestRun(order: readonly number[]): number {
  const tails: number[] = [];
  for (const v of order) {
    const at = tails.findIndex(t => t >= v);
    tails[at < 0 ? tails.length : at] = v;
  }
  return tails.length;
}
