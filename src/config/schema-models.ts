import { z } from 'zod';

const Days = z.number().min(0);
const Level = z.enum(['highest', 'high', 'medium', 'low', 'lowest']);
const Share = z.number().min(0).max(1);

const Thresholds = z.strictObject({
  agingAfterDays: Days.optional(),
  staleAfterDays: Days.optional(),
  pruneAfterDays: Days.optional(),
});

export const FactorFile = z
  .strictObject({
    weight: z.number().min(0, 'must not be negative').default(1),
    jira: z.string().min(1).optional().describe('Field id or name in Jira'),
    'azure-devops': z.string().min(1).optional().describe('Reference or display name in Azure DevOps'),
    scale: z.tuple([z.number(), z.number()]).optional().describe('Value that counts 0, value that counts 1'),
    map: z.record(z.string(), Share).optional().describe('Name -> 0..1'),
    cost: z.boolean().optional().describe('More is worse'),
    horizonDays: z.number().positive().optional(),
    zeroIsEstimate: z.boolean().optional(),
  })
  .describe('One input of the score');

const NeedsEstimate = z.union([z.boolean(), z.strictObject({ types: z.array(z.string()).optional() })]);
const NeedsDetail = z.union([
  z.boolean(),
  z.strictObject({ minWords: z.number().int().min(1).default(15), types: z.array(z.string()).optional() }),
]);

/** Factors, weights, staleness and grooming rules, shared by any number of backlogs of any tracker. */
export const ModelFile = z
  .strictObject({
    method: z.enum(['weighted', 'wsjf', 'rice', 'ice', 'moscow', 'value-effort', 'cost-of-delay']).default('weighted'),
    factors: z.record(z.string(), FactorFile).optional().describe('When given, replaces all built-in factors'),
    missing: z.enum(['neutral', 'ignore', 'zero', 'hold']).default('neutral'),
    minCoverage: Share.default(0.5),
    band: z.number().min(0).max(100).default(5).describe('Width in points; 0 is strict order'),
    ice: z.enum(['product', 'mean']).default('product'),
    ratioReference: z.number().positive().optional(),
    staleness: z
      .strictObject({
        agingAfterDays: Days.optional(),
        staleAfterDays: Days.optional(),
        pruneAfterDays: Days.optional(),
        pruneBelowScore: z.number().min(0).max(100).optional(),
        byPriority: z.partialRecord(Level, Thresholds).default({}),
        byType: z.record(z.string(), Thresholds).default({}),
        exempt: z
          .strictObject({
            labels: z.array(z.string()).default([]),
            types: z.array(z.string()).default([]),
            priorities: z.array(Level).default([]),
          })
          .default({ labels: [], types: [], priorities: [] }),
        decayHalfLifeDays: z.number().positive().optional(),
        decayFloor: Share.default(0.5),
      })
      .prefault({}),
    grooming: z
      .strictObject({ needsEstimate: NeedsEstimate.default(true), needsDetail: NeedsDetail.default(true) })
      .prefault({}),
    labels: z
      .strictObject({
        prefix: z
          .string()
          .min(1)
          .regex(/^[^\s,;]+$/, 'must have no spaces, commas or semicolons')
          .default('winnow-'),
      })
      .prefault({}),
  })
  .describe('How items are scored and groomed');

export type ModelFile = z.infer<typeof ModelFile>;
