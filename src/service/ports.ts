import type { Progress } from '../connectors/connector.ts';
import type { ItemRef } from '../item.ts';
import type { RoundJob } from '../jobs/job.ts';
import type { BacklogSettings } from '../settings.ts';
import type { LastRounds } from '../store/last-rounds.ts';
import type { Leases } from '../store/leases.ts';
import type { Refusals } from '../store/refusals.ts';
import type { Touched } from '../store/touched.ts';
import type { Grooming } from '../sync/grooming.ts';
import type { Journal, RoundReport, StateStore } from '../sync/ports.ts';

/** What the service uses of the store. */
export interface ServiceStore {
  readonly kind: 'embedded' | 'postgres';
  readonly state: StateStore;
  readonly journal: Journal;
  readonly leases: Leases;
  readonly lastRounds: LastRounds;
  readonly touched: Touched;
  readonly refusals: Pick<Refusals, 'of'>;
  readonly pool: { query(text: string): Promise<unknown> };
}

/** A round that a job asks for. */
export interface RoundOrder {
  readonly settings: BacklogSettings;
  readonly sweep: boolean;
  readonly touched: readonly ItemRef[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What the service needs to know of a round that ended. */
export interface ServiceRound {
  readonly report: RoundReport;
  /** Why it failed or ended early; null if it ran through. */
  readonly error: Error | null;
  /** True when everything was read. */
  readonly swept: boolean;
  /** How grooming stands; null unless everything was read. */
  readonly grooming: Grooming | null;
  /** Tracker's clock minus ours, milliseconds; null if it was not told. */
  readonly skewMs: number | null;
  /** Changes by people that were announced, and that were not; null without a last read to compare with. */
  readonly heard: { readonly announced: number; readonly missed: readonly ItemRef[] } | null;
  /** When a person last changed an item, on the tracker's clock; null if unknown. */
  readonly personAt: (ref: ItemRef) => Date | null;
  readonly quietMinutes: number;
}

/** Told after each round of the service, in the worker that made it. */
export type AfterRound = (ended: { readonly job: RoundJob; readonly round: ServiceRound }) => void | Promise<void>;

export const roles = ['worker', 'scheduler', 'web'] as const;
/** What a process of the service does; any combination, on any number of machines. */
export type Role = (typeof roles)[number];

/** What a process of the service says of itself. */
export interface ServiceFacts {
  readonly url: string;
  readonly roles: readonly Role[];
  readonly since: Date;
}
