import type { Model } from './model.ts';

/** Everything of a model that decides a score or a band, and the fields it reads where they differ per backlog. */
export type HashedModel = Pick<
  Model,
  'method' | 'factors' | 'missing' | 'minCoverage' | 'band' | 'iceMean' | 'ratioReference' | 'staleness'
> & { readonly sources?: unknown };

/**
 * A short hash (16 hex digits) that is equal for models that score and band alike, whatever the order of their keys or
 * factors. Names, labels, grooming and, without decay, staleness are left out: they change no score.
 */
export function hashModel(model: HashedModel): string {
  const { method, missing, minCoverage, band, iceMean, ratioReference, staleness, sources } = model;
  const factors = Object.fromEntries(model.factors.map(({ name, ...rest }) => [name, rest]));
  const decay = staleness.decayHalfLifeDays === null ? null : decayRules(staleness);
  const scoring = { method, missing, minCoverage, band, iceMean, ratioReference };
  return fnv1a(canonical({ ...scoring, factors, decay, sources: sources ?? null }));
}

function decayRules(rules: Model['staleness']): unknown {
  const staleOf = (sets: Readonly<Record<string, { readonly staleAfterDays?: number } | undefined>>): unknown =>
    Object.fromEntries(Object.entries(sets).map(([name, set]) => [name.toLowerCase(), set?.staleAfterDays ?? null]));
  const { decayHalfLifeDays, decayFloor, staleAfterDays, exempt } = rules;
  const stale = { staleAfterDays, byType: staleOf(rules.byType), byPriority: staleOf(rules.byPriority) };
  return { decayHalfLifeDays, decayFloor, exempt, ...stale };
}

/** JSON with sorted keys. */
function canonical(of: unknown): string {
  if (Array.isArray(of)) return `[${of.map(canonical).join(',')}]`;
  if (of === null || typeof of !== 'object') return JSON.stringify(of) ?? 'null';
  const entries = Object.entries(of)
    .filter(([, held]) => held !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, held]) => `${JSON.stringify(name)}:${canonical(held)}`);
  return `{${entries.join(',')}}`;
}

/** FNV-1a, 64 bits, over UTF-16 code units; the constants are those of Fowler, Noll and Vo. */
function fnv1a(text: string): string {
  const prime = 0x100000001b3n;
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * prime);
  return hash.toString(16).padStart(16, '0');
}
