import type { Priority } from '../item.ts';
import { foldName } from './fold.ts';
import type { Level } from './model.ts';
import { meansUnset, placeOf } from './priority-place.ts';

const levels: readonly (readonly [Level, number])[] = [
  ['highest', 1],
  ['high', 0.75],
  ['medium', 0.5],
  ['low', 0.25],
  ['lowest', 0],
];

/** Azure DevOps' Microsoft.VSTS.Common.Priority holds 1 to 4, most important first. */
const numbered: ReadonlyMap<string, Level> = new Map([
  ['1', 'highest'],
  ['2', 'high'],
  ['3', 'medium'],
  ['4', 'low'],
]);

/**
 * The level that a priority counts as in the configuration, or null when none is set or the scheme does not know it.
 * Schemes other than Jira's default and Azure DevOps' 1 to 4 go to the nearest level (the more important of two).
 */
export function levelOf(priority: Priority): Level | null {
  const ofNumber = numbered.get(foldName(priority.name));
  if (ofNumber !== undefined && isNumbered(priority.scheme)) return ofNumber;
  const place = placeOf(priority);
  if (place.kind !== 'placed') return null;
  let nearest: Level = 'highest';
  let distance = Infinity;
  for (const [level, n] of levels) {
    const away = Math.abs(n - place.n);
    if (away < distance - 1e-9) [nearest, distance] = [level, away];
  }
  return nearest;
}

function isNumbered(scheme: readonly string[]): boolean {
  const names = scheme.filter(name => !meansUnset(name));
  return names.length === numbered.size && names.every(name => numbered.has(foldName(name)));
}
