import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapestAround } from '../../src/sync/moves-around.ts';
import { cheapestMoves } from '../../src/sync/rank-moves.ts';

const prices = { priceItem: 1, priceCall: 1 };

function priceOf(stay: readonly number[], n: number, perCall: number): number {
  const ends = [-1, ...stay, n];
  const calls = ends.slice(1).reduce((sum, end, i) => sum + Math.ceil((end - (ends[i] ?? -1) - 1) / perCall), 0);
  return n - stay.length + calls;
}

/** The cheapest of all sets that hold the fixed ones and stand in the wanted order. */
function bruteForce(have: readonly number[], fixed: ReadonlySet<number>, perCall: number): number {
  const n = have.length;
  let best = Infinity;
  for (let bits = 0; bits < 1 << n; bits++) {
    const chosen = have.filter((_, place) => (bits >> place) & 1);
    const rises = chosen.every((index, i) => i === 0 || index > (chosen[i - 1] ?? -1));
    if (rises && [...fixed].every(index => chosen.includes(index))) best = Math.min(best, priceOf(chosen, n, perCall));
  }
  return best;
}

const question = fc.integer({ min: 1, max: 7 }).chain(n => {
  const all = Array.from({ length: n }, (_, i) => i);
  return fc.record({
    have: fc.shuffledSubarray(all, { minLength: n, maxLength: n }),
    chosen: fc.subarray(all),
    perCall: fc.integer({ min: 1, max: 3 }),
  });
});

/** Of the chosen places those that rise, so that they may all stay. */
function rising(have: readonly number[], chosen: readonly number[]): ReadonlySet<number> {
  const fixed = new Set<number>();
  let last = -1;
  for (const place of chosen) {
    const index = have[place] ?? -1;
    if (index <= last) continue;
    fixed.add(index);
    last = index;
  }
  return fixed;
}

describe('sync/moves-around', () => {
  it('equals brute force over all sets that hold what must stay', () => {
    fc.assert(
      fc.property(question, ({ have, chosen, perCall }) => {
        const fixed = rising(have, chosen);

        const stay = cheapestAround({ have, perCall, ...prices, fixed });

        expect(stay).toEqual([...stay].sort((a, b) => a - b));
        expect([...fixed].every(index => stay.includes(index))).toBe(true);
        expect(priceOf(stay, have.length, perCall)).toBe(bruteForce(have, fixed, perCall));
      }),
      { seed: 43, numRuns: 400 },
    );
  });

  it('without anything fixed it is the cheapest of all', () => {
    fc.assert(
      fc.property(question, ({ have, perCall }) => {
        const free = { have, perCall, ...prices };
        expect(cheapestAround({ ...free, fixed: new Set() })).toEqual(cheapestMoves(free).stay);
      }),
      { seed: 44 },
    );
  });

  it('what must stay in two orders at once is refused', () => {
    expect(() => cheapestAround({ have: [1, 0], perCall: 1, ...prices, fixed: new Set([0, 1]) })).toThrow(RangeError);
  });
});
