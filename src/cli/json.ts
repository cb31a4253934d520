import type { Change, Withheld } from '../change.ts';
import type { RoundAudit, RoundReport } from '../sync/ports.ts';
import type { ItemRound } from './item-audit.ts';

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

/** As `rounds --json` prints it: with its start, why it was made, and under which model, by which plan and with which account it was made. */
export function pastRoundJson(report: RoundReport, audit: RoundAudit | null = null): Record<string, unknown> {
  const { purpose, startedAt } = report;
  const told = {
    ...roundJson(report),
    ...(purpose === undefined ? {} : { purpose }),
    startedAt: startedAt.toISOString(),
  };
  if (audit === null) return told;
  const { connection, model, modelHash, plan, account } = audit;
  return { ...told, connection, model, modelHash, plan, account };
}

/** As `rounds --item --json` prints it: with what became of each change of that item. */
export function itemRoundJson(round: ItemRound): Record<string, unknown> {
  const item = round.changes.map(({ at, ...change }) => ({ ...change, at: at?.toISOString() ?? null }));
  return { ...pastRoundJson(round.report, round.audit), item };
}

function changeJson(change: Change): Record<string, unknown> {
  const { kind, ref, key, from, to, because } = change;
  return change.kind === 'move'
    ? { kind, ref, key, from, to, after: change.after, because }
    : { kind, ref, key, from, to, because };
}
