import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { messageOf } from '../errors.ts';
import { sayDiskFull } from './disk-full.ts';
import { createPglitePool, type PglitePool } from './pglite-pool.ts';
import { parsers } from './pglite-session.ts';

const run = promisify(execFile);

/** PGlite's defaults are a server's (160 MB of shared buffers, 100 connections). */
const smallMemory = [
  'shared_buffers=8MB',
  'wal_buffers=256kB',
  'max_connections=3',
  'max_wal_size=32MB',
  'min_wal_size=32MB',
];

/**
 * V8 would compile Postgres' largest functions a second time, optimised, which takes 500 MB for some seconds; the first
 * compilation runs our queries about 1.4 times as long (load of 10,000 items: 0.5 s) and needs none of that.
 */
const baselineOnly = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

export interface OpenPglite {
  readonly db: PGlite;
  readonly pool: PglitePool;
  close(): Promise<void>;
}

/**
 * Opens the embedded Postgres of a data folder, making it first if need be; `null` keeps it in memory (tests).
 * The caller holds the folder's lock. There is no fsync: safe against a crash of the process, not of the machine.
 */
export async function openPglite(folder: string | null): Promise<OpenPglite> {
  const dataDir = folder === null ? null : await databaseFolder(folder);
  for (const flag of baselineOnly) setFlagsFromString(flag);
  const where = folder ?? '(in memory)';
  const db = await open(dataDir).catch((error: unknown) => {
    throw sayDiskFull(error, where);
  });
  const pool = createPglitePool(db, where);
  return {
    db,
    pool,
    async close() {
      await pool.end();
      await db.close();
    },
  };
}

async function open(dataDir: string | null): Promise<PGlite> {
  const where = dataDir === null ? {} : { dataDir };
  const db = await PGlite.create({ ...where, postgresqlconf: smallMemory, parsers });
  await db.exec('SET search_path TO bullmq, public');
  return db;
}

/** `<folder>/database`; made under another name and renamed, so that a cut-off initdb is never taken for a database. */
async function databaseFolder(folder: string): Promise<string> {
  const database = join(folder, 'database');
  if (existsSync(join(database, 'PG_VERSION'))) return database;
  const draft = join(folder, 'database.new');
  rmSync(draft, { recursive: true, force: true });
  const entry = fileURLToPath(new URL(`initialise-folder${extname(import.meta.url)}`, import.meta.url));
  try {
    await run(process.execPath, [...baselineOnly, entry, draft]);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(
      `The embedded database could not be made in ${folder}: ${reasonOf(error)}. ` +
        'Check that the folder is writable and has 60 MB free, or name a Postgres with DATABASE_URL.',
      { cause: error },
    );
  }
  renameSync(draft, database);
  return database;
}

/** A failed child prints its whole stack; people need the line that says what was wrong. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : messageOf(error);
  // PGlite's file system tells a full disk by a number alone.
  if (/errno: 51\b/.test(said)) return 'no space left on device';
  return /^\w*Error: (.+)$/m.exec(said)?.[1] ?? messageOf(error);
}
