import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { placeHeld } from '../../src/sync/holds.ts';

const ref = (n: number): ItemRef => itemRef('jira', n);
const refs = (n: number): ItemRef[] => Array.from({ length: n }, (_, i) => ref(i));
const place = (n: number, held: readonly (readonly [number, number])[]): number[] =>
  placeHeld(refs(n), new Map(held.map(([id, index]) => [ref(id), index]))).map(r => Number(r.slice(5)));

const question = fc.integer({ min: 1, max: 12 }).chain(n =>
  fc.record({
    order: fc.shuffledSubarray(refs(n), { minLength: n }),
    held: fc
      .array(fc.tuple(fc.nat(n + 1), fc.integer({ min: -2, max: n + 3 })), { maxLength: n })
      .map(holds => new Map(holds.map(([id, index]) => [ref(id), index]))),
  }),
);

describe('sync/holds', () => {
  it.each<[string, number, [number, number][], number[]]>([
    ['no hold changes nothing', 3, [], [0, 1, 2]],
    ['a held item takes its index, the others flow around', 4, [[3, 1]], [0, 3, 1, 2]],
    ['an index beyond the end is the end', 3, [[0, 9]], [1, 2, 0]],
    ['an index before the head is the head', 3, [[2, -4]], [2, 0, 1]],
    ['a hold of an item that is gone is nothing', 3, [[9, 0]], [0, 1, 2]],
    [
      'colliding holds keep their relative order, the later one yields',
      4,
      [
        [3, 1],
        [2, 1],
      ],
      [0, 2, 3, 1],
    ],
    [
      'a yielding hold pushes the next one on',
      5,
      [
        [2, 1],
        [3, 1],
        [4, 2],
      ],
      [0, 2, 3, 4, 1],
    ],
    [
      'at the end holds yield upwards',
      3,
      [
        [0, 9],
        [1, 9],
      ],
      [2, 0, 1],
    ],
    [
      'holds that do not collide may pass each other',
      3,
      [
        [0, 2],
        [2, 0],
      ],
      [2, 1, 0],
    ],
    [
      'when all are held, all have a place',
      3,
      [
        [0, 2],
        [1, 2],
        [2, 2],
      ],
      [0, 1, 2],
    ],
  ])('%s', (_name, n, held, expected) => {
    expect(place(n, held)).toEqual(expected);
  });

  it('keeps every item, and every one that is not held in its order', () => {
    fc.assert(
      fc.property(question, ({ order, held }) => {
        const placed = placeHeld(order, held);

        expect([...placed].sort()).toEqual([...order].sort());
        expect(placed.filter(r => !held.has(r))).toEqual(order.filter(r => !held.has(r)));
      }),
      { seed: 21 },
    );
  });

  it('a hold without a rival within reach stands exactly at its index', () => {
    fc.assert(
      fc.property(question, ({ order, held }) => {
        const placed = placeHeld(order, held);
        const wanted = [...held].filter(([r]) => order.includes(r));
        const clamped = wanted.map(([, index]) => Math.max(0, Math.min(index, order.length - 1)));
        if (new Set(clamped).size < clamped.length) return;
        wanted.forEach(([r], i) => expect(placed.indexOf(r)).toBe(clamped[i]));
      }),
      { seed: 22 },
    );
  });

  it('a fixed item stands at its index, whatever is held there', () => {
    fc.assert(
      fc.property(question, fc.infiniteStream(fc.boolean()), ({ order, held }, coins) => {
        const fixed = new Map(
          order.flatMap((r, i): [ItemRef, number][] => (coins.next().value === true ? [[r, i]] : [])),
        );

        const placed = placeHeld(order, held, fixed);

        for (const [r, index] of fixed) expect(placed[index]).toBe(r);
        expect([...placed].sort()).toEqual([...order].sort());
        expect(placeHeld(placed, held, fixed)).toEqual(placed);
      }),
      { seed: 24 },
    );
  });

  it('placing again changes nothing', () => {
    fc.assert(
      fc.property(question, ({ order, held }) => {
        const placed = placeHeld(order, held);

        expect(placeHeld(placed, held)).toEqual(placed);
      }),
      { seed: 23, numRuns: 500 },
    );
  });
});
