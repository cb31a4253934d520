import { ConfigError, NotFoundError, SharedItemsError } from '../errors.ts';
import type { RoundReport } from '../sync/ports.ts';

/** The first that fits: 2 configuration or usage, 1 failed or partial, 4 needs approval, 3 changes (when asked), 0. */
export function exitCodeOf(
  rounds: readonly { readonly report: RoundReport; readonly error: Error | null; readonly opened: boolean }[],
  detailed: boolean,
): number {
  const misconfigured = ({ error, opened }: { readonly error: Error | null; readonly opened: boolean }): boolean =>
    (error instanceof ConfigError && !(error instanceof SharedItemsError)) ||
    (error instanceof NotFoundError && !opened);
  if (rounds.some(misconfigured)) return 2;
  const statuses = rounds.map(round => round.report.status);
  if (statuses.some(status => status === 'failed' || status === 'partial')) return 1;
  if (statuses.includes('needs-approval')) return 4;
  if (detailed && rounds.some(round => round.report.changes.length > 0)) return 3;
  return 0;
}
