/** Everything that decides where one item stands; printed as is by `--json`. */
export interface Explanation {
  readonly ref: string;
  readonly key: string;
  readonly backlog: string;
  readonly model: string;
  readonly score: number | null;
  readonly raw: number | null;
  readonly coverage: number;
  readonly parts: readonly unknown[];
  readonly band: number | null;
  readonly stage: string;
  readonly clock: {
    readonly at: string;
    readonly who: string;
    readonly what: string;
    readonly ignored: readonly { at: string; who: string; what: string; why: string }[];
  };
  readonly labels: readonly { name: string; because: string }[];
  readonly hold: { kind: string; since: string; until: string | null; by: string } | null;
  readonly blockedBy: readonly string[];
  readonly place: { now: number | null; desired: number | null; of: number };
  readonly since: readonly { round: string; what: string }[];
}
