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
