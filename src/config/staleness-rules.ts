import { builtinStaleness } from '../scoring/builtin.ts';
import type { Path, Problem } from './problem.ts';
import type { StalenessFile, ThresholdsFile } from './schema-models.ts';

type Set = ThresholdsFile;

/** Aging, stale and prune must follow each other, for everybody and in each exception. */
export function checkStaleness(staleness: StalenessFile, path: Path): readonly Problem[] {
  const { byPriority, byType } = staleness;
  const exceptions: readonly (readonly [Path, Set])[] = [
    ...Object.entries(byPriority).flatMap(([level, set]) => entry(['byPriority', level], set)),
    ...Object.entries(byType).flatMap(([type, set]) => entry(['byType', type], set)),
  ];
  return [
    ...checkOrder([staleness], path),
    ...exceptions.flatMap(([steps, set]) => checkOrder([set, staleness], [...path, ...steps])),
  ];
}

/** Type and priority together, each threshold from the more specific: what neither of them alone shows. */
export function mixedThresholds(staleness: StalenessFile): readonly string[] {
  const { byPriority, byType } = staleness;
  return Object.entries(byType).flatMap(([type, ofType]) =>
    Object.entries(byPriority).flatMap(([level, ofLevel]) => {
      if (ofLevel === undefined || checkOrder([ofType, staleness], []).length > 0) return [];
      if (checkOrder([ofLevel, staleness], []).length > 0) return [];
      return checkOrder([ofType, ofLevel, staleness], []).map(
        ({ message }) => `${type} of priority ${level}: ${message}`,
      );
    }),
  );
}

function entry(steps: Path, set: Set | undefined): readonly (readonly [Path, Set])[] {
  return set === undefined ? [] : [[steps, set]];
}

/** `sets`: most specific first. The problem is told where the more specific set names one of the two. */
function checkOrder(sets: readonly Set[], path: Path): readonly Problem[] {
  const pick = (key: keyof Set): number | undefined => sets.find(set => set[key] !== undefined)?.[key];
  const own = sets[0] ?? {};
  const aging = pick('agingAfterDays');
  const stale = pick('staleAfterDays') ?? builtinStaleness.staleAfterDays;
  const prune = pick('pruneAfterDays') ?? builtinStaleness.pruneAfterDays;
  const problems: Problem[] = [];
  const concerns = (...keys: readonly (keyof Set)[]): Path => {
    const key = keys.find(name => own[name] !== undefined);
    return key === undefined ? path : [...path, key];
  };
  if (aging !== undefined && aging > stale) {
    const message = `aging (${aging} days) would come after stale (${stale} days); the order is aging, stale, prune`;
    problems.push({ path: concerns('agingAfterDays', 'staleAfterDays'), message });
  }
  if (stale > prune) {
    const message = `stale (${stale} days) would come after prune (${prune} days); the order is aging, stale, prune`;
    problems.push({ path: concerns('staleAfterDays', 'pruneAfterDays'), message });
  }
  return problems;
}
