import type { Stranger } from './activity.ts';
import type { Pause, Problem } from './ports.ts';
import type { Round } from './round.ts';

/** What stops a backlog, and what a person granted it, as a round finds it. */
export interface Stops {
  /** Pauses that withhold everything. */
  readonly paused: readonly Pause[];
  /** Set while another Winnow seems to write with the same account: the backlog only observes. */
  readonly secondInstance: Pause | null;
  /** Moves that `winnow approve` granted for now, or null. */
  readonly approvedMoves: number | null;
}

/**
 * Reads pauses and approval. Signs of a second instance are kept: a later round no longer reads the entry that told it,
 * and the backlog must go on observing until somebody resumes it. What was seen before that word is settled.
 */
export async function gatherStops(round: Round, strangers: readonly Stranger[]): Promise<Stops> {
  const { state, journal, backlog } = round.parts;
  const { name } = round.request.settings;
  const resumedAt = await state.resumedAt(name);
  const settled = resumedAt === null ? -Infinity : resumedAt.getTime() + backlog.self.skewMs;
  const [sign] = strangers.filter(stranger => stranger.at.getTime() > settled);
  if (sign !== undefined) {
    await state.pause(name, { reason: 'second-instance', by: sign.what, since: round.now, until: null });
  }
  const pauses = await state.pauses(name, round.now);
  const approval = await journal.newestApproval(name);
  return {
    paused: pauses.filter(pause => pause.reason !== 'second-instance'),
    secondInstance: pauses.find(pause => pause.reason === 'second-instance') ?? null,
    approvedMoves: approval !== null && approval.until > round.now ? approval.moves : null,
  };
}

/** False once somebody has paused the backlog while a round writes: the write in hand ends, no other begins. */
export async function mayGoOn({ parts, request }: Round): Promise<boolean> {
  return (await parts.state.pauses(request.settings.name, parts.clock.now())).length === 0;
}

/** A second instance is told in every round until somebody resumes the backlog. */
export function problemsOfStops({ secondInstance }: Stops, backlog: string): readonly Problem[] {
  if (secondInstance === null) return [];
  const message =
    `A second Winnow seems to write with this account (${secondInstance.by}); backlog ${backlog} only observes. ` +
    `Stop the other one, then: winnow resume ${backlog}`;
  return [{ ref: null, message }];
}
