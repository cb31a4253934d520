import { describe, expect, it } from 'vitest';
import { TrackerBusyError } from '../../src/errors.ts';
import { absent, itemRef, value, type BacklogItem, type ItemRef } from '../../src/item.ts';
import { lostAnswer } from '../support/in-memory-tracker.ts';
import { aField, alice, anItem } from '../support/items.ts';
import { aWorld } from '../support/round-world.ts';
import { pass, picture, scored } from '../support/undo-world.ts';

const ref = (n: number): ItemRef => itemRef('jira', n);
const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const old = new Date('2026-01-01T00:00:00Z');

/** The least important first, all of them stale. */
function wrongWayRound(count = 5): BacklogItem[] {
  return Array.from({ length: count }, (_, i) =>
    anItem({
      id: i + 1,
      order: (i + 1) * 1_000,
      priority: value({ name: scheme[4 - (i % 5)] ?? 'Medium', scheme }),
      createdAt: old,
      changedAt: old,
    }),
  );
}

const messages = (problems: readonly { readonly message: string }[]): string => problems.map(p => p.message).join('\n');

describe('sync/undo', () => {
  it('order, labels and scores are as before, and the backlog is paused', async () => {
    const world = scored(aWorld(wrongWayRound()));
    const before = picture(world);
    const { report } = await world.round();
    pass(world, 60);

    const undone = await world.undo(report.id);

    expect(undone.report).toMatchObject({ mode: 'undo', status: 'applied', problems: [], outcomes: { failed: 0 } });
    expect(undone.report.changes.length).toBe(report.changes.length);
    expect(picture(world)).toEqual(before);
    expect(await world.state.pauses('shop', world.now)).toMatchObject([{ reason: 'undo', by: 'round r1, by alice' }]);
    expect((await world.round()).report).toMatchObject({ status: 'observed', changes: [] });
  });

  it('after a resume the next round does it again', async () => {
    const world = aWorld(wrongWayRound());
    const first = await world.round();
    const after = picture(world);
    pass(world, 60);
    await world.undo(first.report.id);
    pass(world, 60);
    await world.state.resume('shop', { at: world.now, by: 'alice' });

    expect((await world.round()).report.status).toBe('applied');
    expect(picture(world)).toEqual(after);
  });

  it('undoing the undo does it again too', async () => {
    const world = scored(aWorld(wrongWayRound()));
    const first = await world.round();
    const after = picture(world);
    pass(world, 60);
    const second = await world.undo(first.report.id);
    pass(world, 60);

    const third = await world.undo(second.report.id);

    expect(third.report).toMatchObject({ status: 'applied', problems: [] });
    expect(picture(world)).toEqual(after);
  });

  it('undoing twice finds nothing left to do', async () => {
    const world = scored(aWorld(wrongWayRound()));
    const { report } = await world.round();
    pass(world, 60);
    await world.undo(report.id);
    pass(world, 60);

    expect((await world.undo(report.id)).report).toMatchObject({ status: 'nothing-to-do', changes: [], problems: [] });
  });

  it('a dragged item stays and is told, the others go back around it', async () => {
    const world = aWorld(wrongWayRound());
    const { report } = await world.round();
    pass(world, 60);
    world.tracker.edit(ref(4), { order: 999_999 }, alice, [aField({ kind: 'rank', field: 'Rank' })]);
    pass(world, 60);

    const undone = await world.undo(report.id);

    expect(world.tracker.order()).toEqual([1, 2, 3, 5, 4].map(ref));
    expect(undone.report.changes.some(c => c.kind === 'move' && c.ref === ref(4))).toBe(false);
    expect(messages(undone.report.problems)).toContain('SHOP-4: its place is left: somebody moved it since');
  });

  it('a label that a person took off or put back is left', async () => {
    const world = aWorld(wrongWayRound(3));
    const { report } = await world.round();
    pass(world, 60);
    const labels = (added: string[], removed: string[]) => [
      aField({ kind: 'labels', field: 'labels', added, removed }),
    ];
    world.tracker.edit(ref(1), { labels: [] }, alice, labels([], ['winnow-stale']));
    world.tracker.edit(ref(2), { labels: [] }, alice, labels([], ['winnow-stale']));
    pass(world, 60);
    world.tracker.edit(ref(2), { labels: ['winnow-stale'] }, alice, labels(['winnow-stale'], []));
    pass(world, 60);

    const undone = await world.undo(report.id);

    expect(undone.report.changes.filter(c => c.kind === 'label-remove').map(c => c.ref)).toEqual([ref(3)]);
    expect(messages(undone.report.problems)).toContain('SHOP-2: winnow-stale is left: Alice changed it on 2026-06-01');
    expect(messages(undone.report.problems)).not.toContain('SHOP-1');
  });

  it('an edit of something else does not keep the label', async () => {
    const world = aWorld(wrongWayRound(3));
    const { report } = await world.round();
    pass(world, 60);
    world.tracker.edit(ref(1), { labels: ['winnow-stale', 'ux'] }, alice, [
      aField({ kind: 'labels', field: 'labels', added: ['ux'], removed: [] }),
    ]);
    pass(world, 60);

    await world.undo(report.id);

    expect(world.tracker.items.get(ref(1))?.item.labels).toEqual(['ux']);
  });

  it('a score that was overwritten is left', async () => {
    const world = scored(aWorld(wrongWayRound(3)));
    const { report } = await world.round();
    pass(world, 60);
    world.tracker.edit(ref(1), { scoreField: value(99) }, alice, [aField({ kind: 'score', field: 'Score' })]);
    pass(world, 60);

    const undone = await world.undo(report.id);

    expect(messages(undone.report.problems)).toContain('SHOP-1: its score is left: somebody changed it since');
    expect(world.tracker.items.get(ref(2))?.item.scoreField).toEqual(absent);
    expect(world.tracker.items.get(ref(1))?.item.scoreField).toEqual(value(99));
  });

  it('items deleted, moved out or started meanwhile are left and told', async () => {
    const world = aWorld(wrongWayRound(6));
    const { report } = await world.round();
    pass(world, 60);
    world.tracker.items.delete(ref(4));
    const out = world.tracker.items.get(ref(5));
    if (out !== undefined) out.inScope = false;
    world.tracker.edit(ref(6), { progress: 'doing', trackerStatus: 'In Progress' }, alice, [
      aField({ kind: 'status' }),
    ]);
    pass(world, 60);

    const { report: undone } = await world.undo(report.id);

    expect(undone.status).toBe('applied');
    expect(messages(undone.problems)).toContain('SHOP-4: winnow-stale is left: it is deleted');
    expect(messages(undone.problems)).toContain('SHOP-5: winnow-stale is left: it left this backlog');
    expect(undone.changes.some(c => [ref(4), ref(5)].includes(c.ref))).toBe(false);
  });

  it('a label that a later round took off again is left alone', async () => {
    const world = aWorld(wrongWayRound(3));
    const first = await world.round();
    pass(world, 60);
    world.tracker.edit(ref(1), {}, alice);
    pass(world, 60);
    const second = await world.round();
    expect(second.report.changes.map(c => c.kind)).toContain('label-remove');
    pass(world, 60);

    const undone = await world.undo(first.report.id);

    expect(undone.report.changes.filter(c => c.kind === 'label-remove').map(c => c.ref)).toEqual([2, 3].map(ref));
  });

  it('a round that was cut off is undone as far as it came', async () => {
    const world = aWorld(wrongWayRound(6));
    const before = picture(world);
    let writes = 0;
    world.tracker.afterWrite = () => {
      // As a kill leaves it: the effect is there, its outcome is not in the journal.
      if (++writes === 4) throw new TrackerBusyError('killed');
    };
    const { report } = await world.round();
    world.tracker.afterWrite = null;
    expect(picture(world)).not.toEqual(before);
    pass(world, 5);

    const undone = await world.undo(report.id);

    expect(undone.report.status).toBe('applied');
    expect(picture(world)).toEqual(before);
  });

  it('an undo that was cut off is finished by another', async () => {
    const world = aWorld(wrongWayRound(6));
    const before = picture(world);
    const { report } = await world.round();
    pass(world, 60);
    let writes = 0;
    world.tracker.beforeWrite = () => {
      if (++writes > 3) throw new TrackerBusyError('killed');
    };
    await world.undo(report.id);
    world.tracker.beforeWrite = null;
    pass(world, 5);

    await world.undo(report.id);

    expect(picture(world)).toEqual(before);
  });

  it('a lost answer while undoing is read back', async () => {
    const world = aWorld(wrongWayRound(3));
    const before = picture(world);
    const { report } = await world.round();
    pass(world, 60);
    let lost = 0;
    world.tracker.afterWrite = () => {
      if (lost++ === 0) lostAnswer();
    };

    expect((await world.undo(report.id)).report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(picture(world)).toEqual(before);
  });

  it('it works on a paused backlog and on one that only observes', async () => {
    const world = aWorld(wrongWayRound(3));
    const before = picture(world);
    const { report } = await world.round();
    world.settings = { ...world.settings, mode: 'observe' };
    await world.state.pause('shop', { reason: 'person', by: 'bob', since: world.now, until: null });
    pass(world, 60);

    expect((await world.undo(report.id)).report.status).toBe('applied');
    expect(picture(world)).toEqual(before);
  });

  it('its writes are no activity, and no drag', async () => {
    const world = aWorld(wrongWayRound(4));
    const { report } = await world.round();
    pass(world, 60);
    await world.undo(report.id);
    pass(world, 60);

    const { study } = await world.round({ sweep: true });

    const states = [...(study?.pulled.states.values() ?? [])];
    expect(states.map(state => state.clock.at)).toEqual(states.map(() => old));
    expect(states.every(state => state.hold === null && state.rankedByPerson === null)).toBe(true);
    expect(study?.pulled.strangers).toEqual([]);
  });

  it('a drag that only the undo reads holds from then on', async () => {
    const world = aWorld(wrongWayRound(5));
    const { report } = await world.round();
    pass(world, 60);
    world.tracker.edit(ref(1), { order: -9_999_999 }, alice, [aField({ kind: 'rank', field: 'Rank' })]);
    pass(world, 60);
    await world.undo(report.id);
    pass(world, 60);
    await world.state.resume('shop', { at: world.now, by: 'alice' });

    await world.round();

    expect(world.tracker.order()[0]).toBe(ref(1));
  });

  it('an older round is undone around what a later one did', async () => {
    const world = aWorld(wrongWayRound(5));
    const first = await world.round();
    pass(world, 60);
    world.tracker.edit(ref(1), { priority: value({ name: 'Highest', scheme }) }, alice);
    pass(world, 60);
    const second = await world.round();
    expect(second.report.changes.filter(c => c.kind === 'move').map(c => c.ref)).toEqual([ref(1)]);
    pass(world, 60);

    const undone = await world.undo(first.report.id);

    expect(undone.report.status).toBe('applied');
    expect(world.tracker.order()).toEqual([1, 2, 3, 4, 5].map(ref));
  });
});
