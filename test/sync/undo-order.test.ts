import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { planMoves } from '../../src/sync/moves-plan.ts';
import { orderBack } from '../../src/sync/undo-order.ts';

const refs = (letters: string): ItemRef[] => [...letters].map(letter => itemRef('jira', letter.charCodeAt(0)));
const letters = (order: readonly ItemRef[]): string =>
  order.map(ref => String.fromCharCode(Number(ref.split(':')[1]))).join('');

describe('sync/undo-order', () => {
  it.each<[string, { current: string; before: string; back: string; displaced?: string }, string]>([
    ['nobody moved anything since', { current: 'dabc', before: 'abcd', back: 'd' }, 'abcd'],
    ['an item at the head goes back above its neighbour', { current: 'bcda', before: 'abcd', back: 'a' }, 'abcd'],
    ['two neighbours go back together', { current: 'cdab', before: 'abcd', back: 'cd' }, 'abcd'],
    ['a new item stays where it is', { current: 'xdabc', before: 'abcd', back: 'd' }, 'xabcd'],
    ['a neighbour that is gone is passed over', { current: 'dab', before: 'abcd', back: 'd' }, 'abd'],
    [
      'a neighbour that was dragged away is no neighbour',
      { current: 'cdab', before: 'abcd', back: 'd', displaced: 'c' },
      'cabd',
    ],
    [
      'where all neighbours were moved, they must do',
      { current: 'cda', before: 'acd', back: 'd', displaced: 'ca' },
      'cda',
    ],
    ['nothing goes back', { current: 'bca', before: 'abc', back: '' }, 'bca'],
    ['everything goes back', { current: 'cba', before: 'abc', back: 'abc' }, 'abc'],
    ['an item that was not ranked then stays', { current: 'yabc', before: 'abc', back: 'y' }, 'yabc'],
  ])('%s', (_title, { current, before, back, displaced = '' }, expected) => {
    const question = {
      current: refs(current),
      before: refs(before),
      back: new Set(refs(back)),
      displaced: new Set(refs(displaced)),
    };

    expect(letters(orderBack(question))).toBe(expected);
  });

  const world = fc.integer({ min: 1, max: 30 }).chain(n => {
    const all = Array.from({ length: n }, (_, i) => itemRef('jira', i));
    return fc.record({
      before: fc.constant(all),
      after: fc.shuffledSubarray(all, { minLength: n, maxLength: n }),
      perCall: fc.constantFrom(1, 3, 50),
    });
  });

  it('undoing the moves of a round gives the order from before', () => {
    fc.assert(
      fc.property(world, ({ before, after, perCall }) => {
        const plan = { perCall, prices: { item: 1, call: 1 }, unanchored: new Set<ItemRef>() };
        const back = new Set(planMoves({ ...plan, current: before, desired: after }).map(move => move.ref));

        const order = orderBack({ current: after, before, back, displaced: new Set() });

        expect(order).toEqual(before);
        // As cheap as the round was, and only what it moved is moved.
        const fixed = new Set(after.filter(ref => !back.has(ref)));
        const moves = planMoves({ ...plan, current: after, desired: order, fixed });
        expect(moves.length).toBeLessThanOrEqual(back.size);
        expect(moves.every(move => back.has(move.ref))).toBe(true);
      }),
      { seed: 41 },
    );
  });

  it('whatever happened since, the others keep their relative order and nobody is lost', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(20), { maxLength: 15 }),
        fc.uniqueArray(fc.nat(20), { maxLength: 15 }),
        fc.uniqueArray(fc.nat(20)),
        fc.uniqueArray(fc.nat(20)),
        (now, then, moved, away) => {
          const of = (ids: readonly number[]): ItemRef[] => ids.map(id => itemRef('jira', id));
          const current = of(now);
          const back = new Set(of(moved));

          const order = orderBack({ current, before: of(then), back, displaced: new Set(of(away)) });

          expect([...order].sort()).toEqual([...current].sort());
          const others = (list: readonly ItemRef[]): ItemRef[] => list.filter(ref => !back.has(ref));
          expect(others(order)).toEqual(others(current));
        },
      ),
      { seed: 42 },
    );
  });
});
