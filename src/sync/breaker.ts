import type { RoundReport } from './ports.ts';

/** So many rounds in a row that could not write what they planned stop a backlog. */
const bearable = 5;

/**
 * Whether a backlog's applies fail so often that it must stop until somebody has looked: the rounds of one backlog,
 * newest first. `since`: when somebody last resumed it; what failed before that is forgiven. Answers the reason, or null.
 *
 * Only rounds that wrote say anything: one without need to, one that could not even read, and one that was throttled
 * neither count nor break the row.
 */
export function breakerReason(reports: readonly RoundReport[], since: Date | null): string | null {
  const tried = reports.filter(
    report => report.mode === 'apply' && (since === null || report.startedAt > since) && saysSomething(report),
  );
  const row = tried.slice(0, bearable);
  if (row.length < bearable || !row.every(report => report.trouble !== undefined)) return null;
  return `${bearable} rounds in a row could not write what they planned; the last: ${row[0]?.trouble}`;
}

function saysSomething({ trouble, outcomes }: RoundReport): boolean {
  return trouble !== undefined || (outcomes.applied > 0 && outcomes.failed === 0);
}
