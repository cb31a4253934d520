import { beforeEach, describe, expect, test } from 'vitest';
import { itemRef } from '../../src/item.ts';
import type { Store } from '../../src/store/open-store.ts';
import type { Journal, RoundOpening } from '../../src/sync/ports.ts';
import { aMove, anEffect, aReport } from './store-values.ts';

const noon = new Date('2026-11-24T12:00:00Z');
const later = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);
const one = itemRef('jira', 1);
let serial = 0;

/** Who wrote what, what the journal vouches for, and what it forgets: whatever database holds it. */
export function auditSuite(open: () => Store): void {
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
  const aRound = async (id: string, startedAt: Date, over: Partial<RoundOpening> = {}): Promise<void> => {
    await journal.openRound(opening({ id, startedAt, ...over }));
    await journal.intend(id, { id: 'w1', effects: [anEffect(one)] }, startedAt);
    await journal.outcome(id, 'w1', [{ ref: one, status: 'applied' }], startedAt);
    await journal.closeRound(aReport(id, { backlog: at.backlog, startedAt, changes: [aMove(1)] }));
  };
  const ids = async (): Promise<string[]> => (await journal.rounds({ backlog: at.backlog })).map(round => round.id);

  beforeEach(() => {
    serial++;
    journal = open().journal;
    at = { connection: `ac${serial}`, backlog: `ab${serial}`, round: `audited-${serial}` };
  });

  describe('audit', () => {
    test('a round tells its model, plan and account', async () => {
      await aRound(at.round, noon, { account: 'u-1' });

      const audit = (await journal.auditOf([at.round, 'unknown'])).get(at.round);

      expect(audit).toMatchObject({ connection: at.connection, model: 'default', modelHash: 'h', account: 'u-1' });
      expect(audit?.plan).toMatch(/^[0-9a-f]{64}$/);
    });

    test('rounds that only answered a question are told with it, and can be left out', async () => {
      const purposes = [undefined, 'run', 'plan', 'explain', 'check'] as const;
      for (const [i, purpose] of purposes.entries()) {
        const [id, startedAt] = [`${at.round}-${i}`, later(i)];
        await journal.openRound(opening({ id, startedAt }));
        const asked = purpose === undefined ? {} : { purpose };
        await journal.closeRound(aReport(id, { backlog: at.backlog, startedAt, ...asked }));
      }

      const told = async (runsOnly: boolean): Promise<unknown[]> =>
        (await journal.rounds({ backlog: at.backlog, runsOnly })).map(({ purpose }) => purpose);
      expect(await told(false)).toEqual(['check', 'explain', 'plan', 'run', undefined]);
      expect(await told(true)).toEqual(['run', undefined]);
    });

    test('the writes of an item are told by ref and by key', async () => {
      await aRound(at.round, noon);

      for (const name of [one, `K-${one}`]) {
        const [write] = await journal.effects({ item: name, rounds: [at.round] });
        expect(write).toMatchObject({
          round: at.round,
          ref: one,
          field: 'label',
          to: 'winnow-stale',
          status: 'applied',
        });
      }
      expect(await journal.effects({ item: one, rounds: ['another'] })).toEqual([]);
    });

    test('an item that only made room for others finds its round', async () => {
      const two = itemRef('jira', 20 + serial);
      await journal.openRound(opening());
      await journal.intend(at.round, { id: 'w1', effects: [anEffect(two, { field: 'rank' })] }, noon);
      await journal.closeRound(aReport(at.round, { backlog: at.backlog }));

      expect(await journal.rounds({ backlog: at.backlog, item: two })).toHaveLength(1);
    });
  });

  describe('what the journal vouches for', () => {
    test('connections of one site share own writes and their start, accounts included', async () => {
      const other = `${at.connection}-other`;
      await aRound(at.round, noon, { site: `https://${at.connection}`, account: 'u-1' });
      await journal.openRound(
        opening({ id: `${at.round}-2`, connection: other, site: `https://${at.connection}`, startedAt: later(60) }),
      );

      const [write] = (await journal.ownWrites(other, [one])).get(one) ?? [];

      expect(write).toMatchObject({ to: 'winnow-stale', account: 'u-1' });
      expect(await journal.coversSince(other)).toEqual(noon);
    });

    test('a lost time reaches from the round before to the round after', async () => {
      for (const [n, seconds] of [0, 1_000, 9_000].entries()) await aRound(`${at.round}-${n}`, later(seconds));

      const lost = { at: later(5_000), now: later(20_000), toleranceMs: 120_000 };
      expect(await journal.noteLost(at.backlog, lost)).toEqual({ from: later(1_000), to: later(9_000) });
      await journal.noteLost(at.backlog, lost);
      await journal.noteLost(at.backlog, { ...lost, at: later(12_000) });

      expect(await journal.lostSpans(at.backlog)).toEqual([
        { from: later(1_000), to: later(9_000) },
        { from: later(9_000), to: later(20_000) },
      ]);
      expect(await journal.lostSpans('another')).toEqual([]);
    });
  });

  describe('forgetting', () => {
    test('old rounds go with their writes, and the journal covers no earlier time', async () => {
      await aRound(`${at.round}-old`, later(-1_000));
      await aRound(`${at.round}-new`, later(1_000));

      await journal.prune(noon, later(2_000));

      expect(await ids()).toEqual([`${at.round}-new`]);
      expect((await journal.ownWrites(at.connection, [one])).get(one)).toHaveLength(1);
      expect(await journal.coversSince(at.connection)).toEqual(later(1_000));
      expect(await journal.prune(noon, later(2_000))).toEqual({ rounds: 0, writes: 0 });
    });

    test('a round kept for its open write does not stretch what is covered', async () => {
      await journal.openRound(opening({ startedAt: later(-1_000) }));
      await journal.intend(at.round, { id: 'w1', effects: [anEffect(one)] }, later(-1_000));
      await journal.closeRound(aReport(at.round, { backlog: at.backlog, startedAt: later(-1_000) }));
      await aRound(`${at.round}-gone`, later(-900));

      await journal.prune(noon, later(2_000));

      expect(await ids()).toEqual([at.round]);
      expect(await journal.openIntents(at.backlog)).toHaveLength(1);
      expect(await journal.coversSince(at.connection)).toEqual(noon);
    });

    test('a round that an approval names stays while the approval runs', async () => {
      await aRound(at.round, later(-1_000));
      const grant = { backlog: at.backlog, round: at.round, moves: 3, by: 'alice', grantedAt: noon, until: later(60) };
      await journal.grantApproval(grant);

      await journal.prune(noon, later(30));
      expect(await ids()).toEqual([at.round]);
      await journal.prune(noon, later(90));
      expect(await ids()).toEqual([]);
    });

    test('nothing goes while an undo is under way', async () => {
      await aRound(at.round, later(-1_000));
      await journal.openRound(opening({ id: `${at.round}-undo`, mode: 'undo', startedAt: later(10) }));

      await journal.prune(noon, later(30));

      expect(await ids()).toEqual([at.round]);
      await journal.closeRound(
        aReport(`${at.round}-undo`, { backlog: at.backlog, mode: 'undo', startedAt: later(10) }),
      );
    });
  });
}
