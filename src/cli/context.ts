import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { findConfigFile, loadConfig } from '../config/load.ts';
import { secretsOf } from '../config/redact.ts';
import type { Config } from '../config/resolve.ts';
import type { Connection, Progress, TrackerBacklog } from '../connectors/connector.ts';
import { nobodyWatches, type Observer } from '../connectors/observer.ts';
import { createConnection } from '../connectors/registry.ts';
import { ConfigError, InternalError } from '../errors.ts';
import type { QueueEngine } from '../jobs/queue-engine.ts';
import type { Log } from '../log.ts';
import type { Model } from '../scoring/model.ts';
import type { BacklogSettings, ConnectionSettings } from '../settings.ts';
import { openStore, type Store } from '../store/open-store.ts';
import type { RoundParts } from '../sync/round.ts';

/** Everything a command works with; opened lazily, closed once. */
export interface Context {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: NodeJS.ProcessEnv;
  /** Where progress is shown; null: nobody watches. */
  readonly terminal: NodeJS.WriteStream | null;
  store(): Promise<Store>;
  /** In Redis when `REDIS_URL` names one, else beside the state. */
  queue(): Promise<QueueEngine>;
  /** Waits for the jobs in hand, bounded; does nothing when no queue was opened. */
  closeQueue(): Promise<void>;
  connection(name: string): Promise<Connection>;
  /** From now on tells somebody of the traffic with trackers. */
  observe(observer: Observer): void;
  openBacklog(settings: BacklogSettings): Promise<TrackerBacklog>;
  modelOf(settings: BacklogSettings, override?: string): Model;
  close(): Promise<void>;
}

/** Reads the configuration that a command line means. Throws ConfigError. */
export async function readConfig(flag: string | undefined, environment: NodeJS.ProcessEnv): Promise<Config> {
  return loadConfig(findConfigFile({ flag, environment, cwd: process.cwd() }), environment);
}

interface ContextArgs {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: NodeJS.ProcessEnv;
  readonly terminal?: NodeJS.WriteStream | null;
  /** A store that somebody else opened and closes. */
  readonly store?: Store;
}

/** Where state lives: `WINNOW_DATA`, default `.winnow`, unless `DATABASE_URL` names a Postgres. */
export function createContext(args: ContextArgs): Context {
  const { config, clock, log, environment } = args;
  const store = lazyStore(args);
  const queue = lazyQueue(args, store.open);
  const connections = lazyConnections(args, store.open);
  return {
    config,
    clock,
    log,
    environment,
    terminal: args.terminal ?? null,
    store: store.open,
    queue: queue.open,
    closeQueue: queue.close,
    connection: connections.open,
    observe: connections.observe,
    async openBacklog(settings) {
      return (await connections.open(settings.connection)).openBacklog(requestOf(config, settings));
    },
    modelOf: (settings, override) => modelOf(config, override ?? settings.model),
    async close() {
      await queue.close();
      await connections.close();
      await store.close();
    },
  };
}

/** Each opened when first asked for, and kept. */
function lazyConnections(
  { config, clock, log }: ContextArgs,
  store: () => Promise<Store>,
): Pick<Context, 'observe'> & { open(name: string): Promise<Connection>; close(): Promise<void> } {
  const opened = new Map<string, Connection>();
  let watching = nobodyWatches;
  const observer: Observer = {
    call: seen => watching.call(seen),
    waited: (name, seconds) => watching.waited(name, seconds),
  };
  return {
    async open(name) {
      const known = opened.get(name);
      if (known !== undefined) return known;
      const { state } = await store();
      const metadata = state.metadata(name, () => clock.now());
      const made = await createConnection(settingsOf(config, name), { clock, log, metadata, observer });
      opened.set(name, made);
      return made;
    },
    observe(next) {
      watching = next;
    },
    async close() {
      for (const connection of opened.values()) await connection.close();
    },
  };
}

/** The folder of the embedded database, and of the generated API token. */
export function dataFolder(environment: NodeJS.ProcessEnv): string {
  return environment.WINNOW_DATA ?? '.winnow';
}

/** Longer than a tracker's slowest write in hand, shorter than a supervisor's patience. */
const graceMs = 7_500;

function lazyQueue(
  { clock, log, environment }: ContextArgs,
  store: () => Promise<Store>,
): { open(): Promise<QueueEngine>; close(): Promise<void> } {
  let opened: Promise<QueueEngine> | null = null;
  const start = async (): Promise<QueueEngine> => {
    const { REDIS_URL: url } = environment;
    // Most commands need no queue, and its library is large.
    const { createQueue } = await import('../jobs/queue-engine.ts');
    return createQueue({
      backend:
        url === undefined || url === '' ? { kind: 'postgres', pool: (await store()).pool } : { kind: 'redis', url },
      clock,
      log,
      newId: () => `j${newRoundId(clock.now())}`,
      chance: () => Math.random(),
      graceMs,
    });
  };
  return {
    open: () => (opened ??= start()),
    async close() {
      if (opened !== null) await (await opened).close();
    },
  };
}

/** Opened when first asked for; closed only if it was opened here. */
function lazyStore({ store, clock, log, environment }: ContextArgs): {
  open(): Promise<Store>;
  close(): Promise<void>;
} {
  let opened: Promise<Store> | null = null;
  const start = (): Promise<Store> =>
    openStore({
      dataDir: dataFolder(environment),
      databaseUrl: environment.DATABASE_URL === '' ? null : (environment.DATABASE_URL ?? null),
      clock,
      log,
    });
  return {
    open() {
      if (store !== undefined) return Promise.resolve(store);
      opened ??= start();
      return opened;
    },
    async close() {
      if (opened !== null) await (await opened).close();
    },
  };
}

function requestOf(config: Config, settings: BacklogSettings): Parameters<Connection['openBacklog']>[0] {
  return {
    name: settings.name,
    scope: settings.scope,
    sources: settings.sources,
    scoreField: settings.write.score,
    explanation: settings.write.explanation,
    blockerLinkTypes: settings.blockers.linkTypes,
    ignoreActors: settingsOf(config, settings.connection).ignoreActors,
    timezone: settings.timezone,
  };
}

function settingsOf(config: Config, name: string): ConnectionSettings {
  const found = config.connections.find(connection => connection.name === name);
  if (found === undefined) throw new InternalError(`no connection ${name}, although the configuration was checked`);
  return found;
}

function modelOf(config: Config, name: string): Model {
  const found = config.models.find(model => model.name === name);
  if (found !== undefined) return found;
  throw new ConfigError(`There is no model ${name}. Known: ${config.models.map(model => model.name).join(', ')}.`);
}

/** The backlogs a command names, or all of them. Throws ConfigError listing the known ones. */
export function chosenBacklogs(config: Config, names: readonly string[]): readonly BacklogSettings[] {
  if (names.length === 0) return config.backlogs;
  return [...new Set(names)].map(name => {
    const found = config.backlogs.find(backlog => backlog.name === name);
    if (found !== undefined) return found;
    throw new ConfigError(`There is no backlog ${name}. Known: ${config.backlogs.map(b => b.name).join(', ')}.`);
  });
}

/** The parts of a round, put together. */
export async function roundParts(
  context: Context,
  settings: BacklogSettings,
  outside: { readonly backlog: TrackerBacklog; readonly progress: Progress; readonly signal: AbortSignal },
): Promise<RoundParts> {
  const { state, journal } = await context.store();
  const connection = settingsOf(context.config, settings.connection);
  return {
    connection: await context.connection(settings.connection),
    ...outside,
    state,
    journal,
    clock: context.clock,
    log: context.log,
    newRoundId: () => newRoundId(context.clock.now()),
    ignoreActors: connection.ignoreActors,
    site: connection.url,
  };
}

/** Sorts by time, as people read it: `r20261124-041537-1f3a9c`. */
export function newRoundId(now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `r${stamp}-${randomBytes(3).toString('hex')}`;
}

/** Secrets that must never be printed. */
export function secretsIn(config: Config): readonly string[] {
  return secretsOf(config);
}
