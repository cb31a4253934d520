import type { Method } from '../scoring/model.ts';
import { builtinNames, namesField, sourceOf } from './factor-kinds.ts';
import { nearest } from './nearest.ts';
import type { Path, Problem } from './problem.ts';
import type { FactorFile } from './schema-models.ts';

/** Rules of one factor. */
export function checkFactor(name: string, factor: FactorFile, method: Method, path: Path): readonly Problem[] {
  return [
    ...checkSource(name, factor, path),
    ...checkScale(factor, path),
    ...checkMap(name, factor, method, [...path, 'map']),
    ...checkGrading(name, factor, method, path),
  ];
}

function checkSource(name: string, factor: FactorFile, path: Path): readonly Problem[] {
  if (namesField(factor) || builtinNames.some(known => known === name)) return [];
  const meant = nearest(name, builtinNames);
  const hint = meant === null ? `built in are only ${builtinNames.join(', ')}` : `did you mean the built-in ${meant}?`;
  return [{ path, message: `names no field; add jira: or azure-devops: (${hint})` }];
}

function checkScale({ scale, map }: FactorFile, path: Path): readonly Problem[] {
  if (scale === undefined) return [];
  if (map !== undefined) return [{ path, message: 'has both scale and map; keep one of them' }];
  if (scale[0] !== scale[1]) return [];
  const message = 'both ends are equal, so no value could be told from another; write [lowest, highest]';
  return [{ path: [...path, 'scale'], message }];
}

function checkMap(name: string, { map }: FactorFile, method: Method, path: Path): readonly Problem[] {
  if (map === undefined) return [];
  if (Object.keys(map).length === 0) return [{ path, message: 'is empty; list the names and their numbers' }];
  const problems: Problem[] = [...twins(Object.keys(map), path)];
  for (const [key, n] of Object.entries(map)) {
    const message = mappedProblem(n, method, name);
    if (message !== null) problems.push({ path: [...path, key], message });
  }
  return problems;
}

function mappedProblem(n: number, method: Method, factor: string): string | null {
  if (method === 'moscow' && factor === 'moscow') {
    return [0, 1, 2, 3].includes(n) ? null : "must be 3 (Must), 2 (Should), 1 (Could) or 0 (Won't)";
  }
  if (method !== 'weighted' && method !== 'moscow') return null;
  return n >= 0 && n <= 1 ? null : 'must be a number from 0 (counts least) to 1 (counts most)';
}

/** Weighted sums need every factor as 0..1; ratio methods calculate with the quantities themselves. */
function checkGrading(name: string, factor: FactorFile, method: Method, path: Path): readonly Problem[] {
  const graded = method === 'weighted' || (method === 'moscow' && name !== 'moscow');
  if (!graded || sourceOf(name, factor) !== 'field') return [];
  if (factor.scale !== undefined || factor.map !== undefined || !namesField(factor)) return [];
  return [{ path, message: 'needs scale: [lowest, highest] or map: { Name: 0 to 1 }, to become a number from 0 to 1' }];
}

/** Names that differ in case or blanks only: the second would silently win. */
export function twins(names: readonly string[], path: Path): readonly Problem[] {
  const seen = new Map<string, string>();
  return names.flatMap(name => {
    const plain = name.trim().toLowerCase();
    const first = seen.get(plain);
    seen.set(plain, name);
    return first === undefined
      ? []
      : [{ path: [...path, name], message: `is the same name as ${first}, for case does not count; keep one of them` }];
  });
}
