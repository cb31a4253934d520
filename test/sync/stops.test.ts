import { describe, expect, it } from 'vitest';
import { RejectedError, TrackerBusyError } from '../../src/errors.ts';
import { itemRef, value, type BacklogItem, type ItemRef } from '../../src/item.ts';
import { approve } from '../../src/sync/approve.ts';
import { aField, anItem, winnow } from '../support/items.ts';
import { aWorld, type World } from '../support/round-world.ts';

const ref = (n: number): ItemRef => itemRef('jira', n);
const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const minute = 60_000;

/** The least important first, none of them stale. */
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

function pass(world: World, minutes: number): void {
  world.now = new Date(world.now.getTime() + minutes * minute);
}

function limited(world: World, over: Partial<World['settings']['limits']>): void {
  world.settings = { ...world.settings, limits: { ...world.settings.limits, ...over } };
}

const grant = (world: World, moves: number | null = null) =>
  approve(world.journal, { backlog: 'shop', moves, by: 'alice', now: world.now });

describe('sync/stops', () => {
  describe('approval', () => {
    it('what waits is moved after it was granted', async () => {
      const world = aWorld(wrongWayRound());
      limited(world, { maxMoves: 1 });
      const first = await world.round();

      const approval = await grant(world);
      pass(world, 15);
      const second = await world.round();

      expect(first.report.status).toBe('needs-approval');
      expect(approval).toMatchObject({ round: first.report.id, moves: 4, by: 'alice' });
      expect(second.report.status).toBe('applied');
      expect(world.tracker.order()).toEqual([5, 4, 3, 2, 1].map(ref));
    });

    it('a larger plan than what was granted waits again', async () => {
      const world = aWorld(wrongWayRound());
      limited(world, { maxMoves: 1 });
      await world.round();
      await grant(world, 3);

      expect((await world.round()).report.status).toBe('needs-approval');
    });

    it('it ends after a day', async () => {
      const world = aWorld(wrongWayRound());
      limited(world, { maxMoves: 1 });
      await world.round();
      await grant(world);
      pass(world, 24 * 60);

      expect((await world.round()).report.status).toBe('needs-approval');
    });

    it('nothing can be granted where nothing waits', async () => {
      const world = aWorld(wrongWayRound());
      await world.round();

      await expect(grant(world)).rejects.toThrow(/No moves of backlog shop wait/);
    });
  });

  describe('pauses', () => {
    it('a paused backlog writes nothing and goes on when resumed', async () => {
      const world = aWorld(wrongWayRound());
      await world.state.pause('shop', { reason: 'person', by: 'alice', since: world.now, until: null });
      const paused = await world.round();
      await world.state.resume('shop', { at: world.now, by: 'alice' });
      const resumed = await world.round();

      expect(paused.report).toMatchObject({ status: 'observed', changes: [] });
      expect(new Set(paused.report.withheld.map(w => w.guard))).toEqual(new Set(['paused']));
      expect(resumed.report.status).toBe('applied');
    });

    it('a pause that comes while a round writes lets the write in hand end, and no other begin', async () => {
      const world = aWorld(wrongWayRound());
      world.tracker.afterWrite = async () => {
        world.tracker.afterWrite = null;
        await world.state.pause('shop', { reason: 'person', by: 'alice', since: world.now, until: null });
      };
      const stopped = await world.round();
      const { report } = await world.round();
      await world.state.resume('shop', { at: world.now, by: 'alice' });
      const resumed = await world.round();

      expect(stopped.report).toMatchObject({ status: 'applied', problems: [], calls: { write: 1 } });
      expect(new Set(stopped.report.withheld.map(w => w.guard))).toEqual(new Set(['paused']));
      expect(stopped.report.outcomes).toEqual({ applied: stopped.report.changes.length, failed: 0 });
      expect(report).toMatchObject({ status: 'observed', changes: [] });
      expect(resumed.report.status).toBe('applied');
      expect(world.tracker.order()).toEqual([5, 4, 3, 2, 1].map(ref));
    });

    it('a pause with an end goes on by itself', async () => {
      const world = aWorld(wrongWayRound());
      const until = new Date(world.now.getTime() + 10 * minute);
      await world.state.pause('shop', { reason: 'person', by: 'alice', since: world.now, until });
      expect((await world.round()).report.status).toBe('observed');
      pass(world, 10);

      expect((await world.round()).report.status).toBe('applied');
    });
  });

  describe('breaker', () => {
    const refuse = (): never => {
      throw new RejectedError('the tracker refuses', { status: 400 });
    };

    it('five rounds that cannot write stop the backlog', async () => {
      const world = aWorld(wrongWayRound());
      world.tracker.beforeWrite = refuse;
      for (let i = 0; i < 5; i++) {
        pass(world, 15);
        expect((await world.round()).report.status).toBe('partial');
      }
      world.tracker.beforeWrite = null;

      expect((await world.round()).report.status).toBe('observed');
      expect(await world.state.pauses('shop', world.now)).toMatchObject([{ reason: 'breaker' }]);
      await world.state.resume('shop', { at: world.now, by: 'alice' });
      pass(world, 15);
      expect((await world.round()).report.status).toBe('applied');
    });

    it('throttling never stops it', async () => {
      const world = aWorld(wrongWayRound());
      world.tracker.beforeWrite = () => {
        throw new TrackerBusyError('slow down');
      };
      for (let i = 0; i < 8; i++) {
        pass(world, 15);
        await world.round();
      }

      expect(await world.state.pauses('shop', world.now)).toEqual([]);
    });
  });

  describe('a second instance', () => {
    const strange = (world: World): void => {
      const fields = [aField({ kind: 'labels', field: 'labels', added: ['winnow-stale'], removed: [] })];
      world.tracker.now = world.now;
      world.tracker.edit(ref(2), { labels: ['winnow-stale'] }, winnow, fields);
    };

    it('the backlog observes until somebody resumes it, and says so every time', async () => {
      const world = aWorld(wrongWayRound());
      await world.round();
      pass(world, 15);
      strange(world);
      for (const sweep of [false, false, true]) {
        pass(world, 15);
        const { report } = await world.round({ sweep });
        expect(report.status).toBe('observed');
        expect(new Set(report.withheld.map(w => w.guard))).toEqual(new Set(['observe']));
        expect(report.problems.map(p => p.message).join()).toMatch(/second Winnow .* winnow resume shop/);
      }
    });

    it('what was seen before a resume is settled, also for a sweep; new signs count anew', async () => {
      const world = aWorld(wrongWayRound());
      await world.round();
      pass(world, 15);
      strange(world);
      await world.round();
      pass(world, 15);
      await world.state.resume('shop', { at: world.now, by: 'alice' });
      pass(world, 15);

      expect((await world.round({ sweep: true })).report.status).toBe('applied');
      pass(world, 15);
      strange(world);
      pass(world, 15);
      expect((await world.round()).report.problems.map(p => p.message).join()).toContain('second Winnow');
    });
  });
});
