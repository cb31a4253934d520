import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MoveChange } from '../../src/change.ts';
import type { ItemRef, OrderValue } from '../../src/item.ts';
import { orderItems } from '../../src/sync/current-order.ts';
import { orderAfter } from '../../src/sync/moves-apply.ts';
import { planMoves, type PlannedMove } from '../../src/sync/moves-plan.ts';
import { desiredOrder } from '../../src/sync/order.ts';
import { anItem } from '../support/items.ts';
import { anOrderQuestion, ref } from './order-questions.ts';

const refs = (...ids: number[]): ItemRef[] => ids.map(ref);
const plan = (current: ItemRef[], desired: ItemRef[], over: { perCall?: number; unanchored?: ItemRef[] } = {}) =>
  planMoves({
    current,
    desired,
    perCall: over.perCall ?? 50,
    prices: { item: 1, call: 1 },
    unanchored: new Set(over.unanchored),
  });

/** Carries moves out as a tracker does: one after the other, each right after its neighbour. */
function carriedOut(current: readonly ItemRef[], moves: readonly PlannedMove[]): readonly ItemRef[] {
  const order = [...current];
  for (const { ref: moved, after } of moves) {
    order.splice(order.indexOf(moved), 1);
    order.splice(after === null ? 0 : order.indexOf(after) + 1, 0, moved);
  }
  return order;
}

const question = fc
  .tuple(anOrderQuestion(20), fc.array(fc.nat(19), { maxLength: 4 }), fc.constantFrom(1, 3, 50))
  .map(([order, without, perCall]) => ({
    current: order.current,
    desired: desiredOrder(order).order,
    perCall,
    prices: { item: 1, call: 1 },
    unanchored: new Set(refs(...without)),
  }));

describe('sync/moves-plan', () => {
  it('names places from 1 and the neighbour above, top first', () => {
    expect(plan(refs(1, 2, 3, 4, 5), refs(5, 1, 3, 2, 4))).toEqual([
      { ref: ref(5), from: 5, to: 1, after: null },
      { ref: ref(2), from: 2, to: 4, after: ref(3) },
    ]);
  });

  it('an order that stands needs no moves, anchored or not', () => {
    expect(plan(refs(1, 2, 3), refs(1, 2, 3), { unanchored: refs(1, 2, 3) })).toEqual([]);
  });

  it('items without a place of their own move once anything does', () => {
    const moves = plan(refs(1, 2, 3, 4), refs(2, 1, 3, 4), { unanchored: refs(3) });

    expect(moves.map(move => move.ref)).toEqual(refs(1, 3));
  });

  it.each([
    ['a missing item', refs(1, 2)],
    ['a foreign item', refs(1, 2, 9)],
    ['an item twice', refs(1, 2, 2)],
  ])('refuses an order with %s', (_name, desired) => {
    expect(() => plan(refs(1, 2, 3), desired)).toThrow(RangeError);
  });

  it('carrying out the moves one by one reaches the wanted order', () => {
    fc.assert(
      fc.property(question, q => {
        const moves = planMoves(q);

        expect(carriedOut(q.current, moves)).toEqual(q.desired);
        expect(moves.map(move => move.to)).toEqual(moves.map(move => move.to).sort((a, b) => a - b));
        for (const move of moves)
          expect([q.current[move.from - 1], q.desired[move.to - 1]]).toEqual([move.ref, move.ref]);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it('moves every item without a place of its own, or nothing', () => {
    fc.assert(
      fc.property(question, q => {
        const moved = new Set(planMoves(q).map(move => move.ref));
        const floating = q.current.filter(r => q.unanchored.has(r));

        expect(moved.size === 0 || floating.every(r => moved.has(r))).toBe(true);
      }),
      { seed: 15 },
    );
  });

  it('planning what was reached plans nothing', () => {
    fc.assert(
      fc.property(question, q => {
        expect(planMoves({ ...q, current: carriedOut(q.current, planMoves(q)) })).toEqual([]);
      }),
      { seed: 16 },
    );
  });

  it('the order in which tied items arrive changes no move', () => {
    const items = fc
      .array(fc.constantFrom<OrderValue>(null, 1, 2), { minLength: 2, maxLength: 9 })
      .map(values => values.map((order, id) => anItem({ id, order })))
      .chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(items, ([list, shuffled]) => {
        const desired = [...orderItems(list, null)].reverse();
        const moves = [list, shuffled].map(arrived => plan([...orderItems(arrived, null)], desired));

        expect(moves[1]).toEqual(moves[0]);
      }),
      { seed: 17 },
    );
  });
});

describe('sync/moves-apply', () => {
  it('foresees what any part of a plan brings about', () => {
    fc.assert(
      fc.property(question, fc.infiniteStream(fc.boolean()), (q, keep) => {
        const left = planMoves(q).filter(() => keep.next().value === true);
        const changes = left.map((move): MoveChange => ({ kind: 'move', key: '', because: '', ...move }));

        expect(orderAfter(q.current, changes)).toEqual(carriedOut(q.current, left));
      }),
      { seed: 18, numRuns: 500 },
    );
  });
});
