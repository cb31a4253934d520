import type { Change, Outcome } from '../change.ts';
import { messageOf } from '../errors.ts';
import type { Problem, RoundMode, RoundReport } from './ports.ts';
import { trackerTime, type Round } from './round.ts';
import type { Verified } from './verify.ts';

type Figures = Omit<RoundReport, 'id' | 'backlog' | 'startedAt' | 'purpose' | 'calls' | 'durationMs'>;

/** The report of a round that ends now. */
export function reportOf(round: Round, figures: Figures): RoundReport {
  return {
    id: round.id,
    backlog: round.request.settings.name,
    startedAt: round.now,
    purpose: round.request.purpose,
    ...figures,
    calls: round.parts.backlog.calls(),
    durationMs: Math.max(0, round.parts.clock.now().getTime() - round.now.getTime()),
  };
}

/** The figures of a round that failed before it came to any: they say why, and nothing else. */
export function failedFigures(error: unknown): Omit<Figures, 'mode'> {
  return {
    status: 'failed',
    items: 0,
    eligible: 0,
    scored: 0,
    changes: [],
    withheld: [],
    outcomes: { applied: 0, failed: 0 },
    problems: [{ ref: null, message: messageOf(error) }],
  };
}

/** Closes a round that failed. A journal that cannot even take that is logged: the failure itself matters more. */
export async function failedReport(round: Round, mode: RoundMode, error: Error): Promise<RoundReport> {
  const report = reportOf(round, { mode, ...failedFigures(error) });
  const { journal, log } = round.parts;
  await journal.closeRound(report).catch((second: unknown) => {
    log.error(
      { round: round.id, why: messageOf(second), at: trackerTime(round) },
      'the journal could not take the end of a failed round',
    );
  });
  return report;
}

/** Changes that were to be made and are not, with what went wrong. */
export function failuresAmong(outcomes: readonly Outcome[]): ReadonlyMap<Change, string> {
  return new Map(outcomes.flatMap(o => (o.status === 'failed' ? [[o.change, o.problem] as const] : [])));
}

/** What went wrong while writing: refused, not held, or cut short. */
export function problemsOfWriting(
  outcomes: readonly Outcome[],
  verified: Verified,
  endedBy: Error | null,
): readonly Problem[] {
  // Several changes of one item mostly fail for one reason, which is told once.
  const failures = new Map<string, Problem>();
  for (const [change, problem] of failuresAmong(outcomes)) {
    const message = `${change.key}: ${problem}`;
    failures.set(`${change.ref} ${message}`, { ref: change.ref, message });
  }
  return [
    ...failures.values(),
    ...verified.problems,
    ...(endedBy === null ? [] : [{ ref: null, message: messageOf(endedBy) }]),
  ];
}
