import type { Change } from '../change.ts';
import type { Effect } from '../connectors/connector.ts';
import type { ItemRef } from '../item.ts';
import type { Mode } from '../settings.ts';

/** What the journal holds of rounds and writes. */

/** `undo` is the mode of an undo round, `clean` of the `winnow clean` command. */
export type RoundMode = Mode | 'undo' | 'clean';

/** Why a round was made: `run` to write, as far as its mode and the guards let it; the others to answer a question. */
export type RoundPurpose = 'run' | 'plan' | 'explain' | 'check';

export interface RoundOpening {
  readonly id: string;
  readonly backlog: string;
  readonly connection: string;
  readonly mode: RoundMode;
  readonly startedAt: Date;
  readonly model: string;
  readonly modelHash: string;
  /** The tracker account that writes, where it is known. */
  readonly account?: string;
  /** What tells the tracker's site from others; connections of one site share what the journal knows of it. */
  readonly site?: string;
}

/** Under which model, by which plan and with which account a round was made. */
export interface RoundAudit {
  readonly connection: string;
  readonly model: string;
  /** Names everything of the model that decides a score or a band. */
  readonly modelHash: string;
  /** Hash of what was planned and withheld; null: it ended before it had a plan. */
  readonly plan: string | null;
  readonly account: string | null;
}

/** What a pruning forgot. */
export interface Pruned {
  readonly rounds: number;
  readonly writes: number;
}

/** A time that the journal lacks although it covers what lies before it: it was restored from an older copy. */
export interface LostSpan {
  readonly from: Date;
  readonly to: Date;
}

/** One field of one item that Winnow set out to change. */
export interface Intent {
  readonly round: string;
  readonly write: string;
  readonly effect: Omit<Effect, 'change'>;
  /** Tracker's clock. */
  readonly at: Date;
}

/** An own write as the activity clock recognises it: open when its outcome was never told. */
export interface OwnWrite {
  readonly field: Effect['field'];
  readonly from: string | null;
  readonly to: string | null;
  readonly intendedAt: Date;
  readonly closedAt: Date | null;
  readonly status: 'open' | 'applied' | 'failed' | 'conflict' | 'not-landed';
  /** The account it was made with; absent where the journal does not say. */
  readonly account?: string;
}

/** An own write with the item and the round it belongs to. */
export interface JournaledEffect extends OwnWrite {
  readonly round: string;
  readonly ref: ItemRef;
  readonly key: string;
}

/** Effects of one round; of items on a connection's site; or of one item, by ref or key, in these rounds. */
export type EffectsOf =
  | { readonly round: string }
  | { readonly connection: string; readonly refs: readonly ItemRef[] }
  | { readonly item: string; readonly rounds: readonly string[] };

/** What the journal holds of one round beside its report: enough to undo it, however it ended. */
export interface JournaledRound {
  readonly id: string;
  readonly backlog: string;
  readonly connection: string;
  readonly mode: RoundMode;
  readonly startedAt: Date;
  /** As planned; what came of them is told by the effects. */
  readonly changes: readonly Change[];
  /** Eligible items as they stood before it, if it moved any. */
  readonly order: readonly ItemRef[] | null;
}
