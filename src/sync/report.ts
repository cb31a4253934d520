import type { Change, Outcome, Withheld } from '../change.ts';
import type { RoundStatus } from './ports.ts';

/** The one word that sums up a round. `failed` is not decided here: a failed round has no plan. */
export function statusOf(round: {
  readonly planning: boolean;
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  readonly outcomes: readonly Outcome[];
}): RoundStatus {
  if (round.outcomes.some(outcome => outcome.status === 'failed')) return 'partial';
  if (round.withheld.some(change => change.guard === 'needs-approval')) return 'needs-approval';
  if (round.planning && round.changes.length > 0) return 'planned';
  if (round.outcomes.some(outcome => outcome.status === 'applied')) return 'applied';
  const blanket = new Set(['observe', 'write-hours', 'paused']);
  if (round.withheld.some(change => blanket.has(change.guard))) return 'observed';
  return 'nothing-to-do';
}
