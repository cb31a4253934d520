import { ConfigError } from '../errors.ts';
import type { Approval, Journal } from './ports.ts';
import { waitingMoves } from './waiting-moves.ts';

/** How long an approval holds: a day, so that it does not outlive what the person had in mind. */
export const approvalHours = 24;
const looked = 50;

/**
 * Grants a bound on the recomputed plan of a backlog: moves up to `moves`, or as many as wait now. Journaled.
 * Throws ConfigError when nothing waits: there would be nothing that the person has seen.
 */
export async function approve(
  journal: Journal,
  wish: { readonly backlog: string; readonly moves: number | null; readonly by: string; readonly now: Date },
): Promise<Approval> {
  const { backlog, by, now } = wish;
  const waiting = waitingMoves(await journal.rounds({ backlog, limit: looked }));
  if (waiting === null) {
    throw new ConfigError(
      `No moves of backlog ${backlog} wait for approval. "winnow plan ${backlog}" shows what the next round would do.`,
    );
  }
  const until = new Date(now.getTime() + approvalHours * 3_600_000);
  const approval = { backlog, round: waiting.round, moves: wish.moves ?? waiting.moves, by, grantedAt: now, until };
  await journal.grantApproval(approval);
  return approval;
}
