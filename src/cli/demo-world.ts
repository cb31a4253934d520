import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseConfig } from '../config/load.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings } from '../settings.ts';
import { createHandler } from '../jobs/handlers.ts';
import { roundJob } from '../jobs/job.ts';
import { createQueue } from '../jobs/queue-engine.ts';
import type { Queue } from '../jobs/queue.ts';
import { systemClock } from '../clock.ts';
import { InternalError, messageOf } from '../errors.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createContext, newRoundId } from './context.ts';
import type { DemoSite } from './demo-sites.ts';
import type { CommandRound } from './command-round.ts';
import { runRound } from './run-rounds.ts';

/** The demo's own configuration, its queue and a worker for each site. */
export interface DemoWorld {
  readonly backlogs: readonly BacklogSettings[];
  /** One round, as a job through the queue, done by a worker in this process. */
  round(settings: BacklogSettings): Promise<CommandRound>;
  close(): Promise<void>;
}

/** State and journal of a demo, in a folder that goes when they are closed. */
export async function openDemoStore(log: Log): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-demo-'));
  const store = await openStore({ dataDir: join(folder, 'data'), databaseUrl: null, clock: systemClock, log });
  return {
    ...store,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Puts a configuration over emulated sites together, through the same loader that reads people's files. The store is
 * the caller's to close.
 */
export async function openDemoWorld(sites: readonly DemoSite[], store: Store, log: Log): Promise<DemoWorld> {
  const text = stringify({
    connections: Object.fromEntries(sites.map(site => [site.connection, site.connectionYaml])),
    backlogs: Object.assign({}, ...sites.map(site => site.backlogsYaml)) as unknown,
  });
  const config = parseConfig(text, 'the demo', {});
  const contexts = new Map(
    sites.map(site => [site.connection, createContext({ config, clock: site.clock, log, environment: {}, store })]),
  );
  const finished = new Map<string, CommandRound>();
  const queue = await startQueue(store, log);
  const handler = createHandler({
    async run(job, { signal }) {
      const settings = config.backlogs.find(backlog => backlog.name === job.backlog);
      const context = contexts.get(job.connection);
      if (settings === undefined || context === undefined) throw new InternalError(`no demo backlog ${job.backlog}`);
      const options = { purpose: 'run', apply: true, sweep: job.sweep, liftLimits: true, signal } as const;
      const round = await runRound(context, settings, options);
      finished.set(job.backlog, round);
      return round;
    },
  });
  for (const site of sites) await queue.work(site.connection, handler);
  return {
    backlogs: config.backlogs,
    round: settings => runThrough(queue, settings, finished),
    async close() {
      await queue.close();
      for (const context of contexts.values()) await context.close();
    },
  };
}

function startQueue(store: Store, log: Log): Promise<Queue> {
  return createQueue({
    backend: { kind: 'postgres', pool: store.pool },
    clock: systemClock,
    log,
    newId: () => newRoundId(systemClock.now()),
    chance: () => Math.random(),
  });
}

/** The job answers figures; the whole round was kept aside by the worker, which lives in this process. */
async function runThrough(
  queue: Queue,
  { name, connection }: BacklogSettings,
  finished: Map<string, CommandRound>,
): Promise<CommandRound> {
  finished.delete(name);
  const problem = await queue
    .run(roundJob({ connection, backlog: name, reason: 'person' }))
    .then(() => null, messageOf);
  const round = finished.get(name);
  if (round === undefined)
    throw new InternalError(`the round on ${name} left no trace: ${problem ?? 'its job ended well'}`);
  return round;
}
