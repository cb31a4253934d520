import { coverageOf, inSumOrder, partOf, type Figure, type PreparedModel, type Term } from '../terms.ts';
import type { FactorReading } from '../factor-reading.ts';
import type { MissingPolicy } from '../model.ts';

/** What an absent factor counts under `neutral`, and the place of an item of which nothing is known under `ignore`. */
const neutralPlace = 0.5;

/** `100 x sum(w n) / sum(w)`; what is absent counts as the model's policy says. */
export function weighted(terms: readonly Term[], prepared: PreparedModel): Figure {
  const sum = weightedSum(inSumOrder(terms, prepared.byName), prepared);
  return {
    points: sum.points,
    floor: null,
    raw: null,
    coverage: sum.coverage,
    parts: terms.map(term => partOf(term, 100 * sum.share(term), problemOf(term))),
  };
}

export interface WeightedSum {
  /** 0..100, or null when `hold` keeps the item for missing input. */
  readonly points: number | null;
  readonly coverage: number;
  /** A term's part of the sum, 0..1. */
  readonly share: (term: Term) => number;
}

/** The weighted average itself, which moscow uses for the factors beside its class. Terms come in sum order. */
export function weightedSum(ordered: readonly Term[], { model }: PreparedModel): WeightedSum {
  const coverage = coverageOf(ordered, term => term.reading.n !== null);
  let sum = 0;
  let total = 0;
  for (const { factor, reading } of ordered) {
    const place = placeOrPolicy(reading, model.missing);
    if (place === null) continue;
    sum += factor.weight * place;
    total += factor.weight;
  }
  const share = ({ factor, reading }: Term): number => {
    const place = placeOrPolicy(reading, model.missing);
    return place === null || total === 0 ? 0 : (factor.weight * place) / total;
  };
  const average = total > 0 ? Math.min(1, sum / total) : neutralPlace;
  const held = model.missing === 'hold' && ordered.length > 0 && coverage < model.minCoverage;
  return { points: held ? null : 100 * average, coverage, share };
}

/** A quantity without scale has no place in 0..1; that is the model's mistake, said where it shows. */
export function problemOf({ factor, reading }: Term): string | undefined {
  if (reading.problem !== undefined || reading.n !== null || reading.number === null) return reading.problem;
  return `${factor.name}: ${reading.number} lies outside 0..1; give the factor a scale or a map`;
}

/** null: the term stays out of the average. */
function placeOrPolicy(reading: FactorReading, missing: MissingPolicy): number | null {
  if (reading.n !== null) return reading.n;
  switch (missing) {
    case 'neutral':
    case 'hold':
      return neutralPlace;
    case 'zero':
      return 0;
    case 'ignore':
      return null;
    default:
      return missing satisfies never;
  }
}
