import { TrackerBusyError } from '../../src/errors.ts';
import { absent, itemRef, value, type Actor, type BacklogItem, type ItemRef } from '../../src/item.ts';
import { silentLog } from '../../src/log.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import type { Model } from '../../src/scoring/model.ts';
import type { BacklogSettings } from '../../src/settings.ts';
import type { ItemState, RoundReport } from '../../src/sync/ports.ts';
import { reconcile } from '../../src/sync/reconcile.ts';
import { createFlavouredTracker, type FlavouredTracker } from './flavoured-tracker.ts';
import type { Flavour } from './flavoured-writes.ts';
import {
  createInMemoryJournal,
  createInMemoryState,
  type JournalContent,
  type StateContent,
} from './in-memory-store.ts';
import { lostAnswer } from './in-memory-tracker.ts';
import { alice, anItem, robot } from './items.ts';
import { someSettings } from './round-world.ts';

export const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
export const minute = 60_000;
export const day = 86_400_000;

/** Who does something: another person, the person whose token Winnow uses, or a bot. */
export type Who = 'alice' | 'owner' | 'bot';

/** One thing that happens to a backlog. Plain data, so that a failing history shrinks. */
export type Step =
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'round'; readonly sweep: boolean }
  | {
      readonly do: 'edit';
      readonly item: number;
      readonly by: Who;
      readonly level: number;
      readonly effort: number | null;
    }
  | { readonly do: 'drag'; readonly item: number; readonly to: number; readonly by: Who }
  | { readonly do: 'unlabel'; readonly item: number; readonly by: Who }
  | { readonly do: 'label'; readonly item: number }
  /** The next write arrives, its answer does not; `cut`: the round ends there, its intent open. */
  | { readonly do: 'lose' }
  | { readonly do: 'cut' }
  | { readonly do: 'switch account' }
  | { readonly do: 'lose journal'; readonly stateToo: boolean }
  | { readonly do: 'back up' }
  | { readonly do: 'restore' };

export interface Start {
  readonly level: number;
  readonly effort: number | null;
  readonly idle: number;
  readonly words: number;
}

export interface Sky {
  readonly flavour: Flavour;
  /** Tracker's clock minus ours. */
  readonly skewMs: number;
  /** False: the connector takes the clocks for equal. */
  readonly measured: boolean;
  /**
   * What befalls the installation: two accounts in turn, or a journal that is lost and restored. Not both: who loses the
   * journal no longer knows which accounts it wrote with, and must list the former ones under ignoreActors.
   */
  readonly trouble: 'accounts' | 'journal';
  /** Whether a score field is written. */
  readonly scored: boolean;
  /** Whether an explanation is written to a text: null, or whether the history tells its changes. */
  readonly explained: 'told' | 'untold' | null;
}

const stages: readonly string[] = ['winnow-stale', 'winnow-prune'];
const begin = Date.UTC(2026, 5, 1, 10);
const accounts: readonly Actor[] = [
  { id: 'u-winnow', name: 'Winnow', automated: false },
  { id: 'u-second', name: 'Second', automated: false },
];

export interface LawWorld {
  readonly tracker: FlavouredTracker;
  readonly model: Model;
  now: number;
  settings: BacklogSettings;
  /** When people did what counts, by item: what certainly counts, and what may count or not. */
  readonly certain: Map<ItemRef, number[]>;
  readonly possible: Map<ItemRef, number[]>;
  step(step: Step): Promise<void>;
  round(sweep?: boolean): Promise<RoundReport>;
  resume(): Promise<void>;
  states(): Promise<ReadonlyMap<ItemRef, ItemState>>;
}

export function refAt(flavour: Flavour, index: number): ItemRef {
  return itemRef(flavour, index + 1);
}

function itemsOf(flavour: Flavour, starts: readonly Start[]): BacklogItem[] {
  return starts.map((start, i) => {
    const at = new Date(begin - start.idle * day);
    return anItem({
      id: i + 1,
      ref: refAt(flavour, i),
      priority: value({ name: scheme[start.level] ?? 'Medium', scheme }),
      effort: start.effort === null ? absent : value(start.effort),
      words: start.words,
      createdAt: at,
      changedAt: at,
    });
  });
}

/** A backlog in memory on which anything may happen; our clock and the tracker's lie apart as the sky says. */
export function aLawWorld(sky: Sky, starts: readonly Start[]): LawWorld {
  const there = (at: number): Date => new Date(at + sky.skewMs);
  const form = { form: 'lines', mostCharacters: null, untold: sky.explained === 'untold' } as const;
  const items = itemsOf(sky.flavour, starts).map(item =>
    sky.explained === null ? item : { ...item, explanation: absent },
  );
  const tracker = createFlavouredTracker(sky.flavour, items, there(begin), sky.explained === null ? undefined : form);
  tracker.measuredSkewMs = sky.measured ? sky.skewMs : 0;
  let journal = createInMemoryJournal();
  let state = createInMemoryState();
  let backup: { at: Date; journal: JournalContent; state: StateContent } | null = null;
  let account = 0;
  let rounds = 0;
  const whoIs = (who: Who): Actor => (who === 'alice' ? alice : who === 'bot' ? robot : tracker.account);
  const note = (where: Map<ItemRef, number[]>, ref: ItemRef, at: Date): void => {
    where.set(ref, [...(where.get(ref) ?? []), at.getTime()]);
  };
  const person = (who: Who, certain: boolean, ref: ItemRef, at: Date): void => {
    if (who !== 'bot') note(certain ? world.certain : world.possible, ref, at);
  };
  const world: LawWorld = {
    tracker,
    model: builtinModel,
    now: begin,
    settings: someSettings({
      write: {
        rank: true,
        labels: true,
        score: sky.scored ? 'Score' : null,
        scoreStep: 1,
        explanation: sky.explained && 'Why',
      },
      limits: { maxMoves: 200, maxMovedShare: 1, maxLabelChanges: 100, writesPerItemPerDay: 10_000, quietMinutes: 10 },
    }),
    certain: new Map(),
    possible: new Map(),
    async step(step) {
      world.now += 1_000;
      tracker.now = new Date(Math.max(tracker.now.getTime(), there(world.now).getTime()));
      await happen(step);
    },
    async round(sweep = false) {
      tracker.now = new Date(Math.max(tracker.now.getTime(), there(world.now).getTime()));
      const { report } = await reconcile(
        {
          settings: world.settings,
          model: world.model,
          purpose: 'run',
          apply: true,
          sweep,
          touched: [],
          liftLimits: false,
          otherWriters: [],
          savedPlan: null,
        },
        {
          connection: tracker.connection,
          backlog: tracker.backlog,
          state,
          journal,
          clock: { now: () => new Date(world.now++) },
          log: silentLog,
          newRoundId: () => `r${++rounds}`,
          progress: () => undefined,
          signal: new AbortController().signal,
          ignoreActors: [],
          site: 'https://tracker.test',
        },
      );
      return report;
    },
    async resume() {
      await state.resume(world.settings.name, { at: new Date(world.now), by: 'test' });
    },
    async states() {
      return (await state.load(world.settings.name))?.items ?? new Map();
    },
  };

  const happen = async (step: Step): Promise<void> => {
    switch (step.do) {
      case 'wait':
        world.now += step.minutes * minute;
        return;
      case 'round':
        await world.round(step.sweep);
        return;
      case 'edit': {
        const ref = refAt(sky.flavour, step.item % starts.length);
        const over: Partial<BacklogItem> = {
          priority: value({ name: scheme[step.level] ?? 'Medium', scheme }),
          effort: step.effort === null ? absent : value(step.effort),
        };
        const field = { kind: 'other', field: 'Priority', from: 'a', to: 'b' } as const;
        person(step.by, true, ref, tracker.edit(ref, over, whoIs(step.by), field));
        return;
      }
      case 'drag':
        tracker.drag(refAt(sky.flavour, step.item % starts.length), step.to % starts.length, whoIs(step.by));
        return;
      case 'unlabel':
        unlabel(step);
        return;
      case 'label': {
        const ref = refAt(sky.flavour, step.item % starts.length);
        const { labels } = tracker.items.get(ref)?.item ?? anItem();
        if (!labels.some(name => name === 'winnow-stale')) tracker.setLabels(ref, [...labels, 'winnow-stale'], alice);
        return;
      }
      case 'lose':
        tracker.afterWrite = once(() => lostAnswer());
        return;
      case 'cut':
        tracker.afterWrite = once(() => {
          throw new TrackerBusyError('the tracker asks for a pause');
        });
        return;
      case 'switch account':
        if (sky.trouble !== 'accounts') return;
        account = 1 - account;
        tracker.account = accounts[account] as Actor;
        world.settings = { ...world.settings, connection: account === 0 ? 'memory' : 'memory-2' };
        return;
      case 'lose journal':
        if (sky.trouble !== 'journal') return;
        journal = createInMemoryJournal();
        if (step.stateToo) state = createInMemoryState();
        return;
      case 'back up':
        backup = { at: tracker.now, journal: journal.copy(), state: state.copy() };
        return;
      case 'restore':
        if (backup === null || sky.trouble !== 'journal') return;
        journal = createInMemoryJournal(backup.journal);
        state = createInMemoryState(backup.state);
        doubtful(backup.at);
        return;
      default:
        step satisfies never;
    }
  };
  /** What the journal forgot and nothing else betrays may be taken for the token owner's: a label that went. */
  const doubtful = (since: Date): void => {
    for (const [ref, { history }] of tracker.items) {
      for (const entry of history) {
        const removed = entry.fields.flatMap(field => field.removed ?? []);
        const ours = accounts.some(({ id }) => id === entry.actor?.id);
        if (entry.at >= since && ours && removed.some(label => stages.includes(label)))
          note(world.possible, ref, entry.at);
      }
    }
  };
  const unlabel = ({ item, by }: Extract<Step, { do: 'unlabel' }>): void => {
    const ref = refAt(sky.flavour, item % starts.length);
    const { labels } = tracker.items.get(ref)?.item ?? anItem();
    const label = labels.find(name => name.startsWith('winnow-'));
    if (label === undefined) return;
    const at = tracker.setLabels(
      ref,
      labels.filter(name => name !== label),
      whoIs(by),
    );
    if (stages.includes(label)) person(by, by === 'alice', ref, at);
  };
  const once = (act: () => void) => (): void => {
    tracker.afterWrite = null;
    act();
  };
  return world;
}
