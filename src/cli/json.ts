import type { Change, Withheld } from '../change.ts';
import type { RoundReport } from '../sync/ports.ts';

/** The shapes machines read. Fields are listed, so that an internal one never leaks out by accident. */
export function roundJson(report: RoundReport): Record<string, unknown> {
  const { id, backlog, mode, status, items, eligible, scored, outcomes, problems, calls, durationMs } = report;
  const changes = report.changes.map(changeJson);
  const withheld = report.withheld.map(w => ({ ...changeJson(w), guard: (w satisfies Withheld).guard }));
  return {
    id,
    backlog,
    mode,
    status,
    items,
    eligible,
    scored,
    changes,
    withheld,
    outcomes,
    problems,
    calls,
    durationMs,
  };
}

/** As `rounds --json` prints it: with its start. */
export function pastRoundJson(report: RoundReport): Record<string, unknown> {
  return { ...roundJson(report), startedAt: report.startedAt.toISOString() };
}

function changeJson(change: Change): Record<string, unknown> {
  const { kind, ref, key, from, to, because } = change;
  return change.kind === 'move'
    ? { kind, ref, key, from, to, after: change.after, because }
    : { kind, ref, key, from, to, because };
}
