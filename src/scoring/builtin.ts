import type { Factor, Grooming, Model, Staleness } from './model.ts';
import { hashModel } from './model-hash.ts';

/** The model for backlogs that name none, and what a named model's missing keys mean. */

/** A factor's settings where neither the configuration nor the built-in factors say otherwise. */
export const plainFactor: Omit<Factor, 'name'> = {
  weight: 1,
  source: 'field',
  scale: null,
  map: null,
  cost: false,
  horizonDays: 90,
  zeroIsEstimate: false,
};

/** Factors that need no field of their own, with their usual weights. */
export const builtinFactors: readonly Factor[] = [
  { ...plainFactor, name: 'priority', source: 'priority', weight: 3 },
  { ...plainFactor, name: 'urgency', source: 'urgency', weight: 3 },
  { ...plainFactor, name: 'demand', source: 'demand', weight: 1, scale: [0, 25] },
  { ...plainFactor, name: 'effort', source: 'effort', weight: 2, scale: [1, 13], cost: true },
];

export const builtinStaleness: Staleness = {
  staleAfterDays: 90,
  pruneAfterDays: 180,
  pruneBelowScore: 40,
  byPriority: { highest: { staleAfterDays: 14 } },
  byType: { Epic: { staleAfterDays: 180, pruneAfterDays: 365 } },
  exempt: { labels: ['frozen'], types: [], priorities: [] },
  decayHalfLifeDays: null,
  decayFloor: 0.5,
};

export const builtinGrooming: Grooming = {
  needsEstimate: { types: null },
  needsDetail: { minWords: 15, types: null },
};

const unnamed: Omit<Model, 'name' | 'hash'> = {
  method: 'weighted',
  factors: builtinFactors,
  missing: 'neutral',
  minCoverage: 0.5,
  band: 5,
  iceMean: false,
  ratioReference: null,
  staleness: builtinStaleness,
  grooming: builtinGrooming,
  labelPrefix: 'winnow-',
};

export const builtinModel: Model = { ...unnamed, name: 'default', hash: hashModel(unnamed) };
