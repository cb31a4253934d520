import { z } from 'zod';
import { builtinModel } from '../scoring/builtin.ts';
import { above0, atLeast, Field, Level, share, Text, wholeAbove0 } from './schema-parts.ts';

const { staleness, labelPrefix, missing, method, band, minCoverage } = builtinModel;

/** One input of the score. */
export const FactorFile = z
  .strictObject({
    weight: atLeast(0, 'must be a number, 0 or more')
      .optional()
      .describe('Its share among the weights. Default: as in the built-in model, else 1.'),
    jira: Field.optional().describe('Field in Jira, by id or display name.'),
    'azure-devops': Field.optional().describe('Field in Azure DevOps, by reference name or display name.'),
    scale: z
      .tuple([z.number('must be a number'), z.number('must be a number')], 'must be two numbers, such as [0, 100]')
      .optional()
      .describe('[lowest, highest]: the values that count 0 and 1; linear in between.'),
    map: z
      .record(z.string(), z.number('must be a number'))
      .optional()
      .describe('Name -> number, such as { High: 1, Low: 0.2 }; compared without case.'),
    cost: z.boolean().optional().describe('More is worse. Default: true for effort.'),
    horizonDays: above0().optional().describe('urgency (default 90) and age (default 365): the days that span 0 to 1.'),
    zeroIsEstimate: z.boolean().optional().describe('effort: 0 means "no effort" rather than "never estimated".'),
  })
  .describe('One input of the score. priority, effort, urgency, demand and age are built in; others name a field.');

export type FactorFile = z.output<typeof FactorFile>;

const days = {
  agingAfterDays: wholeAbove0().optional().describe('Idle days until the label "aging"; off unless set.'),
  staleAfterDays: wholeAbove0().optional().describe(`Idle days until "stale". Default ${staleness.staleAfterDays}.`),
  pruneAfterDays: wholeAbove0().optional().describe(`Idle days until "prune". Default ${staleness.pruneAfterDays}.`),
};
const Thresholds = z.strictObject(days).describe('What is left out is as in the less specific rule.');
export type ThresholdsFile = z.output<typeof Thresholds>;

const ByPriority = z.strictObject({
  highest: Thresholds.optional(),
  high: Thresholds.optional(),
  medium: Thresholds.optional(),
  low: Thresholds.optional(),
  lowest: Thresholds.optional(),
});

const Exempt = z.strictObject({
  labels: z.array(Text).default([]).describe('Items with one of these labels.'),
  types: z.array(Text).default([]).describe('Items of one of these types.'),
  priorities: z.array(Level).default([]).describe('Items of one of these levels.'),
});

const StalenessFile = z.strictObject({
  ...days,
  pruneBelowScore: atLeast(0, 'must be a number from 0 to 100')
    .max(100, 'must be a number from 0 to 100')
    .default(staleness.pruneBelowScore)
    .describe('Only items that score below this are marked "prune".'),
  byPriority: ByPriority.default({}).describe('Azure DevOps 1 to 4 are highest, high, medium and low.'),
  byType: z.record(Text, Thresholds).default({}).describe("By the tracker's own type name; beats byPriority."),
  exempt: Exempt.prefault({}).describe('Items that never age and never decay.'),
  decayHalfLifeDays: above0()
    .optional()
    .describe('Halves the score for each so many days beyond stale; off unless set.'),
  decayFloor: share().optional().describe(`Decay stops at this share of the score. Default ${staleness.decayFloor}.`),
});
export type StalenessFile = z.output<typeof StalenessFile>;

const Types = z.array(Text).min(1, 'must list at least one type; leave it out for all types').optional();
const GroomingFile = z.strictObject({
  needsEstimate: z
    .union([z.boolean(), z.strictObject({ types: Types.describe('Only these types. Default: all.') })])
    .default(true)
    .describe('Label items without an estimate. true, false or { types }.'),
  needsDetail: z
    .union([
      z.boolean(),
      z.strictObject({
        minWords: wholeAbove0().default(15).describe('Words that a description must have.'),
        types: Types.describe('Only these types. Default: all.'),
      }),
    ])
    .default(true)
    .describe('Label items with a short description. true, false or { minWords, types }.'),
});

/** Factors, weights, staleness and grooming rules, shared by any number of backlogs of any tracker. */
export const ModelFile = z
  .strictObject({
    method: z
      .enum(['weighted', 'wsjf', 'rice', 'ice', 'moscow', 'value-effort', 'cost-of-delay'])
      .default(method)
      .describe('How factors make a score.'),
    factors: z.record(Text, FactorFile).optional().describe('When given, replaces all built-in factors.'),
    missing: z
      .enum(['neutral', 'ignore', 'zero', 'hold'])
      .default(missing)
      .describe('What an absent factor counts: 0.5, nothing, 0, or the item keeps its place.'),
    minCoverage: share()
      .default(minCoverage)
      .describe('missing: hold: the share of the weight that must have a value.'),
    band: atLeast(0, 'must be a number from 0 to 100')
      .max(100, 'must be a number from 0 to 100')
      .default(band)
      .describe("Width of a band in points. Inside a band the team's own order stands; 0 is strict order."),
    ice: z
      .enum(['product', 'mean'])
      .optional()
      .describe('method: ice: impact x confidence x ease (default), or their mean.'),
    ratioReference: above0().optional().describe('Ratio methods: the raw figure that scores 50.'),
    staleness: StalenessFile.prefault({}),
    grooming: GroomingFile.prefault({}),
    labels: z
      .strictObject({ prefix: Text.default(labelPrefix).describe("What Winnow's own labels begin with.") })
      .prefault({}),
  })
  .describe('How items are scored, aged and groomed.');

export type ModelFile = z.output<typeof ModelFile>;
