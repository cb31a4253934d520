import { describe, expect, it } from 'vitest';
import { absent, itemRef, unreadable, value, type BacklogItem, type ItemRef } from '../../src/item.ts';
import { aField, alice, anItem } from '../support/items.ts';
import { lostAnswer } from '../support/in-memory-tracker.ts';
import { aWorld, type World } from '../support/round-world.ts';

const ref = (n: number): ItemRef => itemRef('jira', n);
const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

/** Items in the wrong order: the least important first; recently touched, so that nobody is stale. */
function wrongWayRound(count = 5): BacklogItem[] {
  return Array.from({ length: count }, (_, i) =>
    anItem({
      id: i + 1,
      order: (i + 1) * 1_000,
      priority: value({ name: scheme[4 - (i % 5)] ?? 'Medium', scheme }),
      createdAt: new Date('2026-05-25T00:00:00Z'),
      changedAt: new Date('2026-05-25T00:00:00Z'),
    }),
  );
}

const moved = async (world: World) => {
  const { report } = await world.round();
  return report.changes.filter(c => c.kind === 'move').map(c => c.key);
};

describe('sync/reconcile', () => {
  it('the first round brings the wanted order, the second writes nothing', async () => {
    const world = aWorld(wrongWayRound());

    const first = await world.round();
    const second = await world.round();

    expect(first.report).toMatchObject({ status: 'applied', items: 5, eligible: 5, scored: 5 });
    expect(world.tracker.order()).toEqual([5, 4, 3, 2, 1].map(ref));
    expect(second.report).toMatchObject({
      status: 'nothing-to-do',
      changes: [],
      calls: { write: first.report.calls.write },
    });
  });

  it('an observed round writes nothing and keeps what it would do', async () => {
    const world = aWorld(wrongWayRound());
    world.settings = { ...world.settings, mode: 'observe' };

    const { report } = await world.round();

    expect(report.status).toBe('observed');
    expect(report.changes).toEqual([]);
    expect(report.withheld.every(w => w.guard === 'observe')).toBe(true);
    expect(report.withheld.length).toBeGreaterThan(0);
    expect(world.tracker.calls.write).toBe(0);
  });

  it('planning writes nothing and shows what would be done', async () => {
    const world = aWorld(wrongWayRound());

    const { report } = await world.round({ purpose: 'plan' });

    expect(report.status).toBe('planned');
    expect(report.changes.length).toBeGreaterThan(0);
    expect(world.tracker.calls.write).toBe(0);
  });

  it('a raised priority moves that item only', async () => {
    const world = aWorld(wrongWayRound());
    await world.round();
    world.now = new Date('2026-06-01T12:00:00Z');
    world.tracker.edit(ref(1), { priority: value({ name: 'Highest', scheme }) }, alice);
    world.now = new Date('2026-06-01T13:00:00Z');

    expect(await moved(world)).toEqual(['SHOP-1']);
  });

  it('an item that somebody edits waits, and moves later', async () => {
    const world = aWorld(wrongWayRound());
    await world.round();
    world.now = new Date('2026-06-01T12:00:00Z');
    world.tracker.now = world.now;
    world.tracker.edit(ref(1), { priority: value({ name: 'Highest', scheme }) }, alice);
    world.now = new Date('2026-06-01T12:05:00Z');

    const quiet = await world.round();
    expect(quiet.report.changes).toEqual([]);
    expect(quiet.report.withheld.map(w => [w.key, w.guard])).toEqual([['SHOP-1', 'quiet']]);

    world.now = new Date('2026-06-01T12:15:00Z');
    expect(await moved(world)).toEqual(['SHOP-1']);
  });

  it('an item that waits in the middle is flowed around in one go', async () => {
    const world = aWorld(wrongWayRound());
    world.tracker.now = world.now;
    world.tracker.edit(ref(3), {}, alice);
    world.tracker.edit(ref(1), {}, alice);
    world.now = new Date(world.now.getTime() + 60_000);

    const first = await world.round();
    const second = await world.round();

    expect(world.tracker.order()).toEqual([1, 5, 3, 4, 2].map(ref));
    expect(first.report.changes.map(c => c.key)).not.toContain('SHOP-3');
    expect(first.report.withheld.map(w => [w.key, w.guard])).toEqual([['SHOP-1', 'quiet']]);
    expect(second.report.changes).toEqual([]);
  });

  it('an idle item is labelled, an edit takes the label off', async () => {
    const old = new Date('2026-01-01T00:00:00Z');
    const world = aWorld([anItem({ order: 1, createdAt: old, changedAt: old })]);
    const first = await world.round();
    expect(first.report.changes.map(c => [c.kind, c.to])).toEqual([['label-add', 'winnow-stale']]);

    world.now = new Date('2026-06-02T10:00:00Z');
    world.tracker.now = world.now;
    world.tracker.edit(ref(1), {}, alice);
    world.now = new Date('2026-06-02T11:00:00Z');
    const second = await world.round();

    expect(second.report.changes.map(c => [c.kind, c.from])).toEqual([['label-remove', 'winnow-stale']]);
    expect((await world.round()).report.changes).toEqual([]);
  });

  it('an unreadable estimate is told and flagged, never zero', async () => {
    const world = aWorld([anItem({ order: 1, effort: unreadable('-1', '-1 is not an estimate') })]);
    const { report } = await world.round({ purpose: 'plan' });

    expect(report.changes.map(c => c.to)).toContain('winnow-needs-estimate');
    expect(report.problems.some(p => p.ref === ref(1))).toBe(true);
  });

  it('a lost answer is read back, not repeated', async () => {
    const world = aWorld(wrongWayRound(3));
    let lost = 0;
    world.tracker.afterWrite = () => {
      if (lost++ === 0) lostAnswer();
    };

    const { report } = await world.round();

    expect(report.status).toBe('applied');
    expect(report.outcomes.failed).toBe(0);
    expect(world.journal.intents.filter(i => i.status !== 'applied')).toEqual([]);
  });

  it('a write that never arrived is reported and planned again', async () => {
    const world = aWorld(wrongWayRound(3));
    world.tracker.beforeWrite = lostAnswer;
    const { report } = await world.round();
    expect(report.status).toBe('partial');

    world.tracker.beforeWrite = null;
    expect((await world.round()).report.status).toBe('applied');
    expect(world.tracker.order()).toEqual([3, 2, 1].map(ref));
  });

  it('a round cut off in the middle is finished by the next', async () => {
    const world = aWorld(wrongWayRound(6));
    const writes: number[] = [];
    world.tracker.afterWrite = () => {
      writes.push(1);
      if (writes.length === 2) throw new Error('killed');
    };
    await world.round();
    expect(world.journal.intents.some(i => i.status !== 'applied')).toBe(true);
    world.tracker.afterWrite = null;

    const { report } = await world.round();

    expect(report.outcomes.failed).toBe(0);
    expect((await world.round()).report.changes).toEqual([]);
    expect(world.journal.intents.every(i => i.status !== 'open')).toBe(true);
  });

  it('a pinned item keeps its place through a round that dies between two moves', async () => {
    const items = wrongWayRound(6).map(item => (item.ref === ref(2) ? { ...item, labels: ['winnow-pin'] } : item));
    const undisturbed = aWorld(items);
    await undisturbed.round();
    const world = aWorld(items);
    const died = Promise.withResolvers<void>();
    world.tracker.afterWrite = () => {
      died.resolve();
      // A killed process never comes back from its write.
      return new Promise<void>(() => undefined);
    };
    void world.round();
    await died.promise;
    world.tracker.afterWrite = null;

    await world.round();

    expect(world.tracker.order().indexOf(ref(2))).toBe(1);
    expect(world.tracker.order()).toEqual(undisturbed.tracker.order());
    expect((await world.round()).report.changes).toEqual([]);
  });

  it('a read that misses items without proof fails and writes nothing', async () => {
    const world = aWorld(wrongWayRound(10));
    await world.round();
    const before = world.tracker.calls.write;
    for (const n of [1, 2, 3]) world.tracker.hidden.add(ref(n));

    const { report, error } = await world.round({ sweep: true });

    expect(report.status).toBe('failed');
    expect(error?.name).toBe('ShortReadError');
    expect(world.tracker.calls.write).toBe(before);
  });

  it('many deleted items are believed once confirmed gone', async () => {
    const world = aWorld(wrongWayRound(10));
    await world.round();
    for (const n of [1, 2, 3]) world.tracker.items.delete(ref(n));

    expect((await world.round({ sweep: true })).report).toMatchObject({ status: 'nothing-to-do', items: 7 });
  });

  it('too many moves wait for approval, labels do not', async () => {
    const world = aWorld([...wrongWayRound(5), anItem({ id: 9, order: 9_000, effort: absent })]);
    world.settings = { ...world.settings, limits: { ...world.settings.limits, maxMoves: 1 } };

    const { report } = await world.round();

    expect(report.status).toBe('needs-approval');
    expect(report.withheld.every(w => w.guard === 'needs-approval' && w.kind === 'move')).toBe(true);
    expect(report.changes.some(c => c.kind === 'label-add')).toBe(true);
  });

  it('a pinned item stays where it is', async () => {
    const items = wrongWayRound(5).map((item, i) => (i === 0 ? { ...item, labels: ['winnow-pin'] } : item));
    const world = aWorld(items);

    await world.round();

    expect(world.tracker.order()).toEqual([1, 5, 4, 3, 2].map(ref));
  });

  it('a drag against the bands holds for its days, then gives way', async () => {
    const world = aWorld(wrongWayRound(5));
    await world.round();
    world.now = new Date('2026-06-02T10:00:00Z');
    world.tracker.now = world.now;
    world.tracker.edit(ref(1), { order: -9_999_999 }, alice, [aField({ kind: 'rank', field: 'Rank' })]);
    world.now = new Date('2026-06-02T11:00:00Z');
    expect(await moved(world)).toEqual([]);
    expect(world.tracker.order()[0]).toBe(ref(1));

    world.now = new Date('2026-06-17T11:00:00Z');
    expect(await moved(world)).toEqual(['SHOP-1']);
  });

  it('a shared item fails the second backlog that writes', async () => {
    const world = aWorld(wrongWayRound(3));
    await world.round();
    world.settings = { ...world.settings, name: 'second' };

    const { report } = await world.round({ otherWriters: ['shop'] });

    expect(report.status).toBe('failed');
    expect(report.problems[0]?.message).toContain('SHOP-1 (also in shop)');
  });

  it('an item that has just moved over from another backlog is no shared one, until that one has seen it', async () => {
    const world = aWorld(wrongWayRound(3));
    await world.round();
    for (const id of [1, 2, 3]) world.tracker.edit(ref(id), { title: 'Moved over' }, alice);
    world.now = new Date('2026-06-01T12:00:00Z');
    const first = world.settings;
    world.settings = { ...first, name: 'second' };
    const taken = await world.round({ otherWriters: ['shop'] });
    world.settings = first;
    const fought = await world.round({ otherWriters: ['second'] });

    expect(taken.report.status).not.toBe('failed');
    expect(fought.report).toMatchObject({ status: 'failed', calls: { write: taken.report.calls.write } });
  });
});
