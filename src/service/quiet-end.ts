import type { ServiceRound } from './ports.ts';

/**
 * When the last of the items that wait for people to leave them alone may be changed, on our clock; null: none waits.
 * The last, not the first: one more round serves them all.
 */
export function quietEnd(round: Pick<ServiceRound, 'report' | 'skewMs' | 'personAt' | 'quietMinutes'>): Date | null {
  const ends = round.report.withheld.flatMap(withheld => {
    const edited = withheld.guard === 'quiet' ? round.personAt(withheld.ref) : null;
    return edited === null ? [] : [edited.getTime() + round.quietMinutes * 60_000 - (round.skewMs ?? 0)];
  });
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}
