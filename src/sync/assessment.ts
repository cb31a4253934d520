import type { GuardName } from '../change.ts';
import type { ItemRef } from '../item.ts';
import type { WantedLabel } from '../scoring/grooming.ts';
import type { Model, Score, StageReading } from '../scoring/model.ts';
import type { BacklogSettings } from '../settings.ts';
import type { ItemState } from './ports.ts';

/** What the round asks to hold beyond what the items themselves say. */
export interface HoldRequests {
  /** Items a person dragged since the last snapshot (relative order changed, by a person). */
  readonly dragged: ReadonlyMap<ItemRef, { readonly at: Date; readonly who: string }>;
  /** Items that must not be written for now. */
  readonly suspended: ReadonlyMap<
    ItemRef,
    { readonly guard: GuardName; readonly until: Date | null; readonly by: string }
  >;
}

/** All that decides what a backlog should look like at one instant. */
export interface DesireInput {
  readonly states: ReadonlyMap<ItemRef, ItemState>;
  /** All of the scope in its current order. */
  readonly order: readonly ItemRef[];
  readonly model: Model;
  readonly settings: BacklogSettings;
  readonly now: Date;
  /** Factor -> source as people would look it up. */
  readonly sources: Readonly<Record<string, string>>;
  readonly requests: HoldRequests;
}

export interface Assessment {
  readonly score: Score;
  /** Band after hysteresis; null while the item has no score, or when the model orders strictly. */
  readonly band: number | null;
  readonly stage: StageReading;
  readonly idleDays: number;
  /** Labels it should bear; none unless eligible. */
  readonly labels: readonly WantedLabel[];
  readonly eligible: boolean;
}
