import type { BacklogItem } from '../../src/item.ts';
import { silentLog } from '../../src/log.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import type { Model } from '../../src/scoring/model.ts';
import type { BacklogSettings } from '../../src/settings.ts';
import type { StateStore } from '../../src/sync/ports.ts';
import { reconcile, type RoundResult } from '../../src/sync/reconcile.ts';
import type { RoundParts, RoundRequest } from '../../src/sync/round.ts';
import { undo } from '../../src/sync/undo.ts';
import { createInMemoryJournal, createInMemoryState, type InMemoryJournal } from './in-memory-store.ts';
import { createInMemoryTracker, type InMemoryTracker } from './in-memory-tracker.ts';

export function someSettings(over: Partial<BacklogSettings> = {}): BacklogSettings {
  return {
    name: 'shop',
    connection: 'memory',
    tracker: 'jira',
    scope: { kind: 'jira-board', board: 1 },
    model: 'default',
    mode: 'apply',
    write: { rank: true, labels: true, score: null, scoreStep: 1, explanation: null },
    schedule: '*/15 * * * *',
    sweep: '0 3 * * *',
    timezone: 'UTC',
    writeHours: null,
    limits: { maxMoves: 200, maxMovedShare: 1, maxLabelChanges: 100, writesPerItemPerDay: 12, quietMinutes: 10 },
    pins: { labels: ['winnow-pin'], dragHoldsDays: 14 },
    blockers: { linkTypes: ['Blocks'] },
    newItemsHoldDays: 0,
    sources: {},
    ...over,
  };
}

export interface World {
  readonly tracker: InMemoryTracker;
  readonly journal: InMemoryJournal;
  readonly state: StateStore;
  readonly model: Model;
  settings: BacklogSettings;
  now: Date;
  round(over?: Partial<RoundRequest>): Promise<RoundResult>;
  /** `winnow undo` of a round. */
  undo(id: string, purpose?: 'plan' | 'run'): Promise<RoundResult>;
}

/** A backlog in memory with everything a round needs; time moves only when a test says so. */
export function aWorld(items: readonly BacklogItem[], now = new Date('2026-06-01T10:00:00Z')): World {
  const tracker = createInMemoryTracker(items, now);
  const journal = createInMemoryJournal();
  const state = createInMemoryState();
  let rounds = 0;
  const parts = (): RoundParts => {
    tracker.now = new Date(Math.max(tracker.now.getTime(), world.now.getTime()));
    return {
      connection: tracker.connection,
      backlog: tracker.backlog,
      state,
      journal,
      clock: { now: () => world.now },
      log: silentLog,
      newRoundId: () => `r${++rounds}`,
      progress: () => undefined,
      signal: new AbortController().signal,
      ignoreActors: [],
    };
  };
  const world: World = {
    tracker,
    journal,
    state,
    model: builtinModel,
    settings: someSettings(),
    now,
    async round(over = {}) {
      const request: RoundRequest = {
        settings: world.settings,
        model: world.model,
        purpose: 'run',
        apply: false,
        sweep: false,
        touched: [],
        liftLimits: false,
        otherWriters: [],
        savedPlan: null,
        ...over,
      };
      return reconcile(request, parts());
    },
    async undo(id, purpose = 'run') {
      const target = await journal.journaledRound(id);
      if (target === null) throw new Error(`no round ${id}`);
      return undo({ settings: world.settings, model: world.model, target, by: 'alice', purpose }, parts());
    },
  };
  return world;
}
