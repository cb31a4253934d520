import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemRef, type OrderValue } from '../../src/item.ts';
import { compareRefs, orderItems } from '../../src/sync/current-order.ts';
import { anItem } from '../support/items.ts';

const ref = (id: number | string) => itemRef('jira', id);
/** Ids from 8 on, so that the tie-break meets ids of different length. */
const orderOf = (values: readonly OrderValue[]): number[] =>
  orderItems(
    values.map((order, i) => anItem({ id: i + 8, order })),
    null,
  ).map(r => Number(r.slice(5)));

describe('sync/current-order', () => {
  it.each<[string, OrderValue[], number[]]>([
    ['rank strings compare bytewise', ['0|z:', '0|Z:', '0|a:', '0|a:b'], [9, 10, 11, 8]],
    ['numbers ascend by size, not by text', [10, 9, -1, 9.5], [10, 9, 11, 8]],
    ['zero is a place', [1, 0, null], [9, 8, 10]],
    ['items without a value come last', [null, 5, null, 3], [11, 9, 8, 10]],
    ['ties go by numeric id', [5, 5, 5], [8, 9, 10]],
    ['numbers stand before strings', ['0|a:', 7], [9, 8]],
  ])('%s', (_name, values, expected) => {
    expect(orderOf(values)).toEqual(expected);
  });

  it('ids beyond exact numbers compare by size', () => {
    const ids = ['9007199254740993', '9007199254740992', '10007199254740992'].map(ref);

    expect([...ids].sort(compareRefs)).toEqual([ids[1], ids[0], ids[2]]);
  });

  it('the order of arrival changes nothing', () => {
    const value = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 3 }), fc.constantFrom('0|a:', '0|b:', '1|a:'));
    const arrivals = fc
      .array(value, { maxLength: 12 })
      .map(values => values.map((order, id) => anItem({ id, order })))
      .chain(items => fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })));
    fc.assert(
      fc.property(arrivals, ([items, shuffled]) => {
        expect(orderItems(shuffled, null)).toEqual(orderItems(items, null));
      }),
      { seed: 12 },
    );
  });

  it('an authoritative order wins over values', () => {
    const items = [anItem({ id: 1, order: '0|a:' }), anItem({ id: 2, order: '1|b:' })];

    expect(orderItems(items, [ref(2), ref(7), ref(1)])).toEqual([ref(2), ref(1)]);
  });

  it('what an authoritative order lacks comes after it, once', () => {
    const items = [anItem({ id: 1, order: 2 }), anItem({ id: 2, order: 1 }), anItem({ id: 3, order: 9 })];

    expect(orderItems(items, [ref(3), ref(3)])).toEqual([ref(3), ref(2), ref(1)]);
  });
});
