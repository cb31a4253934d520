import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapestMoves, type MovesAnswer, type MovesQuestion } from '../../src/sync/rank-moves.ts';

/** Tries every increasing subsequence. */
function bruteForce(question: MovesQuestion): MovesAnswer {
  const { have, cannotStay } = question;
  let best: MovesAnswer | null = null;
  for (let mask = 0; mask < 1 << have.length; mask++) {
    const stay = have.filter((_, i) => (mask >> i) & 1);
    if (stay.some((v, i) => (i > 0 && (stay[i - 1] ?? 0) > v) || cannotStay?.has(v))) continue;
    const answer = pricedAt(stay, question);
    if (best === null || isBetter(answer, best)) best = answer;
  }
  if (best === null) throw new Error('no answer');
  return best;
}

function pricedAt(stay: readonly number[], { have, perCall, priceItem, priceCall }: MovesQuestion): MovesAnswer {
  const items = have.length - stay.length;
  const calls = [...stay, have.length].reduce(
    (sum, v, i) => sum + Math.ceil((v - (stay[i - 1] ?? -1) - 1) / perCall),
    0,
  );
  return { stay, items, calls, price: items * priceItem + calls * priceCall };
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
  else
    for (let i = 0; i < values.length; i++) {
      const others = [...values.slice(0, i), ...values.slice(i + 1)];
      for (const rest of permutations(others)) yield [values[i] ?? 0, ...rest];
    }
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const prices = [
  [1, 1],
  [0, 1],
  [1, 0],
  [2, 3],
] as const;

/** Compares with a plain check, since a hundred thousand matchers take longer than the answers. */
function disagreements(questions: Iterable<MovesQuestion>): string[] {
  const found: string[] = [];
  for (const question of questions) {
    const [answer, truth] = [JSON.stringify(cheapestMoves(question)), bruteForce(question)];
    const { stay, price, items, calls } = truth;
    if (answer !== JSON.stringify({ stay, price, items, calls })) found.push(JSON.stringify(question));
  }
  return found;
}

function* everyQuestion(n: number): Generator<MovesQuestion> {
  for (const have of permutations(range(n))) {
    for (const perCall of [1, 2, 3, 4]) {
      for (const [priceItem, priceCall] of prices) {
        yield { have, perCall, priceItem, priceCall };
        if (n < 5) for (const cannotStay of everySubset(n)) yield { have, perCall, priceItem, priceCall, cannotStay };
      }
    }
  }
}

function* everySubset(n: number): Generator<ReadonlySet<number>> {
  for (let mask = 1; mask < 1 << n; mask++) yield new Set(range(n).filter(i => (mask >> i) & 1));
}

describe('sync/rank-moves', () => {
  it.each(range(7))('equals brute force for all permutations of %i items', n => {
    expect(disagreements(everyQuestion(n))).toEqual([]);
  });

  it('equals brute force where some items cannot stay', () => {
    const question = fc.record({
      have: fc.shuffledSubarray(range(10), { minLength: 10 }),
      perCall: fc.integer({ min: 1, max: 12 }),
      priceItem: fc.integer({ min: 0, max: 3 }),
      priceCall: fc.integer({ min: 0, max: 3 }),
      cannotStay: fc.subarray(range(10)).map(refs => new Set(refs)),
    });
    fc.assert(
      fc.property(question, q => {
        expect(cheapestMoves(q)).toEqual(bruteForce(q));
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('what it answers costs what it says', () => {
    const have = fc.integer({ min: 1, max: 300 }).chain(n => fc.shuffledSubarray(range(n), { minLength: n }));
    fc.assert(
      fc.property(have, fc.integer({ min: 1, max: 60 }), fc.constantFrom(...prices), (order, perCall, price) => {
        const question = { have: order, perCall, priceItem: price[0], priceCall: price[1] };
        const answer = cheapestMoves(question);
        const stand = answer.stay.map(v => order.indexOf(v));

        expect(stand).toEqual([...stand].sort((a, b) => a - b));
        expect(answer).toEqual(pricedAt(answer.stay, question));
      }),
      { seed: 6 },
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
    const places = fc.tuple(fc.nat(99), fc.nat(99)).filter(([from, to]) => from !== to);
    fc.assert(
      fc.property(places, ([from, to]) => {
        const have = range(100).filter(v => v !== from);
        have.splice(to, 0, from);
        expect(cheapestMoves({ have, perCall: 50, priceItem: 1, priceCall: 1 })).toMatchObject({ items: 1, calls: 1 });
      }),
      { seed: 1 },
    );
  });

  it('two swapped items are at most two moves, wherever they stand', () => {
    const most = range(100).flatMap(a =>
      range(a).map(b => {
        const have = range(100);
        have[a] = b;
        have[b] = a;
        return cheapestMoves({ have, perCall: 50, priceItem: 1, priceCall: 1 }).items;
      }),
    );

    expect(Math.max(...most)).toBe(2);
  });

  it('of equally cheap answers the one that moves fewer items wins', () => {
    const answer = cheapestMoves({ have: [3, 1, 2, 0], perCall: 50, priceItem: 1, priceCall: 1 });

    expect(answer).toEqual({ stay: [1, 2], price: 4, items: 2, calls: 2 });
  });

  it('stays exact for many items at high prices', () => {
    const n = 200_000;
    const have = range(n).reverse();

    const { stay, price } = cheapestMoves({ have, perCall: 1, priceItem: 7, priceCall: 9 });

    expect(stay).toEqual([0]);
    expect(price).toBe(16 * (n - 1));
  });

  it.each<[string, Partial<MovesQuestion>, RegExp]>([
    ['an index twice', { have: [0, 0] }, /0 is twice/],
    ['an index out of range', { have: [0, 2] }, /2 is twice or out of range/],
    ['no neighbour per call', { perCall: 0 }, /0 neighbours/],
    ['a price that is no whole number', { priceItem: 0.5 }, /whole number, not 0.5/],
    ['a negative price', { priceCall: -1 }, /whole number, not -1/],
    ['prices beyond exact numbers', { priceCall: 2 ** 53 }, /too large/],
  ])('refuses %s', (_name, wrong, message) => {
    const question = { have: [1, 0], perCall: 1, priceItem: 1, priceCall: 1, ...wrong };

    expect(() => cheapestMoves(question)).toThrow(message);
  });

  const examples = new URL('../../../shared/worked-examples.json', import.meta.url);
  it.skipIf(!existsSync(examples))('agrees with independently worked figures', () => {
    const { moves } = JSON.parse(readFileSync(examples, 'utf8')) as { moves: (MovesQuestion & { price: number })[] };
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
