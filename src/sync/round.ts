import type { Clock } from '../clock.ts';
import type { Connection, ReadOptions, TrackerBacklog } from '../connectors/connector.ts';
import type { ItemRef } from '../item.ts';
import type { Log } from '../log.ts';
import type { Model } from '../scoring/model.ts';
import type { BacklogSettings } from '../settings.ts';
import { ownLabels, type OwnLabels } from './labels.ts';
import type { Journal, RoundPurpose, StateStore } from './ports.ts';
import type { SavedPlan } from './saved-plan.ts';

/** What a round is asked to do. */
export interface RoundRequest {
  readonly settings: BacklogSettings;
  readonly model: Model;
  /** `run` writes what the guards leave; the others write nothing to the tracker, they answer a question. */
  readonly purpose: RoundPurpose;
  /** `--apply`: as if the backlog's mode were `apply`. */
  readonly apply: boolean;
  /** Read everything, whatever the snapshot says. */
  readonly sweep: boolean;
  /** Announced as changed; read by id. */
  readonly touched: readonly ItemRef[];
  /** Only the demo lifts the limits, and says so. */
  readonly liftLimits: boolean;
  /** Names of the other backlogs that write: none of their items may be in this one. */
  readonly otherWriters: readonly string[];
  /** A plan written earlier: only its changes are carried out, each only where nothing moved meanwhile. */
  readonly savedPlan: SavedPlan | null;
  /**
   * Whether what it read is kept for the next round: `keep` (default), `first` (only where nothing is kept yet: a question
   * must not use up what changed since the last round), `none` (a trial of another model).
   */
  readonly memory?: 'keep' | 'first' | 'none';
}

/** The parts a round is made with. Time, identity and the outside world arrive here. */
export interface RoundParts {
  readonly connection: Connection;
  readonly backlog: TrackerBacklog;
  readonly state: StateStore;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly newRoundId: () => string;
  readonly progress: ReadOptions['progress'];
  readonly signal: AbortSignal;
  /** Accounts beside our own that are not people. */
  readonly ignoreActors: readonly string[];
  /** What tells the tracker's site from others, for connections to one site share their journal. Default: the connection. */
  readonly site?: string;
}

/** A round under way. `now` is fixed at its start, so that everything in it agrees. */
export interface Round {
  readonly id: string;
  readonly now: Date;
  /** `now` on the tracker's clock. */
  readonly trackerNow: Date;
  readonly request: RoundRequest;
  readonly parts: RoundParts;
  readonly own: OwnLabels;
  readonly read: ReadOptions;
}

/** Fixes a round's identity and time. `historySince`: how far back people's acts can matter, or null for everything. */
export function beginRound(request: RoundRequest, parts: RoundParts, historyDays: number | null): Round {
  const now = parts.clock.now();
  const historySince = historyDays === null ? null : new Date(now.getTime() - (historyDays + 1) * 86_400_000);
  return {
    id: parts.newRoundId(),
    now,
    trackerNow: new Date(now.getTime() + parts.backlog.self.skewMs),
    request,
    parts,
    own: ownLabels(request.model.labelPrefix),
    read: { now, historySince, signal: parts.signal, progress: parts.progress },
  };
}

/** This instant on the tracker's clock, for the journal. */
export function trackerTime(round: Round): Date {
  return new Date(round.parts.clock.now().getTime() + round.parts.backlog.self.skewMs);
}
