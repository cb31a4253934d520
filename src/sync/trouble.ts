import { messageOf, StoppedError, TrackerBusyError } from '../errors.ts';
import type { Applied } from './apply.ts';
import { breakerReason } from './breaker.ts';
import type { Round } from './round.ts';
import type { Verified } from './verify.ts';

/** Rounds that are read to judge a row of failures; more than the row, since some do not count. */
const looked = 40;

/** Why a round could not write what it planned; null when it could, or was only asked to wait or to stop. */
export function troubleOf(applied: Applied, verified: Verified): string | null {
  const { endedBy } = applied;
  if (endedBy instanceof TrackerBusyError || endedBy instanceof StoppedError) return null;
  if (endedBy !== null) return messageOf(endedBy);
  const failed = applied.outcomes.find(outcome => outcome.status === 'failed');
  if (failed?.status === 'failed') return `${failed.change.key}: ${failed.problem}`;
  return verified.problems[0]?.message ?? null;
}

/** Pauses a backlog whose writes keep failing, until somebody has looked and resumes it. */
export async function tripBreaker(round: Round): Promise<void> {
  const { journal, state, log } = round.parts;
  const { name } = round.request.settings;
  const reason = breakerReason(
    await journal.rounds({ backlog: name, runsOnly: true, limit: looked }),
    await state.resumedAt(name),
  );
  if (reason === null) return;
  log.error({ round: round.id, backlog: name, why: reason }, 'the backlog is stopped until somebody resumes it');
  await state.pause(name, { reason: 'breaker', by: reason, since: round.now, until: null });
}
