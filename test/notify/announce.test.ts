import { describe, expect, it } from 'vitest';
import { CredentialError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { announce } from '../../src/notify/announce.ts';
import type { Notice } from '../../src/notify/notice.ts';
import type { Grooming } from '../../src/sync/grooming.ts';
import type { RoundReport } from '../../src/sync/ports.ts';
import { createInMemoryJournal, createInMemoryState } from '../support/in-memory-store.ts';
import { aMove, aReport, withheld } from '../support/store-values.ts';

const now = new Date('2026-11-24T12:00:00Z');
const waiting = aReport('r1', {
  backlog: 'shop',
  status: 'needs-approval',
  withheld: [{ ...withheld(aMove(1)), guard: 'needs-approval' }],
});

/** People at two addresses who listen, or do not. */
function anAudience() {
  const sent: string[] = [];
  const audience = { takes: true, deaf: [] as readonly string[], sent };
  const send = async (notice: Notice, wanted: (mark: string) => boolean = () => true): Promise<readonly string[]> => {
    const asked = ['ops', 'team'].filter(wanted);
    const taking = asked.filter(mark => audience.takes && !audience.deaf.includes(mark));
    for (const mark of taking) sent.push(`${mark}: ${notice.topic}`);
    return asked.filter(mark => !taking.includes(mark));
  };
  const journal = createInMemoryJournal();
  const state = createInMemoryState();
  const ended = async (
    report: RoundReport,
    error: Error | null = null,
    grooming: Grooming | null = null,
  ): Promise<void> => {
    await journal.closeRound(report);
    await announce(
      { report, error, grooming },
      { notifier: { listens: true, send }, state, journal, log: silentLog, now },
    );
  };
  return Object.assign(audience, { ended, state });
}

describe('notify/announce', () => {
  it('the same state is told once over many rounds', async () => {
    const audience = anAudience();
    for (let i = 0; i < 5; i++) await audience.ended({ ...waiting, id: `r${i}` });

    expect(audience.sent).toEqual(['ops: approval', 'team: approval']);
  });

  it('what nobody took is told after the next round', async () => {
    const audience = anAudience();
    audience.takes = false;
    await audience.ended(waiting);
    audience.takes = true;
    await audience.ended({ ...waiting, id: 'r2' });
    await audience.ended({ ...waiting, id: 'r3' });

    expect(audience.sent).toEqual(['ops: approval', 'team: approval']);
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

    expect(audience.sent).toEqual(['ops: failing', 'team: failing', 'ops: recovered', 'team: recovered']);
  });

  it('an address that missed a notice gets it later, and the others not again', async () => {
    const audience = anAudience();
    audience.deaf = ['team'];
    await audience.ended(waiting);
    await audience.ended({ ...waiting, id: 'r2' });
    audience.deaf = [];
    await audience.ended({ ...waiting, id: 'r3' });
    await audience.ended({ ...waiting, id: 'r4' });

    expect(audience.sent).toEqual(['ops: approval', 'team: approval']);
  });

  it('whoever was not told of failures is not told of their end', async () => {
    const audience = anAudience();
    audience.deaf = ['team'];
    await audience.ended(
      aReport('f', { backlog: 'shop', status: 'failed', withheld: [] }),
      new CredentialError('the token ended'),
    );
    audience.deaf = [];
    await audience.ended(aReport('ok', { backlog: 'shop', status: 'applied', withheld: [] }));

    expect(audience.sent).toEqual(['ops: failing', 'ops: recovered']);
  });

  it('a digest that an address missed comes after the next full read, and not in between', async () => {
    const audience = anAudience();
    const fine = aReport('ok', { backlog: 'shop', status: 'applied', withheld: [] });
    const grooming = { day: 20_000, items: 9, labels: { 'winnow-stale': 2 } };
    audience.deaf = ['team'];
    await audience.ended(fine, null, grooming);
    audience.deaf = [];
    await audience.ended({ ...fine, id: 'ok2' });
    expect(audience.sent).toEqual(['ops: digest']);
    await audience.ended({ ...fine, id: 'ok3' }, null, { ...grooming, day: 20_001 });
    await audience.ended({ ...fine, id: 'ok4' }, null, { ...grooming, day: 20_002 });

    expect(audience.sent).toEqual(['ops: digest', 'team: digest']);
  });

  it('what was kept before addresses were told apart still counts as told', async () => {
    const audience = anAudience();
    await audience.state.keepTold('shop', { approval: 'after none' });
    await audience.ended(waiting);

    expect(audience.sent).toEqual([]);
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
