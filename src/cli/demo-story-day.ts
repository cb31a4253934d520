import type { Tracker } from '../item.ts';
import type { RoundReport } from '../sync/ports.ts';

/** One command of a day, and what came of it. */
export interface Told {
  /** As a person types it. */
  readonly command: string;
  /** null: it was no round. */
  readonly report: RoundReport | null;
  /** What the command said, when it was no round. */
  readonly said: string;
}

/** What one scene showed on one tracker. */
export interface StoryDay {
  readonly day: number;
  readonly at: Date;
  readonly tracker: Tracker;
  readonly what: string;
  /** Why Winnow behaves so. */
  readonly rule: string;
  /** Keys, top first, before anybody did anything, and at the end. */
  readonly before: readonly string[];
  readonly order: readonly string[];
  /** Winnow's labels at the end, of the items that have some. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Keys of the items that a person's drag holds, by the last round. */
  readonly held: readonly string[];
  readonly told: readonly Told[];
  /** Calls that wrote. */
  readonly writes: number;
  /** Of the last round. */
  readonly status: RoundReport['status'];
  readonly expected: readonly { readonly text: string; readonly holds: boolean }[];
}

/** All rounds of a day, in order. */
export function roundsOf(day: Pick<StoryDay, 'told'>): readonly RoundReport[] {
  return day.told.flatMap(({ report }) => report ?? []);
}
