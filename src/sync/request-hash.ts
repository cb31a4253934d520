import { largestThreshold } from '../scoring/staleness.ts';
import type { RoundRequest } from './round.ts';

/** What the connector was asked for; a snapshot made for another request is not used. */
export function requestHash({ settings, model }: RoundRequest): string {
  const { scope, sources, write, blockers, timezone } = settings;
  return JSON.stringify([
    scope,
    sources,
    write.score,
    write.explanation,
    blockers.linkTypes,
    timezone,
    model.labelPrefix,
    largestThreshold(model),
  ]);
}

/** Whether two hashes are of requests for the same items, whatever else was asked of them. */
export function sameScope(one: string, other: string): boolean {
  return scopeIn(one) === scopeIn(other);
}

function scopeIn(hash: string): string {
  const parts: unknown = JSON.parse(hash);
  return JSON.stringify(Array.isArray(parts) ? parts[0] : null);
}
