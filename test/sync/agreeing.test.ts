import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { agreeing } from '../../src/sync/agreeing.ts';
import { desiredOrder } from '../../src/sync/order.ts';

const ref = (id: number): ItemRef => itemRef('jira', id);

/** Items 1, 2, 3 ... from the top, with the band of each; `dragged` and `held` are ids. */
const agrees = (
  bands: readonly number[],
  dragged: number,
  more: { held?: readonly number[]; blockedBy?: readonly (readonly [number, number])[] } = {},
): boolean => {
  const current = bands.map((_, i) => ref(i + 1));
  const held = new Map((more.held ?? []).map(id => [ref(id), id - 1]));
  return agreeing({
    current,
    bandOf: new Map(current.map((one, i) => [one, bands[i] as number])),
    blockedBy: new Map((more.blockedBy ?? []).map(([blocked, blocker]) => [ref(blocked), [ref(blocker)]])),
    held,
    dragged: new Set([ref(dragged)]),
  }).has(ref(dragged));
};

describe('sync/agreeing', () => {
  it.each<[string, boolean, Parameters<typeof agrees>]>([
    ['inside its band', true, [[3, 3, 2, 2], 2]],
    ['at the edge of its band', true, [[3, 3, 2, 2], 3]],
    ['above a higher band', false, [[2, 3, 3, 2], 1]],
    ['below a lower band', false, [[3, 2, 3, 2], 3]],
    ['in a list nobody sorted yet, where its band will be', true, [[1, 5, 3, 2, 5, 4], 2]],
    ['in a list nobody sorted yet, elsewhere', false, [[1, 5, 3, 2, 5, 4], 5]],
    ['inside its band, pushed down by a held item', true, [[1, 3, 3, 2], 3, { held: [1] }]],
    ['inside its band, below what a blocker brought up', true, [[1, 3, 3, 2], 3, { blockedBy: [[2, 1]] }]],
  ])('a dragged item %s: %s', (_name, expected, args) => {
    expect(agrees(...args)).toBe(expected);
  });

  it('in a sorted backlog a drag agrees exactly if nothing would move the item', () => {
    const sorted = fc.array(fc.nat(4), { minLength: 2, maxLength: 9 }).map(bands => bands.sort((a, b) => b - a));
    fc.assert(
      fc.property(sorted, fc.nat(), fc.nat(), (bands, from, to) => {
        const items = bands.map((band, i) => ({ ref: ref(i), band }));
        const [one] = items.splice(from % bands.length, 1);
        if (one === undefined) return;
        items.splice(to % bands.length, 0, one);
        const current = items.map(item => item.ref);
        const bandOf = new Map(items.map(item => [item.ref, item.band]));
        const question = {
          current,
          bandOf,
          blockedBy: new Map<ItemRef, ItemRef[]>(),
          held: new Map<ItemRef, number>(),
        };

        const stays = desiredOrder(question).order.indexOf(one.ref) === current.indexOf(one.ref);

        expect(agreeing({ ...question, dragged: new Set([one.ref]) }).has(one.ref)).toBe(stays);
      }),
      { seed: 31, numRuns: 1000 },
    );
  });
});
