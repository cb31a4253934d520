import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliveriesOf, webhookFinding, type DeliveriesKnown } from '../../src/cli/webhook-findings.ts';
import { silentLog } from '../../src/log.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const now = new Date('2026-11-24T12:00:00Z');
const ago = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const quiet = { announced: 0, missed: 0 };
const some = { announced: 9, missed: 1 };
const unheard: DeliveriesKnown = { newest: null, missedSince: 0, week: quiet, refused: null };
const refused = { count: 3, since: ago(5), lastAt: ago(2), problem: 'it does not fit' };

describe('cli/webhook-findings', () => {
  test.each<[string, Partial<DeliveriesKnown>, string, string]>([
    [
      'nothing was ever heard, and nothing was to be heard',
      { newest: null, missedSince: 0, week: quiet },
      'note',
      'no delivery has come yet',
    ],
    [
      'nothing was ever heard, although people changed things',
      { newest: null, missedSince: 4, week: quiet },
      'problem',
      'no delivery has ever come although 4 changes were found',
    ],
    [
      'silence of three days with changes',
      { newest: ago(80), missedSince: 7, week: some },
      'problem',
      'no delivery for 3 days although 7 changes were found',
    ],
    [
      'silence of a day with one change',
      { newest: ago(24), missedSince: 1, week: some },
      'problem',
      'no delivery for a day although 1 change was found',
    ],
    [
      'silence of three days without changes',
      { newest: ago(80), missedSince: 0, week: quiet },
      'ok',
      'the last delivery came at 2026-11-21T04:00:00.000Z',
    ],
    [
      'a delivery today, and one that was missed',
      { newest: ago(2), missedSince: 1, week: some },
      'note',
      'of 10 changes in a week 1 were not announced',
    ],
    [
      'a delivery today, and none missed',
      { newest: ago(2), missedSince: 0, week: { announced: 9, missed: 0 } },
      'ok',
      'the last delivery came at',
    ],
    [
      'refused since the last good one',
      { newest: ago(50), refused },
      'problem',
      '3 deliveries were refused since 2026-11-24T07:00:00.000Z, the last at 2026-11-24T10:00:00.000Z: it does not fit',
    ],
    [
      'refused, and none was ever good',
      { refused: { ...refused, count: 1 } },
      'problem',
      'a delivery was refused, the',
    ],
    ['a good one since the last that was refused', { newest: ago(1), refused }, 'ok', 'the last delivery came at'],
    ['refused long ago', { refused: { ...refused, lastAt: ago(24 * 7) } }, 'note', 'no delivery has come yet'],
  ])('%s', (_what, over, status, text) => {
    const known = { ...unheard, ...over };
    const finding = webhookFinding({ name: 'acme', webhook: { secrets: ['hush'] } }, known, now);

    expect(finding.status).toBe(status);
    expect(finding.text).toContain(text);
    expect(finding.todo === '').toBe(status === 'ok');
    expect(JSON.stringify(finding)).not.toContain('hush');
  });

  test('a connection without webhook says what would bring one', () => {
    const finding = webhookFinding({ name: 'acme', webhook: null }, unheard, now);

    expect(finding).toMatchObject({
      status: 'note',
      todo: expect.stringContaining('connections.acme.webhook') as string,
    });
  });

  describe('with a store', () => {
    let store: Store;
    beforeAll(async () => {
      store = await openStore({ dataDir: null, databaseUrl: null, clock: { now: () => now }, log: silentLog });
    });
    afterAll(() => store.close());

    test('what was missed is counted from the last delivery on', async () => {
      const { inbox, hearings } = store;
      const plain = { refs: [], sprints: [], candidates: [], moved: false };
      const deliveries = [100, 50].map(minutes => ({ ...plain, id: `d${minutes}`, at: ago(minutes) }));
      await inbox.note({ connection: 'acme', backlogs: [], deliveries });
      const noted = { backlog: 'shop', connection: 'acme' };
      await hearings.note({ ...noted, round: 'r1', at: ago(90), announced: 2, missed: 1 });
      await hearings.note({ ...noted, round: 'r2', at: ago(40), announced: 0, missed: 5 });
      await hearings.note({ ...noted, round: 'r3', at: ago(40), connection: 'other', announced: 0, missed: 9 });

      expect(await deliveriesOf(store, 'acme', now)).toEqual({
        newest: ago(50),
        missedSince: 5,
        week: { announced: 2, missed: 6 },
        refused: null,
      });
    });
  });
});
