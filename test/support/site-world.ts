import { createContext, type Context } from '../../src/cli/context.ts';
import type { CommandRound } from '../../src/cli/command-round.ts';
import { runRound, type RunOptions } from '../../src/cli/run-rounds.ts';
import { parseConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/log.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

/** Configuration, store and rounds over an emulated site, with a clock that tests turn. */
export interface SiteWorld {
  readonly context: Context;
  readonly store: Store;
  now: Date;
  round(over?: Partial<RunOptions>, backlog?: string): Promise<CommandRound>;
  close(): Promise<void>;
}

/** `shared`: a store that others use too and that stays open; names of connections and backlogs must then differ. */
export async function openSiteWorld(yaml: string, clock: { now: Date }, shared?: Store): Promise<SiteWorld> {
  const config = parseConfig(yaml, 'winnow.yaml', {});
  const time = { now: () => clock.now };
  const store = shared ?? (await openStore({ dataDir: null, databaseUrl: null, clock: time, log: silentLog }));
  const context = createContext({ config, clock: time, log: silentLog, environment: {}, store });
  const signal = new AbortController().signal;
  const world: SiteWorld = {
    context,
    store,
    get now() {
      return clock.now;
    },
    set now(at) {
      clock.now = at;
    },
    async round(over = {}, backlog) {
      const settings = config.backlogs.find(b => backlog === undefined || b.name === backlog);
      if (settings === undefined) throw new Error(`no backlog ${backlog}`);
      return runRound(context, settings, {
        purpose: 'run',
        apply: true,
        sweep: false,
        liftLimits: true,
        signal,
        ...over,
      });
    },
    async close() {
      await context.close();
      if (shared === undefined) await store.close();
    },
  };
  return world;
}
