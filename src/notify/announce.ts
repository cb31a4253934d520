import { ConfigError, CredentialError, messageOf, NotFoundError, PermissionError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Grooming } from '../sync/grooming.ts';
import type { Journal, RoundReport, StateStore } from '../sync/ports.ts';
import { waitingMoves } from '../sync/waiting-moves.ts';
import type { AfterRound } from './after-round.ts';
import { noticesAfter } from './notices-after.ts';
import type { Notifier } from './notifier.ts';
import { readTold, type Told } from './told.ts';

export interface AnnounceParts {
  readonly notifier: Notifier;
  readonly state: Pick<StateStore, 'pauses' | 'told' | 'keepTold'>;
  readonly journal: Pick<Journal, 'rounds' | 'newestApproval'>;
  readonly log: Log;
  readonly now: Date;
}

/** A round that has just ended. */
export interface EndedRound {
  readonly report: RoundReport;
  readonly error: Error | null;
  /** How grooming stands; null unless the round read everything. */
  readonly grooming: Grooming | null;
}

/** Enough to look past a row of failures. */
const looked = 20;

/**
 * Tells people what a round brought up, each state once: moves that wait, failures that repeat or cannot heal, a backlog
 * that was stopped, a second instance, that rounds work again or a pause is over, and after a full read how grooming
 * stands. Never throws: a notice is not worth a round. An address that did not take a notice is told after the next round.
 */
export async function announce(ended: EndedRound, parts: AnnounceParts): Promise<void> {
  const { notifier, log } = parts;
  const { backlog, mode } = ended.report;
  if (!notifier.listens || mode === 'undo' || mode === 'clean') return;
  try {
    await tell(backlog, ended, parts);
  } catch (error) {
    log.warn({ backlog, why: messageOf(error) }, 'what to tell after a round could not be looked up');
  }
}

async function tell(backlog: string, ended: EndedRound, parts: AnnounceParts): Promise<void> {
  const { notifier, state } = parts;
  const before = readTold(await state.told(backlog));
  const { due, told } = noticesAfter(backlog, await lookAround(backlog, ended, parts), before);
  let kept: Told = told;
  for (const { notice, only, besides } of due) {
    const missed = await notifier.send(notice, mark => !besides.includes(mark) && (only?.includes(mark) ?? true));
    kept = { ...kept, [notice.topic]: { state: kept[notice.topic]?.state ?? '', missed } };
  }
  if (JSON.stringify(kept) !== JSON.stringify(before)) await state.keepTold(backlog, kept);
}

async function lookAround(
  backlog: string,
  { error, grooming }: EndedRound,
  { state, journal, now }: AnnounceParts,
): Promise<AfterRound> {
  const rounds = await journal.rounds({ backlog, runsOnly: true, limit: looked });
  return {
    rounds,
    hopeless: isHopeless(error),
    pauses: await state.pauses(backlog, now),
    approval: await journal.newestApproval(backlog),
    digest: grooming === null ? null : { ...grooming, waiting: waitingMoves(rounds)?.moves ?? 0 },
    now,
  };
}

/** No retry heals these: somebody has to do something. */
function isHopeless(error: Error | null): boolean {
  return [CredentialError, PermissionError, NotFoundError, ConfigError].some(kind => error instanceof kind);
}
