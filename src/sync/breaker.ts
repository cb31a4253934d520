import type { RoundReport } from './ports.ts';

/** So many rounds in a row that could not write what they planned stop a backlog. */
const bearable = 5;

/**
 * Whether a backlog's applies fail so often that it must stop until somebody has looked: the rounds of one backlog,
 * newest first. `since`: when somebody last resumed it; what failed before that is forgiven. Answers the reason, or null.
 *
 * Throttling is no failure, and a round that could not even read wrote nothing: neither counts, neither breaks the row.
 */
export function breakerReason(reports: readonly RoundReport[], since: Date | null): string | null {
  const tried = reports.filter(
    ({ mode, status, startedAt, trouble }) =>
      mode === 'apply' && (since === null || startedAt > since) && (trouble !== undefined || status !== 'failed'),
  );
  const row = tried.slice(0, bearable);
  if (row.length < bearable || !row.every(report => report.trouble !== undefined)) return null;
  return `${bearable} rounds in a row could not write what they planned; the last: ${row[0]?.trouble}`;
}
