import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { PglitePool } from './pglite-pool.ts';

const everyMs = 5 * 60_000;

/**
 * PGlite has neither autovacuum nor a checkpointer: without this, dead rows and the write-ahead log grow for ever.
 * One statement per table, so that others get their turn in between. Answers the tables that were vacuumed.
 */
export async function keepHouse(pool: PglitePool): Promise<readonly string[]> {
  // Counts are handed in at most once a second, when a statement ends, unless asked for.
  await pool.query('select pg_stat_force_next_flush()');
  const { rows } = await pool.query(
    `select quote_ident(schemaname) || '.' || quote_ident(relname) as name from pg_stat_user_tables
      where n_dead_tup > 500 and n_dead_tup > 0.2 * n_live_tup order by 1`,
  );
  const tables = rows.map(row => String(row['name']));
  for (const table of tables) await pool.query(`vacuum (analyze) ${table}`);
  await pool.query('checkpoint');
  return tables;
}

/** Keeps house every few minutes until stopped. Never keeps the process alive; a failure is logged and tried again. */
export function startHousekeeping(pool: PglitePool, log: Log): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => {
      try {
        const tables = await keepHouse(pool);
        log.debug({ tables }, 'vacuumed');
      } catch (error) {
        log.warn({ problem: messageOf(error) }, 'housekeeping failed; it is tried again in five minutes');
      }
    });
  }, everyMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      return running;
    },
  };
}
