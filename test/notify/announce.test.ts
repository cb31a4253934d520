import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { announce } from '../../src/notify/announce.ts';
import type { Notice } from '../../src/notify/notice.ts';
import type { RoundReport } from '../../src/sync/ports.ts';
import { createInMemoryJournal, createInMemoryState } from '../support/in-memory-store.ts';
import { aMove, aReport, withheld } from '../support/store-values.ts';

const now = new Date('2026-11-24T12:00:00Z');
const waiting = aReport('r1', {
  backlog: 'shop',
  status: 'needs-approval',
  withheld: [{ ...withheld(aMove(1)), guard: 'needs-approval' }],
});

/** People who listen, or do not. */
function anAudience() {
  const sent: string[] = [];
  const audience = { takes: true, sent };
  const send = async (notice: Notice): Promise<boolean> => {
    if (audience.takes) sent.push(notice.topic);
    return audience.takes;
  };
  const journal = createInMemoryJournal();
  const state = createInMemoryState();
  const ended = async (report: RoundReport, error: Error | null = null): Promise<void> => {
    await journal.closeRound(report);
    await announce({ report, error }, { notifier: { listens: true, send }, state, journal, log: silentLog, now });
  };
  return Object.assign(audience, { ended, state });
}

describe('notify/announce', () => {
  it('the same state is told once over many rounds', async () => {
    const audience = anAudience();
    for (let i = 0; i < 5; i++) await audience.ended({ ...waiting, id: `r${i}` });

    expect(audience.sent).toEqual(['approval']);
  });

  it('what nobody took is told after the next round', async () => {
    const audience = anAudience();
    audience.takes = false;
    await audience.ended(waiting);
    audience.takes = true;
    await audience.ended({ ...waiting, id: 'r2' });
    await audience.ended({ ...waiting, id: 'r3' });

    expect(audience.sent).toEqual(['approval']);
  });

  it('a recovery that nobody took is told later', async () => {
    const audience = anAudience();
    const failed = aReport('f', { backlog: 'shop', status: 'failed', withheld: [] });
    const fine = aReport('ok', { backlog: 'shop', status: 'applied', withheld: [] });
    await audience.ended(failed, new CredentialError('the token ended'));
    audience.takes = false;
    await audience.ended(fine);
    audience.takes = true;
    await audience.ended({ ...fine, id: 'ok2' });

    expect(audience.sent).toEqual(['failing', 'recovered']);
  });

  it('undo and clean rounds are told to nobody', async () => {
    const audience = anAudience();
    await audience.ended({ ...waiting, mode: 'undo' });
    await audience.ended({ ...waiting, mode: 'clean' });

    expect(audience.sent).toEqual([]);
  });

  it('a store that fails does not fail the round', async () => {
    const audience = anAudience();
    audience.state.told = () => Promise.reject(new Error('away'));

    await expect(audience.ended(waiting)).resolves.toBeUndefined();
  });
});
