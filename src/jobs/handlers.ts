import type { RoundReport } from '../sync/ports.ts';
import type { RoundJob, RoundSummary } from './job.ts';
import type { Handler, JobContext } from './queue.ts';

/** What the composition root supplies: how a round is made. `error` is why it failed or ended early. */
export interface Rounds {
  run(job: RoundJob, context: JobContext): Promise<{ readonly report: RoundReport; readonly error: Error | null }>;
}

/** Kind -> handler. A round's error is thrown after its report was journaled, so that the queue can judge it. */
export function createHandler(rounds: Rounds): Handler {
  return async (job, context) => {
    switch (job.kind) {
      case 'round': {
        const { report, error } = await rounds.run(job, context);
        if (error !== null) throw error;
        return summaryOf(report);
      }
      default:
        return job.kind satisfies never;
    }
  };
}

/** The figures of a report. */
export function summaryOf(report: RoundReport): RoundSummary {
  return {
    round: report.id,
    backlog: report.backlog,
    status: report.status,
    changes: report.changes.length,
    withheld: report.withheld.length,
    applied: report.outcomes.applied,
    failed: report.outcomes.failed,
    durationMs: report.durationMs,
  };
}
