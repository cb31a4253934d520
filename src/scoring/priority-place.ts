import type { Priority } from '../item.ts';
import { foldName } from './fold.ts';

/**
 * Jira Cloud's five default priorities, evenly spread.
 */
const jiraDefaults: ReadonlyMap<string, number> = new Map([
  ['highest', 1],
  ['high', 0.75],
  ['medium', 0.5],
  ['low', 0.25],
  ['lowest', 0],
]);

/** Names by which trackers say that nobody has set a priority. */
const unset: ReadonlySet<string> = new Set(['', '0', 'none', 'unprioritized']);

/** Where a priority stands: `n` from 1 (most important) to 0, or why there is none. */
export type PriorityPlace =
  { readonly kind: 'placed'; readonly n: number } | { readonly kind: 'unset' } | { readonly kind: 'unknown' };

/** True for the names that mean "no priority was set". */
export function meansUnset(name: string): boolean {
  return unset.has(foldName(name));
}

/**
 * A priority's place. Where the scheme holds nothing but Jira's default names they keep their usual distance, even if
 * some are missing; any other scheme is spread evenly from first (1) to last (0), and a scheme of one stands at .5.
 */
export function placeOf(priority: Priority): PriorityPlace {
  const name = foldName(priority.name);
  if (unset.has(name)) return { kind: 'unset' };
  const names = priority.scheme.map(foldName).filter(other => !unset.has(other));
  const usual = jiraDefaults.get(name);
  if (usual !== undefined && names.every(other => jiraDefaults.has(other))) return { kind: 'placed', n: usual };
  const index = names.indexOf(name);
  if (index < 0) return { kind: 'unknown' };
  return { kind: 'placed', n: names.length === 1 ? 0.5 : 1 - index / (names.length - 1) };
}
