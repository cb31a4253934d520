import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, MoveChange } from '../../src/change.ts';
import { itemRef, type BacklogItem, type ItemRef } from '../../src/item.ts';
import { ownLabels } from '../../src/sync/labels.ts';
import { orderAfter } from '../../src/sync/moves-apply.ts';
import { planMoves } from '../../src/sync/moves-plan.ts';
import { checkSavedPlan, preconditionOf, type PlanGround, type SavedPlan } from '../../src/sync/saved-plan.ts';
import { anItem } from '../support/items.ts';
import { someSettings } from '../support/round-world.ts';

const ref = (n: number): ItemRef => itemRef('jira', n);
const refs = (...ids: number[]): ItemRef[] => ids.map(ref);
const itemsOf = (count: number): BacklogItem[] =>
  Array.from({ length: count }, (_, i) => anItem({ id: i + 1, order: i }));

function aMove(id: number, to: number, after: number | null): MoveChange {
  const neighbour = after === null ? null : ref(after);
  return { kind: 'move', ref: ref(id), key: `SHOP-${id}`, from: id, to, after: neighbour, because: 'it is better' };
}

function savedPlan(items: readonly BacklogItem[], changes: readonly Change[]): SavedPlan {
  const before = new Map(items.map(item => [item.ref, preconditionOf(item)]));
  return { backlog: 'shop', modelHash: 'abc', changes, before };
}

function groundOf(items: readonly BacklogItem[], over: Partial<PlanGround> = {}): PlanGround {
  return {
    items: new Map(items.map(item => [item.ref, item])),
    eligible: new Set(items.filter(item => item.progress === 'todo').map(item => item.ref)),
    waiting: new Map(),
    fixed: new Set(),
    own: ownLabels('winnow-').all,
    write: { ...someSettings().write, score: 'Score' },
    ...over,
  };
}

/** What happens between planning and carrying out: new facts about single items. */
function changed(items: readonly BacklogItem[], over: Readonly<Record<number, Partial<BacklogItem>>>): BacklogItem[] {
  return items.map((item, i) => (over[i + 1] === undefined ? item : { ...item, version: '2', ...over[i + 1] }));
}

const moved = { order: 99 };
const labelled: Change = {
  kind: 'label-add',
  ref: ref(2),
  key: 'SHOP-2',
  from: null,
  to: 'winnow-stale',
  because: 'x',
};

/** Why changes were refused: [key, kind, why]. */
function refused(checked: ReturnType<typeof checkSavedPlan>): readonly (readonly [string, string, string])[] {
  return checked.refused.map(o => {
    const why = o.status === 'failed' ? /^left alone: (.*)$/.exec(o.problem)?.[1] : undefined;
    return [o.change.key, o.change.kind, why ?? 'not told'];
  });
}
const placed = (checked: ReturnType<typeof checkSavedPlan>) =>
  checked.plan.changes.flatMap(c => (c.kind === 'move' ? [[c.ref, c.after]] : []));

describe('sync/saved-plan', () => {
  it('goes below the neighbour of a neighbour that somebody dragged away', () => {
    const items = itemsOf(6);
    // Wanted: 1 5 6 2 3 4. Meanwhile somebody drags 5 to the end.
    const plan = savedPlan(items, [aMove(5, 2, 1), aMove(6, 3, 5)]);

    const checked = checkSavedPlan(plan, groundOf(changed(items, { 5: moved })));

    expect(refused(checked)).toEqual([['SHOP-5', 'move', 'it was moved since the plan was made']]);
    expect(placed(checked)).toEqual([[ref(6), ref(1)]]);
  });

  it.each<[string, Readonly<Record<number, Partial<BacklogItem>>>, string]>([
    ['was dragged', { 1: moved }, 'SHOP-1, below which it was to stand, was moved since the plan was made'],
    ['has started', { 1: { progress: 'doing' } }, 'SHOP-1, below which it was to stand, is no longer ranked'],
  ])('puts nothing below an item that %s', (_what, over, problem) => {
    const items = itemsOf(6);

    const checked = checkSavedPlan(savedPlan(items, [aMove(5, 2, 1), aMove(6, 3, 5)]), groundOf(changed(items, over)));

    expect(refused(checked)).toEqual([
      ['SHOP-5', 'move', problem],
      ['SHOP-6', 'move', problem],
    ]);
    expect(checked.plan.changes).toEqual([]);
  });

  it.each<[string, Partial<BacklogItem>, string]>([
    ['edited', { title: 'Another' }, 'it was changed since the plan was made'],
    ['dragged', { order: 7 }, 'it was moved since the plan was made'],
    ['labelled', { labels: ['mine'] }, 'its labels were changed since the plan was made'],
    ['started', { progress: 'doing' }, 'it is no longer ranked (started, planned or done)'],
  ])('leaves an item alone that was %s', (_what, over, problem) => {
    const items = itemsOf(4);
    const plan = savedPlan(items, [aMove(2, 4, 4), aMove(3, 1, null), labelled]);

    const checked = checkSavedPlan(plan, groundOf(changed(items, { 2: over })));

    expect(refused(checked)).toEqual([
      ['SHOP-2', 'move', problem],
      ['SHOP-2', 'label-add', problem],
    ]);
    expect(placed(checked)).toEqual([[ref(3), null]]);
  });

  it('keeps back moves of items that wait, and the others go around them', () => {
    const items = itemsOf(5);
    const ground = groundOf(items, { waiting: new Map([[ref(1), 'quiet']]), fixed: new Set(refs(1)) });

    const checked = checkSavedPlan(savedPlan(items, [aMove(1, 4, 4), aMove(2, 5, 1)]), ground);

    expect(checked.plan.withheld.map(w => [w.ref, w.guard])).toEqual([[ref(1), 'quiet']]);
    expect(placed(checked)).toEqual([[ref(2), ref(4)]]);
    expect(checked.refused).toEqual([]);
  });

  it.each<[string, readonly Change[], Partial<PlanGround>, string]>([
    ['an item after itself', [aMove(2, 1, 2)], {}, 'the plan contradicts itself about its place'],
    ['a circle', [aMove(2, 3, 3), aMove(3, 3, 2)], {}, 'the plan contradicts itself about its place'],
    ['a move twice', [aMove(2, 1, null), aMove(2, 4, 4)], {}, 'the plan moves it twice'],
    ['an unknown item', [aMove(9, 1, null)], {}, 'it is no longer in the backlog'],
    ['an unknown neighbour', [aMove(2, 1, 9)], {}, 'jira:9, below which it was to stand, is no longer ranked'],
    ['a foreign label', [{ ...labelled, to: 'approved' }], {}, 'approved is not a label of Winnow'],
    [
      'a score without a field',
      [{ kind: 'score-set', ref: ref(2), key: 'SHOP-2', from: null, to: 5, because: 'x' }],
      { write: someSettings().write },
      'no score field is configured now (write.score)',
    ],
    [
      'an order that is not to be written',
      [aMove(2, 1, null)],
      { write: { ...someSettings().write, rank: false } },
      'no order is to be written now (write.rank)',
    ],
  ])('refuses %s', (_what, changes, over, problem) => {
    const items = itemsOf(4);

    const checked = checkSavedPlan(savedPlan(items, changes), groundOf(items, over));

    expect(refused(checked).map(([, , why]) => why)).toContain(problem);
  });

  it('whatever people drag meanwhile, what is carried out stands as planned among what they left alone', () => {
    const question = fc.integer({ min: 2, max: 9 }).chain(n => {
      const ids = Array.from({ length: n }, (_, i) => i + 1);
      const whole = { minLength: n, maxLength: n };
      return fc.record({
        n: fc.constant(n),
        desired: fc.shuffledSubarray(ids, whole),
        drags: fc.array(fc.tuple(fc.constantFrom(...ids), fc.nat(n - 1)), { maxLength: 3 }),
      });
    });
    fc.assert(
      fc.property(question, ({ n, desired, drags }) => {
        const items = itemsOf(n);
        const wanted = desired.map(ref);
        const prices = { item: 1, call: 1 };
        const current = items.map(item => item.ref);
        const moves = planMoves({ current, desired: wanted, perCall: 50, prices, unanchored: new Set() });
        const changes = moves.map((m): MoveChange => ({ ...m, kind: 'move', key: m.ref, because: 'x' }));
        const now = [...current];
        for (const [id, to] of drags) now.splice(to, 0, ...now.splice(now.indexOf(ref(id)), 1));
        const dragged = new Set(drags.map(([id]) => ref(id)));
        const later = items.map(item => (dragged.has(item.ref) ? { ...item, order: 99, version: '2' } : item));

        const { plan, refused: others } = checkSavedPlan(savedPlan(items, changes), groundOf(later));
        const after = orderAfter(now, plan.changes);

        const left = new Set([...dragged, ...others.map(o => o.change.ref)]);
        const asPlanned = (list: readonly ItemRef[]) => list.filter(r => !left.has(r));
        expect(asPlanned(after)).toEqual(asPlanned(wanted));
        const going = new Set(plan.changes.map(c => c.ref));
        const unmoved = (list: readonly ItemRef[]) => list.filter(r => !going.has(r));
        expect(unmoved(after)).toEqual(unmoved(now));
      }),
    );
  });
});
