import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardName } from '../../src/change.ts';
import { placeItems } from '../../src/connectors/azure-devops/place.ts';
import { value, type BacklogItem, type ItemRef, type OrderValue } from '../../src/item.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import { desire, type Desired } from '../../src/sync/desire.ts';
import { orderItems } from '../../src/sync/current-order.ts';
import { ownLabels } from '../../src/sync/labels.ts';
import { orderAfter } from '../../src/sync/moves-apply.ts';
import { plan } from '../../src/sync/plan.ts';
import type { Hold, ItemState } from '../../src/sync/ports.ts';
import { fixedPlaces } from '../../src/sync/waiting.ts';
import { anItem } from '../support/items.ts';
import { someSettings } from '../support/round-world.ts';
import { ref } from './order-questions.ts';

const now = new Date('2026-06-01T10:00:00Z');
const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const clock = { at: now, atMost: false, who: 'Alice', what: 'created', ignored: [] };

interface Case {
  readonly orders: readonly OrderValue[];
  readonly priorities: readonly number[];
  readonly waiting: readonly number[];
  readonly pinned: readonly (readonly [number, number])[];
  readonly blocked: readonly (readonly [number, number])[];
}

/** Any small backlog: values may be absent or shared, any items wait, some are pinned to any index, some block others. */
const aCase: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 12 }).chain(n =>
  fc.record({
    orders: fc.array(
      fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 30 }) }, { weight: 1, arbitrary: fc.constant(null) }),
      { minLength: n, maxLength: n },
    ),
    priorities: fc.array(fc.nat(4), { minLength: n, maxLength: n }),
    waiting: fc.subarray(Array.from({ length: n }, (_, i) => i)),
    pinned: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n)), { maxLength: 3 }),
    blocked: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 3 }),
  }),
);

function statesOf({ orders, priorities, pinned, blocked }: Case): Map<ItemRef, ItemState> {
  const pins = new Map(pinned);
  const states = orders.map((order, id): [ItemRef, ItemState] => {
    const index = pins.get(id);
    const hold: Hold | null =
      index === undefined ? null : { kind: 'pin', since: now, until: null, by: 'label winnow-pin', index };
    const item = anItem({
      id,
      order,
      labels: hold === null ? [] : ['winnow-pin'],
      priority: value({ name: scheme[priorities[id] ?? 2] ?? 'Medium', scheme }),
      blockedBy: blocked.filter(([of]) => of === id).map(([, by]) => ref(by)),
    });
    return [item.ref, { item, clock, band: null, hold, personAt: null, rankedByPerson: null }];
  });
  return new Map(states);
}

const guards: readonly GuardName[] = ['quiet', 'write-budget', 'quarantine'];

function study(of: Case): { readonly states: Map<ItemRef, ItemState>; readonly desired: Desired } {
  const states = statesOf(of);
  const suspended = new Map(
    of.waiting.map((id, i) => [ref(id), { guard: guards[i % 3] ?? ('quiet' as const), until: null, by: 'a test' }]),
  );
  const desired = desire({
    states,
    order: orderItems(itemsOf(states), null),
    model: builtinModel,
    settings: someSettings(),
    now,
    sources: {},
    requests: { dragged: new Map(), suspended },
  });
  return { states, desired };
}

const itemsOf = (states: ReadonlyMap<ItemRef, ItemState>): BacklogItem[] => [...states.values()].map(s => s.item);

const planOf = ({ states, desired }: ReturnType<typeof study>, movesPerCall: number) =>
  plan({
    states,
    desired,
    strays: [],
    model: builtinModel,
    settings: someSettings(),
    own: ownLabels('winnow-'),
    can: { movesPerCall, editsAreOnePatch: true, labelsIgnoreCase: false, guardedWrites: false },
  });

describe('sync/waiting: laws', () => {
  it('no plan moves an item that waits, and the others end where they should', () => {
    fc.assert(
      fc.property(aCase, fc.constantFrom(1, 2, 50), (of, perCall) => {
        const found = study(of);
        const moves = planOf(found, perCall).changes.filter(change => change.kind === 'move');
        const { desired } = found;

        expect(moves.filter(move => desired.waiting.has(move.ref))).toEqual([]);
        expect(orderAfter(desired.current, moves)).toEqual(desired.order);
        for (const item of desired.waiting.keys())
          expect(desired.order.indexOf(item)).toBe(desired.current.indexOf(item));
      }),
      { seed: 41, numRuns: 1_500 },
    );
  });

  it('order values that bring it about touch no item that waits', () => {
    fc.assert(
      fc.property(aCase, of => {
        const found = study(of);
        const { desired, states } = found;
        const moving = new Set(
          planOf(found, 1).changes.flatMap(change => (change.kind === 'move' ? [change.ref] : [])),
        );
        const written = placesOf(found, moving);
        const after = itemsOf(states).map(item => ({ ref: item.ref, order: written.get(item.ref) ?? item.order }));

        expect([...written.keys()].filter(item => desired.waiting.has(item))).toEqual([]);
        expect(orderItems(after, null)).toEqual(desired.order);
      }),
      { seed: 42, numRuns: 1_500 },
    );
  });

  it('once the others stand, only items that wait are kept back', () => {
    fc.assert(
      fc.property(aCase, of => {
        const found = study(of);
        const { changes, withheld } = planOf(found, 1);
        const moved = new Set(changes.filter(change => change.kind === 'move').map(change => change.ref));

        for (const { ref: kept, guard } of withheld) {
          expect(found.desired.waiting.get(kept)).toBe(guard);
          expect(moved.has(kept)).toBe(false);
        }
      }),
      { seed: 43 },
    );
  });
});

function placesOf({ states, desired }: ReturnType<typeof study>, moving: ReadonlySet<ItemRef>) {
  if (moving.size === 0) return new Map<ItemRef, number>();
  return placeItems(
    desired.order.map(item => {
      const order = states.get(item)?.item.order;
      const held = typeof order === 'number' ? order : null;
      return { ref: item, order: held, moves: moving.has(item), fixed: desired.fixed.has(item) };
    }),
  );
}

describe('sync/waiting', () => {
  const fixedOf = (orders: readonly OrderValue[], waiting: readonly number[]): number[] => {
    const of: Case = { orders, waiting, priorities: [], pinned: [], blocked: [] };
    const states = statesOf(of);
    const current = orderItems(itemsOf(states), null);
    const fixed = fixedPlaces(current, new Map(waiting.map(id => [ref(id), 'quiet' as const])), states);
    return [...fixed.values()];
  };

  it.each<[string, OrderValue[], number[], number[]]>([
    ['nothing waits', [1, 2, 3], [], []],
    ['an item with a value of its own fixes itself', [1, 2, 3], [1], [1]],
    ['equal values are fixed between two that wait', [1, 5, 5, 5, 9], [1, 3], [1, 2, 3]],
    ['equal values beside one that waits are not', [5, 5, 5], [1], [1]],
    ['everything below one without a value is fixed', [1, null, null, null], [2], [2, 3]],
  ])('%s', (_title, orders, waiting, expected) => {
    expect(fixedOf(orders, waiting)).toEqual(expected);
  });
});
