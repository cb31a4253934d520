import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeItems, type Place } from '../../../src/connectors/azure-devops/place.ts';
import { ref } from './support/values.ts';

const stays = (id: number, order: number | null): Place => ({ ref: ref(id), order, moves: false, fixed: false });
const moves = (id: number, order: number | null = null): Place => ({ ref: ref(id), order, moves: true, fixed: false });

const valuesOf = (wanted: readonly Place[]): (number | null)[] => {
  const written = placeItems(wanted);
  return wanted.map(place => written.get(place.ref) ?? place.order);
};

function isRising(values: readonly (number | null)[]): boolean {
  return values.every((value, i) => i === 0 || (values[i - 1] ?? Infinity) < (value ?? Infinity));
}

describe('connectors/azure-devops/place', () => {
  it('one item goes halfway between its neighbours', () => {
    expect([...placeItems([stays(1, 1000), moves(2, 5000), stays(3, 2000)])]).toEqual([[ref(2), 1500]]);
  });

  it('several items share a gap evenly', () => {
    const wanted = [stays(1, 0), moves(2), moves(3), moves(4), stays(5, 400)];

    expect(valuesOf(wanted)).toEqual([0, 100, 200, 300, 400]);
  });

  it.each([
    ['the head, with room', [moves(1), stays(2, 10_000)], [9_000, 10_000]],
    ['the head, near zero', [moves(1), stays(2, 10)], [5, 10]],
    ['the head, below one', [moves(1), stays(2, 0.5)], [-999.5, 0.5]],
    ['the tail', [stays(1, 10), moves(2), moves(3)], [10, 1_010, 2_010]],
    ['nobody stays', [moves(1), moves(2)], [1_000, 2_000]],
  ])('%s', (_name, wanted, expected) => {
    expect(valuesOf(wanted)).toEqual(expected);
  });

  it('items without a value at the end stay empty', () => {
    expect([...placeItems([stays(1, 10), moves(2), stays(3, null)]).keys()]).toEqual([ref(2)]);
  });

  it('an item without a value gets one when something moves below it', () => {
    expect(isRising(valuesOf([stays(1, 10), stays(2, null), moves(3, 5)]))).toBe(true);
  });

  it('nothing moves, nothing is written', () => {
    expect(placeItems([stays(1, 10), stays(2, 20), stays(3, null)]).size).toBe(0);
  });

  it('a collapsed gap is widened by one neighbour only', () => {
    const low = 1_000_000_000;
    const high = low + 2e-7;
    const wanted = [stays(1, low - 5_000), stays(2, low), moves(3), stays(4, high), stays(5, high + 5_000)];

    const written = placeItems(wanted);

    expect(written.size).toBe(2);
    expect(written.has(ref(3))).toBe(true);
    expect(isRising(valuesOf(wanted))).toBe(true);
  });

  it('a collapsed gap is widened on the side that may be written', () => {
    const low = 1_000_000_000;
    const fixed = { ...stays(2, low), fixed: true };
    const wanted = [stays(1, low - 5_000), fixed, moves(3), stays(4, low + 2e-7), stays(5, low + 5_000)];

    expect([...placeItems(wanted).keys()]).toEqual([ref(3), ref(4)]);
    expect(isRising(valuesOf(wanted))).toBe(true);
  });

  it('without room between two fixed neighbours nothing is written there', () => {
    const low = 1_000_000_000;
    const [above, below] = [stays(1, low), stays(3, low + 2e-7)].map(place => ({ ...place, fixed: true }));
    const wanted = [moves(9), above, moves(2), below, moves(4)] as Place[];

    expect([...placeItems(wanted).keys()]).toEqual([ref(9), ref(4)]);
  });

  it('equal values of staying items are told apart only where they hinder', () => {
    expect(isRising(valuesOf([stays(1, 10), moves(2), moves(3, 10), stays(4, 20)]))).toBe(true);
  });

  it('many moves into one gap in turn stay in order', () => {
    let below = 1_000;
    for (let i = 0; i < 200; i++) {
      const wanted = [stays(1, 0), moves(2), stays(3, below), stays(4, 1_000_000)];
      const values = valuesOf(wanted);
      expect(isRising(values)).toBe(true);
      below = values[1] ?? 0;
    }
  });

  const places = fc
    .array(fc.record({ order: fc.option(fc.integer({ min: -50, max: 50 })), moves: fc.boolean() }), { maxLength: 30 })
    .map(list => list.map(({ order, moves }, i): Place => ({ ref: ref(i), order, moves, fixed: false })));

  it('everything placed stands in the wanted order', () => {
    fc.assert(
      fc.property(places, wanted => {
        const written = placeItems(wanted);
        const staying = wanted.filter(p => !p.moves && p.order !== null && !written.has(p.ref));
        const sorted = isRising(staying.map(p => p.order));
        const all = wanted.map(p => written.get(p.ref) ?? (p.moves ? NaN : p.order));

        // Staying items that do not rise are the caller's contradiction; everything else is strictly in order.
        return !sorted || isRising(all.filter(value => value !== null));
      }),
    );
  });

  it('staying items are left alone while there is room', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1e9 })),
        fc.infiniteStream(fc.boolean()),
        (orders, coins) => {
          const rising = orders.sort((a, b) => a - b);
          const wanted = rising.map((order, i): Place => ({
            ref: ref(i),
            order,
            moves: coins.next().value ?? false,
            fixed: false,
          }));

          return [...placeItems(wanted).keys()].every(written => wanted.find(p => p.ref === written)?.moves);
        },
      ),
    );
  });

  it('a dense list still costs few extra writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), fc.integer({ min: 1, max: 3 }), (count, moved) => {
        const base = 2_000_000_000;
        const dense = Array.from({ length: count }, (_, i) => stays(i, base + i * 2 ** -20));
        const sparse = [stays(900, base - 1e6), ...dense, stays(901, base + 1e6)];
        const newcomers = Array.from({ length: moved }, (_, i) => moves(1_000 + i));
        const wanted = [...sparse.slice(0, count >> 1), ...newcomers, ...sparse.slice(count >> 1)];

        return isRising(valuesOf(wanted)) && placeItems(wanted).size <= count + moved;
      }),
    );
  });
});
