import { dayOf, dayOfDate } from '../../calendar.ts';
import type { Iteration, TeamScope } from './team-scope.ts';

/**
 * Name of the team's current or future iteration that holds an item, or null. The list is cached, so "current" is judged
 * from its dates at `now`; iterations without dates keep the service's word for them. The backlog iteration itself is
 * where unplanned items live: it is never a sprint.
 */
export function sprintOf(
  path: string,
  scope: TeamScope,
  at: { readonly now: Date; readonly zone: string },
): string | null {
  if (same(path, scope.backlogIteration)) return null;
  const iteration = scope.iterations.find(candidate => same(candidate.path, path));
  if (iteration === undefined) return null;
  return isOver(iteration, at.now, at.zone) ? null : iteration.name;
}

function isOver(iteration: Iteration, now: Date, zone: string): boolean {
  if (iteration.finish === null) return iteration.timeFrame === 'past';
  return dayOfDate(iteration.finish) < dayOf(now, zone);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
