import { beforeEach, describe, expect, test } from 'vitest';
import { InternalError } from '../../src/errors.ts';
import { itemRef } from '../../src/item.ts';
import type { Store } from '../../src/store/open-store.ts';
import type { Journal, RoundOpening } from '../../src/sync/ports.ts';
import { aMove, anEffect, aReport, withheld } from './store-values.ts';

const noon = new Date('2026-11-24T12:00:00Z');
const later = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);
const one = itemRef('jira', 1);
const two = itemRef('jira', 2);
let serial = 0;

/** What a journal promises, whatever database holds it. */
export function journalSuite(open: () => Store): void {
  let journal: Journal;
  let at: { connection: string; backlog: string; round: string };

  const opening = (over: Partial<RoundOpening> = {}): RoundOpening => ({
    id: at.round,
    backlog: at.backlog,
    connection: at.connection,
    mode: 'apply',
    startedAt: noon,
    model: 'default',
    modelHash: 'h',
    ...over,
  });

  beforeEach(() => {
    serial++;
    journal = open().journal;
    at = { connection: `c${serial}`, backlog: `b${serial}`, round: `round-${serial}` };
  });

  describe('undoing', () => {
    test('a round is told as it was planned, whether or not it came to its end', async () => {
      await journal.openRound(opening());
      await journal.recordPlan(at.round, { changes: [aMove(1)], withheld: [withheld(aMove(2))], order: [two, one] });
      const { backlog, connection, round: id } = at;
      const told = { id, backlog, connection, mode: 'apply', startedAt: noon, changes: [aMove(1)], order: [two, one] };
      expect(await journal.journaledRound(at.round)).toEqual(told);
      expect(await journal.journaledRound('no such round')).toBeNull();
    });

    test('effects come in the order they were intended, by round or by item', async () => {
      const second = `${at.round}-2`;
      await journal.openRound(opening({ account: 'u-1' }));
      await journal.openRound(opening({ id: second }));
      const [label, rank] = [anEffect(one, { field: 'label', from: null, to: 'winnow-stale' }), anEffect(two)];
      await journal.intend(at.round, { id: 'w0', effects: [label, rank] }, later(1));
      await journal.outcome(at.round, 'w0', [{ ref: one, status: 'applied' }], later(2));
      await journal.intend(second, { id: 'w0', effects: [anEffect(one)] }, later(3));

      const ofRound = await journal.effects({ round: at.round });
      const ofItem = await journal.effects({ connection: at.connection, refs: [one] });

      expect(ofRound.map(e => [e.ref, e.field, e.status])).toEqual([
        [one, 'label', 'applied'],
        [two, rank.field, 'open'],
      ]);
      expect(ofRound[0]).toMatchObject({ key: label.key, from: null, to: 'winnow-stale', account: 'u-1' });
      expect(ofRound[0]).toMatchObject({ intendedAt: later(1), closedAt: later(2) });
      expect(ofItem.map(e => [e.round, e.field])).toEqual([
        [at.round, 'label'],
        [second, rank.field],
      ]);
      expect(await journal.effects({ connection: 'another', refs: [one] })).toEqual([]);
    });
  });

  describe('approvals', () => {
    test('the newest grant of a backlog is the one that counts', async () => {
      const first = { backlog: at.backlog, round: 'r1', moves: 40, by: 'alice', grantedAt: noon, until: later(60) };
      const second = { ...first, round: 'r2', moves: 3, by: 'bob', until: later(90) };
      expect(await journal.newestApproval(at.backlog)).toBeNull();
      await journal.grantApproval(first);
      await journal.grantApproval(second);
      expect(await journal.newestApproval(at.backlog)).toEqual(second);
      expect(await journal.newestApproval('another')).toBeNull();
    });
  });

  describe('rounds', () => {
    test('a closed round is told as it was reported', async () => {
      const report = aReport(at.round, {
        backlog: at.backlog,
        startedAt: noon,
        changes: [aMove(1), aMove(2, { after: one, because: 'it\'s \u0000 "odd" \ud800' })],
        withheld: [withheld(aMove(3))],
        problems: [
          { ref: null, message: 'x' },
          { ref: one, message: 'y' },
        ],
      });
      await journal.openRound(opening());
      await journal.recordPlan(at.round, { changes: report.changes, withheld: report.withheld, order: [two, one] });
      await journal.closeRound(report);
      expect(await journal.rounds({ backlog: at.backlog })).toEqual([report]);
    });

    test('a round under way is not told', async () => {
      await journal.openRound(opening());
      expect(await journal.rounds({ backlog: at.backlog })).toEqual([]);
    });

    test('rounds come newest first, since a time, up to a limit', async () => {
      for (const [n, seconds] of [0, 60, 120].entries()) {
        const id = `${at.round}-${n}`;
        await journal.openRound(opening({ id, startedAt: later(seconds) }));
        await journal.closeRound(aReport(id, { backlog: at.backlog, startedAt: later(seconds) }));
      }
      const ids = async (filter: object): Promise<string[]> =>
        (await journal.rounds({ backlog: at.backlog, ...filter })).map(report => report.id.slice(-1));
      expect(await ids({})).toEqual(['2', '1', '0']);
      expect(await ids({ since: later(60) })).toEqual(['2', '1']);
      expect(await ids({ limit: 1 })).toEqual(['2']);
    });

    test('an item finds its rounds by ref and by key', async () => {
      const plans = { moved: [aMove(11)], other: [aMove(1)] };
      for (const [name, changes] of Object.entries(plans)) {
        const id = `${at.round}-${name}`;
        await journal.openRound(opening({ id }));
        await journal.closeRound(aReport(id, { backlog: at.backlog, changes }));
      }
      for (const item of [itemRef('jira', 11), 'SHOP-11']) {
        const found = await journal.rounds({ backlog: at.backlog, item });
        expect(found.map(report => report.id)).toEqual([`${at.round}-moved`]);
      }
    });

    test('a plan that failed before its report is still found by item', async () => {
      await journal.openRound(opening());
      await journal.recordPlan(at.round, { changes: [], withheld: [withheld(aMove(5))], order: null });
      await journal.closeRound(aReport(at.round, { backlog: at.backlog, status: 'failed' }));
      expect(await journal.rounds({ backlog: at.backlog, item: 'SHOP-5' })).toHaveLength(1);
    });

    test('an abandoned round is closed as failed with its plan', async () => {
      await journal.openRound(opening());
      await journal.recordPlan(at.round, { changes: [aMove(1)], withheld: [], order: [one] });
      await journal.intend(at.round, { id: 'w1', effects: [anEffect(one)] }, noon);
      await journal.outcome(at.round, 'w1', [{ ref: one, status: 'applied' }], later(1));
      await journal.openRound(opening({ id: `${at.round}-next`, startedAt: later(60) }));
      expect(await journal.closeAbandoned(at.backlog, `${at.round}-next`, later(60))).toBe(1);
      expect(await journal.closeAbandoned(at.backlog, `${at.round}-next`, later(61))).toBe(0);
      const [told] = await journal.rounds({ backlog: at.backlog });
      expect(told).toMatchObject({ id: at.round, status: 'failed', changes: [aMove(1)], durationMs: 60_000 });
      expect(told?.outcomes).toEqual({ applied: 1, failed: 0 });
    });
  });

  describe('intents', () => {
    beforeEach(() => journal.openRound(opening()));

    test('an intent stays open until its outcome is told', async () => {
      const effects = [anEffect(one), anEffect(two, { field: 'rank', from: 'a"\\b', to: 'NULL' })];
      await journal.intend(at.round, { id: 'w1', effects }, noon);
      expect(await journal.openIntents(at.backlog)).toEqual(
        effects.map(({ change: _, ...effect }) => ({ round: at.round, write: 'w1', effect, at: noon })),
      );
      await journal.outcome(at.round, 'w1', [{ ref: one, status: 'applied' }], later(1));
      expect((await journal.openIntents(at.backlog)).map(intent => intent.effect.ref)).toEqual([two]);
    });

    test('open intents are those of the backlog, oldest first', async () => {
      await journal.openRound(opening({ id: `${at.round}-o`, backlog: `${at.backlog}-o` }));
      await journal.intend(`${at.round}-o`, { id: 'w1', effects: [anEffect(one)] }, noon);
      await journal.intend(at.round, { id: 'w2', effects: [anEffect(two)] }, later(5));
      await journal.intend(at.round, { id: 'w1', effects: [anEffect(one)] }, later(1));
      expect((await journal.openIntents(at.backlog)).map(intent => intent.write)).toEqual(['w1', 'w2']);
    });

    test('a resolved intent is no longer open', async () => {
      await journal.intend(
        at.round,
        { id: 'w1', effects: [anEffect(one), anEffect(one, { to: 'winnow-prune' })] },
        noon,
      );
      const [first, second] = await journal.openIntents(at.backlog);
      if (first === undefined || second === undefined) throw new Error('two intents expected');
      await journal.resolveIntent(first, true, later(9));
      await journal.resolveIntent(second, false, later(9));
      expect(await journal.openIntents(at.backlog)).toEqual([]);
      const own = (await journal.ownWrites(at.connection, [one])).get(one);
      expect(own?.map(write => [write.to, write.status, write.closedAt])).toEqual([
        ['winnow-stale', 'applied', later(9)],
        ['winnow-prune', 'not-landed', later(9)],
      ]);
    });

    test('own writes are told per item of the connection', async () => {
      await journal.intend(at.round, { id: 'w1', effects: [anEffect(one), anEffect(two)] }, noon);
      const failed = { ref: two, status: 'conflict', problem: 'p' } as const;
      await journal.outcome(at.round, 'w1', [{ ref: one, status: 'applied' }, failed], later(1));
      await journal.intend(
        at.round,
        { id: 'w2', effects: [anEffect(one, { from: 'winnow-stale', to: null })] },
        later(2),
      );
      const label = { field: 'label', from: null, to: 'winnow-stale', intendedAt: noon, closedAt: later(1) };
      const removal = { field: 'label', from: 'winnow-stale', to: null, intendedAt: later(2), closedAt: null };
      const ofOne = [
        { ...label, status: 'applied' },
        { ...removal, status: 'open' },
      ];
      expect(new Map(await journal.ownWrites(at.connection, [one]))).toEqual(new Map([[one, ofOne]]));
      expect((await journal.ownWrites(at.connection, [one, two])).get(two)).toEqual([{ ...label, status: 'conflict' }]);
      expect((await journal.ownWrites('elsewhere', [one, two])).size).toBe(0);
    });

    test('a write counts once per item, and only if made', async () => {
      await journal.intend(at.round, { id: 'w1', effects: [anEffect(one), anEffect(one, { field: 'rank' })] }, noon);
      await journal.intend(at.round, { id: 'w2', effects: [anEffect(one), anEffect(two)] }, later(10));
      await journal.outcome(at.round, 'w2', [{ ref: two, status: 'failed', problem: 'p', repeats: true }], later(11));
      expect(new Map(await journal.writesSince(at.connection, noon, 1))).toEqual(new Map([[one, 2]]));
      expect(new Map(await journal.writesSince(at.connection, later(1), 1))).toEqual(new Map([[one, 1]]));
      expect(new Map(await journal.writesSince(at.connection, noon, 3))).toEqual(new Map());
    });

    test('it covers a connection since its first round', async () => {
      await journal.openRound(opening({ id: `${at.round}-2`, startedAt: later(60) }));
      expect(await journal.coversSince(at.connection)).toEqual(noon);
      expect(await journal.coversSince('never seen')).toBeNull();
    });

    test('a bulk write of 1,000 effects is one intent', async () => {
      const refs = Array.from({ length: 1000 }, (_, i) => itemRef('jira', i));
      await journal.intend(at.round, { id: 'bulk', effects: refs.map(ref => anEffect(ref)) }, noon);
      await journal.outcome(
        at.round,
        'bulk',
        refs.map(ref => ({ ref, status: 'applied' })),
        later(3),
      );
      expect(await journal.openIntents(at.backlog)).toEqual([]);
      expect((await journal.ownWrites(at.connection, refs)).size).toBe(1000);
    });

    test('a write of an unopened round must not be made', async () => {
      const intend = journal.intend('unheard of', { id: 'w1', effects: [anEffect(one)] }, noon);
      await expect(intend).rejects.toThrow(InternalError);
    });
  });
}
