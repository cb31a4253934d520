import type { Priority, Reading } from '../item.ts';

/** The model as data: factors, weights, staleness and grooming rules, shared by any number of backlogs of any tracker. */

export type Method = 'weighted' | 'wsjf' | 'rice' | 'ice' | 'moscow' | 'value-effort' | 'cost-of-delay';
export type MissingPolicy = 'neutral' | 'ignore' | 'zero' | 'hold';
/** Level names used in the configuration, for either tracker. */
export type Level = 'highest' | 'high' | 'medium' | 'low' | 'lowest';

/** Where a factor's value comes from: one of the item's own readings, or a field named per tracker. */
export type FactorSource = 'priority' | 'effort' | 'urgency' | 'demand' | 'age' | 'field';

export interface Factor {
  readonly name: string;
  readonly weight: number;
  readonly source: FactorSource;
  /** Linear, clamped; the ends may be given high to low. */
  readonly scale: readonly [number, number] | null;
  /** Lower-cased name -> n in 0..1. */
  readonly map: Readonly<Record<string, number>> | null;
  /** A cost turns n into 1 - n. */
  readonly cost: boolean;
  /** `urgency` and `age`: the days that span 0..1. */
  readonly horizonDays: number;
  /** `effort`: zero means "estimated at zero" rather than "never set". */
  readonly zeroIsEstimate: boolean;
}

export interface StalenessThresholds {
  readonly agingAfterDays?: number;
  readonly staleAfterDays?: number;
  readonly pruneAfterDays?: number;
}

export interface Staleness extends StalenessThresholds {
  readonly staleAfterDays: number;
  readonly pruneAfterDays: number;
  /** Undecayed score below which a `prune` is said. */
  readonly pruneBelowScore: number;
  readonly byPriority: Readonly<Partial<Record<Level, StalenessThresholds>>>;
  /** By the tracker's own type name, compared without case. */
  readonly byType: Readonly<Record<string, StalenessThresholds>>;
  readonly exempt: {
    readonly labels: readonly string[];
    readonly types: readonly string[];
    readonly priorities: readonly Level[];
  };
  readonly decayHalfLifeDays: number | null;
  readonly decayFloor: number;
}

/** A grooming rule; `types: null` means every type. null instead of the rule: off. */
export interface Grooming {
  readonly needsEstimate: { readonly types: readonly string[] | null } | null;
  readonly needsDetail: { readonly minWords: number; readonly types: readonly string[] | null } | null;
}

export interface Model {
  readonly name: string;
  /** Short hash of everything that decides a score or a band; the journal names it. */
  readonly hash: string;
  readonly method: Method;
  readonly factors: readonly Factor[];
  readonly missing: MissingPolicy;
  readonly minCoverage: number;
  /** Width of a band in points of score; 0: strict order. */
  readonly band: number;
  readonly iceMean: boolean;
  readonly ratioReference: number | null;
  /** moscow: lower-cased field value -> class 3 (Must) .. 0 (Won't); the factor named `moscow` holds the word. */
  readonly staleness: Staleness;
  readonly grooming: Grooming;
  readonly labelPrefix: string;
}

/** One factor's part in a score; everything needed to check it by hand. */
export interface Part {
  readonly factor: string;
  /** Field id or built-in name, as people would look it up. */
  readonly source: string;
  /** Raw value as the tracker holds it; null when absent. */
  readonly value: number | string | null;
  /** 0..1 after scale, map and cost; null when absent or unreadable. */
  readonly n: number | null;
  readonly weight: number;
  /** Points of the 0..100 score (ratio methods: the term that entered the ratio). */
  readonly contribution: number;
  readonly problem?: string;
}

export interface Score {
  /** 0..100 after decay, 2 decimals; null when the model holds the item for missing input. */
  readonly score: number | null;
  /** Before decay; what `pruneBelowScore` looks at. */
  readonly undecayed: number | null;
  /** Ratio methods: the published figure; otherwise null. */
  readonly raw: number | null;
  /** Share of the weight that had a value, 0..1. */
  readonly coverage: number;
  readonly parts: readonly Part[];
  /** moscow: bands never cross a class. */
  readonly floor: number | null;
}

export type Stage = 'fresh' | 'aging' | 'stale' | 'prune';

export interface StageReading {
  readonly stage: Stage;
  /** The threshold that decided, or null while fresh. */
  readonly threshold: { readonly days: number; readonly from: string } | null;
  readonly exempt: string | null;
}

export type { Priority, Reading };
