import type { Change, Withheld } from '../change.ts';
import type { Effect, ItemResult, MetadataCache } from '../connectors/connector.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import type {
  EffectsOf,
  Intent,
  JournaledEffect,
  JournaledRound,
  LostSpan,
  OwnWrite,
  Pruned,
  RoundAudit,
  RoundMode,
  RoundPurpose,
  RoundOpening,
} from './journaled.ts';
export type {
  EffectsOf,
  Intent,
  JournaledEffect,
  JournaledRound,
  LostSpan,
  OwnWrite,
  Pruned,
  RoundAudit,
  RoundMode,
  RoundPurpose,
  RoundOpening,
} from './journaled.ts';

/** Ports that the store implements. Times are arguments; nothing here reads a clock. */

/** Why a later change of an item did not move its clock. */
export interface IgnoredActivity {
  readonly at: Date;
  readonly who: string;
  readonly what: string;
  readonly why: string;
}

/** When a person last did something meaningful. */
export interface ActivityClock {
  readonly at: Date;
  /** True when the history was read only so far back: the clock is `at` or earlier. */
  readonly atMost: boolean;
  readonly who: string;
  readonly what: string;
  /** Later entries that did not count, newest first, a few. */
  readonly ignored: readonly IgnoredActivity[];
}

export type HoldKind = 'pin' | 'drag' | 'missing-input' | 'new-item' | 'quiet' | 'write-budget' | 'quarantine';

/** A place kept for an item, which the order flows around. */
export interface Hold {
  readonly kind: HoldKind;
  readonly since: Date;
  readonly until: Date | null;
  /** Who or what holds it, for people. */
  readonly by: string;
  /** 0-based index among eligible items, in the order read by the first round that applied the hold. */
  readonly index: number;
}

/** What the state remembers of one item between rounds. */
export interface ItemState {
  readonly item: BacklogItem;
  readonly clock: ActivityClock;
  /** The band of the last round whose order was applied or already held, per model hash. */
  readonly band: { readonly modelHash: string; readonly band: number } | null;
  readonly hold: Hold | null;
  /** When a person last changed it (any field), for the quiet window; null if unknown. */
  readonly personAt: Date | null;
  /** Newest rank entry by a person that is not explained by the journal, for drags. */
  readonly rankedByPerson: RankedByPerson | null;
  /** True while comments and worklogs newer than the clock were not read, for they could not matter yet. */
  readonly unheard?: boolean;
}

/** A rank-only change by a person. */
export interface RankedByPerson {
  readonly at: Date;
  readonly who: string;
  /** True when the item held no order value before: ranking a neighbour fills in those of unranked items. */
  readonly entered?: boolean;
}

export interface SnapshotMeta {
  readonly takenAt: Date;
  readonly sweptAt: Date;
  readonly cursor: unknown;
  /** Refs in current order, all of the scope. */
  readonly order: readonly ItemRef[];
  /** To be read by id at the next round. */
  readonly touched: readonly ItemRef[];
  /** Items written lately (read by id for 15 minutes, since search indexes lag). */
  readonly written: readonly { readonly ref: ItemRef; readonly at: Date }[];
  /** What the connector was asked for; another request makes it void, but for places and bands of the same scope. */
  readonly requestHash: string;
}

export interface Snapshot {
  readonly meta: SnapshotMeta;
  readonly items: ReadonlyMap<ItemRef, ItemState>;
}

export interface SnapshotDelta {
  readonly meta: SnapshotMeta;
  /** New or changed item states. */
  readonly put: readonly ItemState[];
  readonly drop: readonly ItemRef[];
}

export interface Quarantined {
  readonly ref: ItemRef;
  readonly version: string;
  readonly problem: string;
  readonly since: Date;
}

/** Why a backlog is stopped. `second-instance` only observes; the others withhold by the guard `paused`. */
export type PauseReason = 'person' | 'undo' | 'breaker' | 'second-instance';

/** A stop of one backlog, until then or until `winnow resume`. */
export interface Pause {
  readonly reason: PauseReason;
  /** Who, or what happened: for people. */
  readonly by: string;
  readonly since: Date;
  /** null: until somebody resumes. */
  readonly until: Date | null;
}

/** A bound that somebody granted to the recomputed plan of a backlog: up to so many moves, until then. */
export interface Approval {
  readonly backlog: string;
  /** The round whose moves waited. */
  readonly round: string;
  readonly moves: number;
  readonly by: string;
  readonly grantedAt: Date;
  readonly until: Date;
}

/** The cache of what was read. Losing it costs a full read, and the memory of pins and bands. */
export interface StateStore {
  load(backlog: string): Promise<Snapshot | null>;
  /** One short transaction per chunk of rows, the meta row last: a crash leaves the older meta, never a mix that lies. */
  save(backlog: string, delta: SnapshotDelta): Promise<void>;
  drop(backlog: string): Promise<void>;
  /** Which other backlogs of a connection hold these refs (design law 8). */
  holders(connection: string, backlog: string, refs: readonly ItemRef[]): Promise<ReadonlyMap<ItemRef, string>>;
  quarantine(backlog: string, entry: Quarantined): Promise<void>;
  quarantined(backlog: string): Promise<readonly Quarantined[]>;
  metadata(connection: string, now: () => Date): MetadataCache;
  /** Pauses that run at that instant, oldest first; empty: not paused. */
  pauses(backlog: string, now: Date): Promise<readonly Pause[]>;
  /** Starts a pause; one of the same reason that runs already keeps its start and gets the new end. */
  pause(backlog: string, pause: Pause): Promise<void>;
  /** Ends every pause of a backlog, whatever its reason; answers those that ran. */
  resume(backlog: string, how: { readonly at: Date; readonly by: string }): Promise<readonly Pause[]>;
  /** When somebody last resumed a backlog; null: never. */
  resumedAt(backlog: string): Promise<Date | null>;
  /** Which notices went out about a backlog, by topic; JSON, opaque to the store. */
  told(backlog: string): Promise<unknown>;
  keepTold(backlog: string, notices: unknown): Promise<void>;
}

export type RoundStatus =
  'failed' | 'partial' | 'needs-approval' | 'planned' | 'applied' | 'observed' | 'nothing-to-do';

export interface Problem {
  readonly ref: ItemRef | null;
  readonly message: string;
}

/** One round as the journal keeps it and `--json` prints it. */
export interface RoundReport {
  readonly id: string;
  readonly backlog: string;
  readonly mode: RoundMode;
  /** Absent where the journal does not say: rounds that were cut off, and those of older versions. */
  readonly purpose?: RoundPurpose;
  readonly status: RoundStatus;
  readonly startedAt: Date;
  readonly items: number;
  readonly eligible: number;
  readonly scored: number;
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  readonly outcomes: { readonly applied: number; readonly failed: number };
  readonly problems: readonly Problem[];
  readonly calls: { readonly read: number; readonly write: number };
  readonly durationMs: number;
  /** Why writing failed, if it did for another reason than throttling or a stop; counted by the breaker. */
  readonly trouble?: string;
}

export interface RoundFilter {
  readonly backlog?: string;
  readonly connection?: string;
  /** By ref or key. */
  readonly item?: string;
  readonly since?: Date;
  /** Leaves out rounds that only answered a question. */
  readonly runsOnly?: boolean;
  readonly limit?: number;
}

/** What was intended, before each write; what came of it, after. */
export interface Journal {
  openRound(opening: RoundOpening): Promise<void>;
  /** The whole plan, before the first write; `order` (ids as they stood) only in rounds that move. */
  recordPlan(
    round: string,
    plan: { changes: readonly Change[]; withheld: readonly Withheld[]; order: readonly ItemRef[] | null },
  ): Promise<void>;
  intend(round: string, write: { id: string; effects: readonly Effect[] }, at: Date): Promise<void>;
  outcome(round: string, write: string, results: readonly ItemResult[], at: Date): Promise<void>;
  closeRound(report: RoundReport): Promise<void>;
  /** Intents without an outcome, oldest first, and rounds that were never closed. */
  openIntents(backlog: string): Promise<readonly Intent[]>;
  resolveIntent(intent: Intent, landed: boolean, at: Date): Promise<void>;
  /** Rounds of a backlog that were opened and never closed (a crash). They are closed as failed. */
  closeAbandoned(backlog: string, except: string, at: Date): Promise<number>;
  /** Own writes to these items of a connection's site, by any of its connections. */
  ownWrites(connection: string, refs: readonly ItemRef[]): Promise<ReadonlyMap<ItemRef, readonly OwnWrite[]>>;
  /** Since when the journal is complete for a connection's site; null: it holds nothing. */
  coversSince(connection: string): Promise<Date | null>;
  /** Times of a backlog that the journal lacks. */
  lostSpans(backlog: string): Promise<readonly LostSpan[]>;
  /**
   * Notes that the journal lacks what was done at `at`: everything between the rounds before and after it is lost. `now`
   * is the end where no later round is known. `toleranceMs`: how far the clocks lie apart.
   */
  noteLost(
    backlog: string,
    lost: { readonly at: Date; readonly now: Date; readonly toleranceMs: number },
  ): Promise<LostSpan>;
  /** Writes per item since an instant, where they are at least so many: for the per-item budget. */
  writesSince(connection: string, since: Date, atLeast: number): Promise<ReadonlyMap<ItemRef, number>>;
  /** Any round, closed or not; null: there is none of that id. */
  journaledRound(id: string): Promise<JournaledRound | null>;
  /** Every effect of a round, or every effect on these items of a connection's site; in the order they were intended. */
  effects(of: EffectsOf): Promise<readonly JournaledEffect[]>;
  grantApproval(approval: Approval): Promise<void>;
  /** The newest grant for a backlog, expired or not; null: there was none. */
  newestApproval(backlog: string): Promise<Approval | null>;
  auditOf(rounds: readonly string[]): Promise<ReadonlyMap<string, RoundAudit>>;
  /** Forgets rounds that began before an instant, but for what is still open or granted; `coversSince` follows. */
  prune(before: Date, now: Date): Promise<Pruned>;
  /** Newest first. */
  rounds(filter: RoundFilter): Promise<readonly RoundReport[]>;
}
