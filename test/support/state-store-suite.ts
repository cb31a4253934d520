import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemRef } from '../../src/item.ts';
import type { Pause, StateStore } from '../../src/sync/ports.ts';
import type { Store } from '../../src/store/open-store.ts';
import { aMeta, anyMeta, anyState, aState } from './store-values.ts';

const noon = new Date('2026-11-24T12:00:00Z');
const later = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);
let serial = 0;
const fresh = (): string => `backlog ${++serial}`;

/** What a state store promises, whatever database holds it. */
export function stateStoreSuite(open: () => Store): void {
  const state = (): StateStore => open().state;

  describe('snapshots', () => {
    test('an unknown backlog has none', async () => {
      expect(await state().load(fresh())).toBeNull();
    });

    test('everything saved is loaded back equal', async () => {
      const states = fc
        .integer({ min: 0, max: 6 })
        .chain(n => fc.tuple(...Array.from({ length: n }, (_, i) => anyState(i))));
      await fc.assert(
        fc.asyncProperty(states, anyMeta, async (put, meta) => {
          const backlog = fresh();
          await state().save(backlog, { meta, put, drop: [] });
          const loaded = await state().load(backlog);
          expect(loaded?.meta).toEqual(meta);
          expect([...(loaded?.items ?? [])]).toEqual(expect.arrayContaining(put.map(one => [one.item.ref, one])));
          expect(loaded?.items.size).toBe(put.length);
        }),
        { numRuns: 25 },
      );
    });

    test('a delta replaces, adds and drops, and leaves the rest', async () => {
      const backlog = fresh();
      await state().save(backlog, { meta: aMeta(), put: [aState(1), aState(2), aState(3)], drop: [] });
      const changed = aState(2, { personAt: noon });
      await state().save(backlog, {
        meta: aMeta({ cursor: 7 }),
        put: [changed, aState(4)],
        drop: [itemRef('jira', 3)],
      });
      const loaded = await state().load(backlog);
      expect(loaded?.meta.cursor).toBe(7);
      expect(new Map(loaded?.items)).toEqual(new Map([aState(1), changed, aState(4)].map(one => [one.item.ref, one])));
    });

    test('a dropped item may return', async () => {
      const backlog = fresh();
      const ref = itemRef('jira', 1);
      await state().save(backlog, { meta: aMeta(), put: [aState(1)], drop: [] });
      await state().save(backlog, { meta: aMeta(), put: [], drop: [ref] });
      expect((await state().load(backlog))?.items.size).toBe(0);
      await state().save(backlog, { meta: aMeta(), put: [aState(1)], drop: [] });
      expect((await state().load(backlog))?.items.get(ref)).toEqual(aState(1));
    });

    test('2,500 items survive their chunks', async () => {
      const backlog = fresh();
      const put = Array.from({ length: 2500 }, (_, i) => aState(i));
      await state().save(backlog, { meta: aMeta(), put, drop: [] });
      const loaded = await state().load(backlog);
      expect(loaded?.items.size).toBe(2500);
      expect(loaded?.items.get(itemRef('jira', 1777))).toEqual(aState(1777));
    });

    test('a first save without its last row counts as none', async () => {
      const backlog = fresh();
      await leaveHalfSaved(open(), backlog, 1);
      expect(await state().load(backlog)).toBeNull();
    });

    test('a save that was cut off leaves the older one whole', async () => {
      const backlog = fresh();
      await state().save(backlog, { meta: aMeta({ cursor: 'old' }), put: [aState(1), aState(2)], drop: [] });
      await leaveHalfSaved(open(), backlog, 2);
      const loaded = await state().load(backlog);
      expect(loaded?.meta.cursor).toBe('old');
      expect(loaded?.items.get(itemRef('jira', 1))).toEqual(aState(1));
      expect(loaded?.items.size).toBe(2);
    });

    test('what a cut-off save left is not mixed into the next', async () => {
      const backlog = fresh();
      await state().save(backlog, { meta: aMeta(), put: [aState(1), aState(2)], drop: [] });
      await leaveHalfSaved(open(), backlog, 2);
      await state().save(backlog, { meta: aMeta({ cursor: 'new' }), put: [aState(2, { personAt: noon })], drop: [] });
      const loaded = await state().load(backlog);
      expect(loaded?.items.get(itemRef('jira', 1))).toEqual(aState(1));
      expect(loaded?.items.get(itemRef('jira', 2))?.personAt).toEqual(noon);
      expect(loaded?.items.size).toBe(2);
    });

    test('a dropped backlog is forgotten', async () => {
      const backlog = fresh();
      await state().save(backlog, { meta: aMeta(), put: [aState(1)], drop: [] });
      await state().drop(backlog);
      expect(await state().load(backlog)).toBeNull();
      await state().save(backlog, { meta: aMeta(), put: [], drop: [] });
      expect((await state().load(backlog))?.items.size).toBe(0);
    });
  });

  describe('holders', () => {
    test('names other backlogs of the connection that hold an item now', async () => {
      const [mine, other, elsewhere] = [fresh(), fresh(), fresh()];
      const connection = fresh();
      const opening = { mode: 'apply' as const, startedAt: noon, model: 'default', modelHash: 'h' };
      const owners = [
        { backlog: mine, connection },
        { backlog: other, connection },
        { backlog: elsewhere, connection: fresh() },
      ];
      for (const owner of owners) await open().journal.openRound({ id: fresh(), ...owner, ...opening });
      for (const backlog of [mine, other, elsewhere]) {
        await state().save(backlog, { meta: aMeta(), put: [aState(9001), aState(9002), aState(9003)], drop: [] });
      }
      await state().save(other, { meta: aMeta(), put: [], drop: [itemRef('jira', 9002)] });
      const held = await state().holders(connection, mine, [itemRef('jira', 9001), itemRef('jira', 9002)]);
      expect([...held]).toEqual([[itemRef('jira', 9001), other]]);
    });
  });

  describe('small memories', () => {
    test('a quarantined item is listed with its newest revision', async () => {
      const backlog = fresh();
      const entry = { ref: itemRef('jira', 1), version: '3', problem: 'rule says no', since: noon };
      await state().quarantine(backlog, entry);
      await state().quarantine(backlog, { ...entry, version: '4' });
      expect(await state().quarantined(backlog)).toEqual([{ ...entry, version: '4' }]);
    });

    test('metadata is kept until it expires', async () => {
      let now = noon;
      const cache = state().metadata(fresh(), () => now);
      await cache.put('fields', { list: [1, null, 'two'] }, 60);
      expect(await cache.get('fields')).toEqual({ list: [1, null, 'two'] });
      expect(await cache.get('boards')).toBeUndefined();
      now = later(60);
      expect(await cache.get('fields')).toBeUndefined();
      await cache.put('fields', 'fresh', 60);
      expect(await cache.get('fields')).toBe('fresh');
    });

    test('a pause ends at its time or by a word', async () => {
      const backlog = fresh();
      const pause: Pause = { reason: 'person', by: 'alice', since: noon, until: later(60) };
      expect(await state().pauses(backlog, noon)).toEqual([]);
      await state().pause(backlog, pause);
      expect(await state().pauses(backlog, noon)).toEqual([pause]);
      expect(await state().pauses(backlog, later(60))).toEqual([]);
      await state().pause(backlog, { ...pause, since: later(90), until: null });
      expect(await state().pauses(backlog, later(9999))).toEqual([{ ...pause, since: later(90), until: null }]);
      expect(await state().resumedAt(backlog)).toBeNull();
      expect(await state().resume(backlog, { at: later(100), by: 'bob' })).toHaveLength(1);
      expect(await state().pauses(backlog, noon)).toEqual([]);
      expect(await state().resumedAt(backlog)).toEqual(later(100));
    });

    test('pauses of several reasons run beside each other and end together', async () => {
      const backlog = fresh();
      const breaker: Pause = { reason: 'breaker', by: 'it failed', since: noon, until: null };
      const person: Pause = { reason: 'person', by: 'alice', since: later(5), until: later(60) };
      await state().pause(backlog, person);
      await state().pause(backlog, breaker);
      await state().pause(backlog, { ...breaker, by: 'it failed again', since: later(9) });
      const both = [{ ...breaker, by: 'it failed again' }, person];
      expect(await state().pauses(backlog, later(10))).toEqual(both);
      expect(await state().resume(backlog, { at: later(70), by: 'bob' })).toEqual([both[0]]);
      expect(await state().resume(backlog, { at: later(71), by: 'bob' })).toEqual([]);
    });

    test('what was told about a backlog is kept as it was', async () => {
      const backlog = fresh();
      expect(await state().told(backlog)).toBeNull();
      await state().keepTold(backlog, { approval: 'r1' });
      await state().keepTold(backlog, { approval: 'r2', failing: null });
      expect(await state().told(backlog)).toEqual({ approval: 'r2', failing: null });
    });

    test('a lease has one holder until it ends', async () => {
      const backlog = fresh();
      const { leases } = open();
      const minute = 60_000;
      await leases.take(backlog, { holder: 'a', forMs: minute });
      await expect(leases.take(backlog, { holder: 'b', forMs: minute })).rejects.toThrow(/\(a\), until/);
      await leases.take(backlog, { holder: 'a', forMs: -1 });
      expect((await leases.held()).filter(lease => lease.backlog === backlog)).toEqual([]);
      await leases.take(backlog, { holder: 'b', forMs: minute });
      await leases.giveBack(backlog, 'a');
      await expect(leases.take(backlog, { holder: 'a', forMs: minute })).rejects.toThrow(/\(b\)/);
      expect((await leases.held()).map(lease => [lease.backlog, lease.holder])).toContainEqual([backlog, 'b']);
      await leases.giveBack(backlog, 'b');
      await leases.take(backlog, { holder: 'a', forMs: minute });
      await leases.giveBack(backlog, 'a');
    });

    test('the last good round of each kind is remembered, never an older one', async () => {
      const backlog = fresh();
      const { lastRounds } = open();
      const at = (minutes: number): { beganAt: Date; now: Date } => ({ beganAt: later(minutes), now: later(90) });
      expect((await lastRounds.all()).get(backlog)).toBeUndefined();
      await lastRounds.note(backlog, 'round', at(60));
      expect((await lastRounds.all()).get(backlog)).toEqual({ round: later(60) });
      await lastRounds.note(backlog, 'sweep', at(30));
      expect((await lastRounds.all()).get(backlog)).toEqual({ round: later(60), sweep: later(30) });
      await lastRounds.note(backlog, 'sweep', at(90));
      expect((await lastRounds.all()).get(backlog)).toEqual({ round: later(90), sweep: later(90) });
    });

    test('a last round of the future gives way: the clock was set back', async () => {
      const backlog = fresh();
      const { lastRounds } = open();
      await lastRounds.note(backlog, 'sweep', { beganAt: later(7200), now: later(7200) });
      await lastRounds.note(backlog, 'round', { beganAt: later(6990), now: later(7000) });
      expect((await lastRounds.all()).get(backlog)?.round).toEqual(later(7200));
      await lastRounds.note(backlog, 'round', { beganAt: later(1), now: later(2) });
      expect((await lastRounds.all()).get(backlog)).toEqual({ round: later(1), sweep: later(7200) });
    });

    test('a touched item noted again during a round is kept', async () => {
      const backlog = fresh();
      const [one, two] = [itemRef('jira', 1), itemRef('jira', 2)];
      await open().touched.note(backlog, [one, two, one]);
      const { refs, mark } = await open().touched.pending(backlog);
      expect(new Set(refs)).toEqual(new Set([one, two]));
      await open().touched.note(backlog, [two]);
      await open().touched.forget(backlog, mark);
      expect((await open().touched.pending(backlog)).refs).toEqual([two]);
    });
  });
}

/** What a crash between a save's rows and its last row leaves behind. */
async function leaveHalfSaved(store: Store, backlog: string, saveNo: number): Promise<void> {
  const rows = [
    [itemRef('jira', 1), JSON.stringify(aState(1, { personAt: noon }))],
    [itemRef('jira', 2), null],
    [itemRef('jira', 3), JSON.stringify(aState(3))],
  ];
  for (const [ref, doc] of rows) {
    await store.pool.query('insert into winnow.item (backlog, ref, save_no, doc) values ($1, $2, $3, $4)', [
      backlog,
      ref,
      saveNo,
      doc,
    ]);
  }
}
