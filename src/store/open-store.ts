import { Kysely, PostgresDialect, type PostgresPool as KyselyPool } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Journal, StateStore } from '../sync/ports.ts';
import { lockFolder } from './folder-lock.ts';
import { createHearings, type Hearings } from './hearings.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createJournal } from './journal-store.ts';
import { createLastRounds, type LastRounds } from './last-rounds.ts';
import { createLeases, type Leases } from './leases.ts';
import { migrate } from './migrations/migrate.ts';
import { openPglite } from './pglite.ts';
import type { PglitePool } from './pglite-pool.ts';
import { openPostgres, type PostgresPool } from './postgres.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createStateStore } from './state-store.ts';
import type { Tables } from './tables.ts';
import { createTouched, type Touched } from './touched.ts';

/** State and journal, wherever they are kept; `pool` is for the queue. */
export interface Store {
  readonly kind: 'embedded' | 'postgres';
  readonly state: StateStore;
  readonly journal: Journal;
  readonly leases: Leases;
  readonly lastRounds: LastRounds;
  readonly touched: Touched;
  readonly inbox: Inbox;
  readonly hearings: Hearings;
  readonly refusals: Refusals;
  readonly pool: PglitePool | PostgresPool;
  /** Tells commands that find the data folder in use where the service answers. Does nothing on Postgres. */
  announce(url: string): void;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Folder of the embedded database; null keeps it in memory (tests). */
  readonly dataDir: string | null;
  /** A Postgres to use instead. */
  readonly databaseUrl: string | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens Postgres when one is named, else the embedded one. Throws InUseError, ConfigError. */
export async function openStore(options: StoreOptions): Promise<Store> {
  return options.databaseUrl === null ? openEmbedded(options) : openServer(options.databaseUrl, options.log);
}

async function openServer(url: string, log: Log): Promise<Store> {
  const pool = await openPostgres(url, log);
  return assemble({ kind: 'postgres', pool, announce: () => undefined, afterClose: () => Promise.resolve() });
}

async function openEmbedded({ dataDir, clock, log }: StoreOptions): Promise<Store> {
  const lock = dataDir === null ? null : lockFolder(dataDir, clock);
  try {
    const { db, pool } = await openPglite(dataDir);
    const house = startHousekeeping(pool, log);
    const store = await assemble({
      kind: 'embedded',
      pool,
      announce: url => lock?.announce(url),
      async afterClose() {
        await house.stop();
        await db.close();
        lock?.release();
      },
    });
    // The folder is ours alone: whoever held a backlog is dead, and need not be waited for.
    await pool.query('delete from winnow.lease');
    return store;
  } catch (error) {
    lock?.release();
    throw error;
  }
}

interface Parts {
  readonly kind: Store['kind'];
  readonly pool: Store['pool'];
  readonly announce: Store['announce'];
  readonly afterClose: () => Promise<void>;
}

async function assemble({ kind, pool, announce, afterClose }: Parts): Promise<Store> {
  // Both pools do what the dialect uses; neither declares its cursor overload.
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as unknown as KyselyPool }) });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await db.destroy();
    await afterClose();
  };
  try {
    await migrate(db);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    kind,
    state: createStateStore(db),
    journal: createJournal(db),
    leases: createLeases(db),
    lastRounds: createLastRounds(db),
    touched: createTouched(db),
    inbox: createInbox(db),
    hearings: createHearings(db),
    refusals: createRefusals(db),
    pool,
    announce,
    close: () => (closing ??= close()),
  };
}
