import type { ItemRef } from './item.ts';

/** Vocabulary: one difference between what is and what should be, with its reason. Apply obeys the value, never `because`. */
interface ChangeBase {
  readonly ref: ItemRef;
  readonly key: string;
  /** A sentence for people. */
  readonly because: string;
}

/** Places are 1-based among eligible items. `after`: the neighbour above in the desired order, null for the head. */
export interface MoveChange extends ChangeBase {
  readonly kind: 'move';
  readonly from: number;
  readonly to: number;
  readonly after: ItemRef | null;
}

export interface LabelAddChange extends ChangeBase {
  readonly kind: 'label-add';
  readonly from: null;
  readonly to: string;
}

export interface LabelRemoveChange extends ChangeBase {
  readonly kind: 'label-remove';
  readonly from: string;
  readonly to: null;
}

export interface ScoreSetChange extends ChangeBase {
  readonly kind: 'score-set';
  readonly from: number | null;
  readonly to: number | null;
}

/** The text that tells people where a score comes from, as the tracker holds it: plain lines, or the property's JSON. */
export interface ExplanationSetChange extends ChangeBase {
  readonly kind: 'explanation-set';
  readonly from: string | null;
  readonly to: string | null;
}

export type Change = MoveChange | LabelAddChange | LabelRemoveChange | ScoreSetChange | ExplanationSetChange;

export type GuardName =
  'observe' | 'needs-approval' | 'label-ramp' | 'quiet' | 'write-budget' | 'write-hours' | 'quarantine' | 'paused';

/** A change that a guard took out of a plan. It stays in the journal. */
export type Withheld = Change & { readonly guard: GuardName };

/** What came of one change. */
export type Outcome =
  | { readonly status: 'applied'; readonly change: Change }
  | { readonly status: 'failed'; readonly change: Change; readonly problem: string };
