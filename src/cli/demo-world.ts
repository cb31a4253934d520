import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseConfig } from '../config/load.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings } from '../settings.ts';
import { openStore } from '../store/open-store.ts';
import { createContext, type Context } from './context.ts';
import type { DemoSite } from './demo-sites.ts';

/** The demo's own configuration and data folder; gone when it closes. */
export interface DemoWorld {
  readonly backlogs: readonly BacklogSettings[];
  /** The context with the clock of the site that a backlog lives on. */
  contextOf(settings: BacklogSettings): Context;
  close(): Promise<void>;
}

/** Puts a configuration over emulated sites together, through the same loader that reads people's files. */
export async function openDemoWorld(sites: readonly DemoSite[], log: Log): Promise<DemoWorld> {
  const [first] = sites;
  if (first === undefined) throw new RangeError('a demo needs a site');
  const text = stringify({
    connections: Object.fromEntries(sites.map(site => [site.connection, site.connectionYaml])),
    backlogs: Object.assign({}, ...sites.map(site => site.backlogsYaml)) as unknown,
  });
  const config = parseConfig(text, 'the demo', {});
  const dataDir = await mkdtemp(join(tmpdir(), 'winnow-demo-'));
  const store = await openStore({ dataDir: join(dataDir, 'data'), databaseUrl: null, clock: first.clock, log });
  const contexts = new Map(
    sites.map(site => [site.connection, createContext({ config, clock: site.clock, log, environment: {}, store })]),
  );
  return {
    backlogs: config.backlogs,
    contextOf(settings) {
      const found = contexts.get(settings.connection);
      if (found === undefined) throw new RangeError(`no site for ${settings.connection}`);
      return found;
    },
    async close() {
      for (const context of contexts.values()) await context.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
