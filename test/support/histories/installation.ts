import type { BacklogRequest, Connection } from '../../../src/connectors/connector.ts';
import { silentLog } from '../../../src/log.ts';
import { builtinModel } from '../../../src/scoring/builtin.ts';
import type { BacklogSettings } from '../../../src/settings.ts';
import { clean } from '../../../src/sync/clean.ts';
import type { ItemState, RoundReport } from '../../../src/sync/ports.ts';
import { reconcile } from '../../../src/sync/reconcile.ts';
import type { RoundParts, RoundRequest } from '../../../src/sync/round.ts';
import { undo } from '../../../src/sync/undo.ts';
import {
  createInMemoryJournal,
  createInMemoryState,
  type JournalContent,
  type StateContent,
} from '../in-memory-store.ts';
import { someSettings } from '../round-world.ts';
import type { HistorySite, Ticking } from './site.ts';

/** Winnow as it is installed for one backlog: the real connector over HTTP, a store in memory. */
export interface Installation {
  round(over?: Partial<RoundRequest>): Promise<RoundReport>;
  /** Of the newest round that wrote, if there is one. */
  undo(): Promise<void>;
  clean(): Promise<void>;
  resume(): Promise<void>;
  states(): Promise<readonly ItemState[]>;
  /** The connection begins without memory. */
  restart(): Promise<void>;
  switchAccount(): Promise<void>;
  lose(what: { readonly stateToo: boolean }): void;
  backUp(): void;
  restore(): void;
  close(): Promise<void>;
}

export function install(site: HistorySite, time: Ticking, scored: boolean): Installation {
  let journal = createInMemoryJournal();
  let state = createInMemoryState();
  let backup: { readonly journal: JournalContent; readonly state: StateContent } | null = null;
  let account: 0 | 1 = 0;
  let connection: Connection = site.connect(account, time);
  let rounds = 0;
  const settings = (): BacklogSettings => ({ ...settingsOf(site, scored), connection: `acme-${account}` });
  const request = (over: Partial<RoundRequest> = {}): RoundRequest => ({
    ...{ settings: settings(), model: builtinModel, purpose: 'run', apply: true, sweep: false, touched: [] },
    ...{ liftLimits: false, otherWriters: [], savedPlan: null },
    ...over,
  });
  const parts = async (): Promise<RoundParts> => ({
    ...{ connection, backlog: await connection.openBacklog(openingOf(settings())), state, journal, clock: time.clock },
    ...{ log: silentLog, newRoundId: () => `r${++rounds}`, progress: () => undefined, ignoreActors: [] },
    ...{ signal: new AbortController().signal, site: site.url },
  });
  const { name } = settings();
  return {
    round: async over => (await reconcile(request(over), await parts())).report,
    async undo() {
      const written = (await journal.rounds({ backlog: name })).find(report => report.outcomes.applied > 0);
      const target = written === undefined ? null : await journal.journaledRound(written.id);
      if (target === null) return;
      await undo({ settings: settings(), model: builtinModel, target, by: 'test', purpose: 'run' }, await parts());
    },
    clean: async () => void (await clean(request(), await parts())),
    resume: async () => void (await state.resume(name, { at: time.clock.now(), by: 'test' })),
    states: async () => [...((await state.load(name))?.items.values() ?? [])],
    async restart() {
      await connection.close();
      connection = site.connect(account, time);
    },
    async switchAccount() {
      account = account === 0 ? 1 : 0;
      await this.restart();
    },
    lose({ stateToo }) {
      journal = createInMemoryJournal();
      if (stateToo) state = createInMemoryState();
    },
    backUp: () => void (backup = { journal: journal.copy(), state: state.copy() }),
    restore() {
      if (backup === null) return;
      journal = createInMemoryJournal(backup.journal);
      state = createInMemoryState(backup.state);
    },
    close: () => connection.close(),
  };
}

function settingsOf({ tracker, scope, scoreField, blockers }: HistorySite, scored: boolean): BacklogSettings {
  return someSettings({
    tracker,
    scope,
    write: { rank: true, labels: true, score: scored ? scoreField : null, scoreStep: 1, explanation: null },
    limits: { maxMoves: 200, maxMovedShare: 1, maxLabelChanges: 100, writesPerItemPerDay: 10_000, quietMinutes: 10 },
    blockers: { linkTypes: [blockers] },
  });
}

function openingOf({ name, scope, write, blockers, timezone }: BacklogSettings): BacklogRequest {
  return {
    ...{ name, scope, sources: {}, scoreField: write.score, blockerLinkTypes: blockers.linkTypes },
    ...{ ignoreActors: [], timezone },
  };
}
