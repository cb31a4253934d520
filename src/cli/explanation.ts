import type { GuardName } from '../change.ts';
import type { Part } from '../scoring/model.ts';
import type { Threshold } from '../scoring/staleness.ts';

/** Everything that decides where one item stands; printed as is by `--json`. Instants are ISO 8601 UTC. */
export interface Explanation {
  readonly ref: string;
  readonly key: string;
  readonly backlog: string;
  readonly model: string;
  readonly score: number | null;
  readonly raw: number | null;
  readonly coverage: number;
  readonly parts: readonly Part[];
  readonly band: number | null;
  readonly stage: string;
  readonly clock: {
    readonly at: string;
    readonly who: string;
    readonly what: string;
    readonly ignored: readonly { at: string; who: string; what: string; why: string }[];
    /** True when the history was read only so far back: the clock stands there or earlier. */
    readonly atMost: boolean;
  };
  readonly labels: readonly { name: string; because: string }[];
  readonly hold: { kind: string; since: string; until: string | null; by: string } | null;
  readonly blockedBy: readonly string[];
  readonly place: { now: number | null; desired: number | null; of: number };
  readonly since: readonly { round: string; what: string }[];

  readonly title: string;
  readonly url: string | null;
  readonly modelHash: string;
  /** Score before decay. */
  readonly undecayed: number | null;
  /** From and to of the band in points; `kept`: by hysteresis, since the score alone would give `byScore`. */
  readonly bandRange: readonly [number, number] | null;
  readonly bandKept: { readonly byScore: number } | null;
  readonly idleDays: number;
  /** The threshold that gave the stage; null while fresh. */
  readonly threshold: Threshold | null;
  readonly thresholds: { readonly aging: Threshold | null; readonly stale: Threshold; readonly prune: Threshold };
  readonly pruneBelowScore: number;
  /** What exempts it from every stage, or null. */
  readonly exempt: string | null;
  /** Why it is not ranked; null when it is. */
  readonly notRanked: string | null;
  /** Keys of what blocks it, as `blockedBy` has refs. */
  readonly blockedByKeys: readonly string[];
  /** Keys of the ranked items that it blocks: they draw it up. */
  readonly blocks: readonly string[];
  readonly changed: {
    readonly since: string;
    readonly causes: readonly { what: string; from: string | null; to: string | null }[];
    readonly effects: readonly { what: string; from: string | null; to: string | null }[];
    readonly text: string | null;
  } | null;
  /** What the next round would do to it, or why that waits. */
  readonly next: readonly {
    readonly kind: string;
    readonly from: string | number | null;
    readonly to: string | number | null;
    readonly because: string;
    readonly guard: GuardName | null;
  }[];
}
