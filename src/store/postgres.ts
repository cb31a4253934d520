import type { Pool } from 'pg';
import { ConfigError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

export type PostgresPool = Pool;

/** Every worker and every listener of the queue holds a connection of its own; they are opened as needed. */
const maxConnections = 30;
const oldestVersion = 140_000;

/** Connects to a Postgres. Throws ConfigError when it cannot be reached or is too old; never prints the password. */
export async function openPostgres(url: string, log: Log): Promise<PostgresPool> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'winnow',
    // BullMQ's statements name their tables without a schema.
    options: '-c search_path=bullmq,public',
  });
  // Every queue and worker listens for the pool's errors too.
  pool.setMaxListeners(0);
  pool.on('error', error => {
    log.warn({ problem: messageOf(error) }, 'an idle database connection was lost; the next query opens a new one');
  });
  try {
    const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version_num') as version`);
    if (Number(rows[0]?.version) < oldestVersion) throw new Error('it is older than Postgres 14.');
  } catch (error) {
    await pool.end();
    throw new ConfigError(
      `DATABASE_URL (${placeOf(url)}) cannot be used: ${messageOf(error)} Check host, database, user and password.`,
      { cause: error },
    );
  }
  return pool;
}

/** Host and database of a URL, without user and password. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'not a URL';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
