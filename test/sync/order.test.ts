import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MoveChange } from '../../src/change.ts';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { orderItems } from '../../src/sync/current-order.ts';
import { orderAfter } from '../../src/sync/moves-apply.ts';
import { planMoves } from '../../src/sync/moves-plan.ts';
import { desiredOrder, type OrderQuestion } from '../../src/sync/order.ts';
import { anItem } from '../support/items.ts';

const ref = (n: number): ItemRef => itemRef('jira', n);
const ask = (bands: number[], over: Partial<OrderQuestion> = {}): number[] => {
  const current = bands.map((_, i) => ref(i));
  const bandOf = new Map(bands.map((band, i) => [ref(i), band]));
  const { order } = desiredOrder({ current, bandOf, blockedBy: new Map(), held: new Map(), ...over });
  return order.map(r => Number(r.slice(5)));
};

const question = fc.integer({ min: 1, max: 14 }).chain(n =>
  fc.record({
    current: fc.constant(Array.from({ length: n }, (_, i) => ref(i))),
    bandOf: fc.array(fc.nat(4), { minLength: n, maxLength: n }).map(bands => new Map(bands.map((b, i) => [ref(i), b]))),
    blockedBy: fc
      .array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 8 })
      .map(edges => new Map(edges.filter(([a, b]) => a !== b).map(([a, b]) => [ref(a), [ref(b)]]))),
    held: fc
      .array(fc.tuple(fc.nat(n - 1), fc.nat(n + 2)), { maxLength: 3 })
      .map(holds => new Map(holds.map(([item, index]) => [ref(item), index]))),
  }),
);

describe('sync/order', () => {
  it('sorts by band and keeps the order inside a band', () => {
    expect(ask([1, 3, 1, 3, 2])).toEqual([1, 3, 4, 0, 2]);
  });

  it('a blocker comes before what it blocks', () => {
    expect(ask([3, 2, 1], { blockedBy: new Map([[ref(0), [ref(2)]]]) })).toEqual([2, 0, 1]);
  });

  it('a circle of blockers is cut and told', () => {
    const blockedBy = new Map([
      [ref(0), [ref(1)]],
      [ref(1), [ref(0)]],
    ]);
    const bandOf = new Map([
      [ref(0), 1],
      [ref(1), 1],
    ]);

    const answer = desiredOrder({ current: [ref(0), ref(1)], bandOf, blockedBy, held: new Map() });

    expect(answer.order).toHaveLength(2);
    expect(answer.ignoredEdges).toHaveLength(1);
  });

  it('a held item keeps its index, the others flow around', () => {
    expect(ask([1, 3, 2], { held: new Map([[ref(0), 0]]) })).toEqual([0, 1, 2]);
  });

  it('a hold beyond the end is clamped; colliding holds keep their order', () => {
    expect(
      ask([5, 4, 3], {
        held: new Map([
          [ref(0), 9],
          [ref(1), 9],
        ]),
      }),
    ).toEqual([2, 0, 1]);
  });

  it('a pin beats a blocker and the breach is told', () => {
    const current = [ref(0), ref(1)];
    const bandOf = new Map([
      [ref(0), 1],
      [ref(1), 1],
    ]);
    const answer = desiredOrder({
      current,
      bandOf,
      blockedBy: new Map([[ref(0), [ref(1)]]]),
      held: new Map([[ref(0), 0]]),
    });

    expect(answer.order).toEqual(current);
    expect(answer.breaches).toEqual([[ref(0), ref(1)]]);
  });

  it('wanting what was already brought about changes nothing', () => {
    fc.assert(
      fc.property(question, q => {
        const { order } = desiredOrder(q);
        expect([...order].sort()).toEqual([...q.current].sort());
        expect(desiredOrder({ ...q, current: order }).order).toEqual(order);
      }),
      { seed: 9, numRuns: 500 },
    );
  });

  it('carrying out the moves reaches the wanted order', () => {
    const unanchored = fc.array(fc.nat(13), { maxLength: 3 }).map(ids => new Set(ids.map(ref)));
    fc.assert(
      fc.property(question, unanchored, fc.constantFrom(1, 3, 50), (q, without, perCall) => {
        const desired = desiredOrder(q).order;
        const moves = planMoves({
          current: q.current,
          desired,
          perCall,
          prices: { item: 1, call: 1 },
          unanchored: without,
        });
        const changes = moves.map((m): MoveChange => ({ kind: 'move', key: '', because: '', ...m }));
        expect(orderAfter(q.current, changes)).toEqual(desired);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  const examples = new URL('../../../shared/worked-examples.json', import.meta.url);
  it.skipIf(!existsSync(examples))('agrees with an independently worked order', () => {
    const { items, desiredOrder: wanted } = JSON.parse(readFileSync(examples, 'utf8')) as {
      items: { id: string; band: number }[];
      desiredOrder: string[];
    };
    const order = ask(items.map(item => item.band)).map(i => items[i]?.id);

    expect(order).toEqual(wanted);
  });
});

describe('sync/current-order', () => {
  it('compares rank strings bytewise, numbers by size, nothing last, ties by id', () => {
    const order = (values: (string | number | null)[]): string[] =>
      orderItems(
        values.map((value, i) => anItem({ id: i + 8, order: value })),
        null,
      ).map(r => r.slice(5));

    expect(order(['0|z:', '0|Z:', '0|a:'])).toEqual(['9', '10', '8']);
    expect(order([10, 9, null, -1])).toEqual(['11', '9', '8', '10']);
    expect(order([5, 5, 5])).toEqual(['8', '9', '10']);
  });

  it('an authoritative order wins over values', () => {
    const items = [anItem({ id: 1, order: '0|a:' }), anItem({ id: 2, order: '1|b:' })];

    expect(orderItems(items, [ref(2), ref(7), ref(1)])).toEqual([ref(2), ref(1)]);
  });
});
