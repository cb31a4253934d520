import { setImmediate as nextTurn } from 'node:timers/promises';
import { types, type PGlite, type Results } from '@electric-sql/pglite';
import { sayDiskFull } from './disk-full.ts';

/** Of node-postgres' result, what Kysely and BullMQ read. */
export interface SqlResult {
  readonly rows: Record<string, unknown>[];
  readonly rowCount: number;
  readonly command: string;
}

export interface PgliteSession {
  readonly db: PGlite;
  /** Waits for the one session there is; call the answer to give it back. */
  lock(): Promise<() => void>;
  /** `locked`: the caller holds the session already (inside a transaction). */
  run(text: string, params: readonly unknown[] | undefined, locked: boolean): Promise<SqlResult>;
}

const yieldEveryMs = 4;
/**
 * For `PGlite.create`: node-postgres hands int8 over as text, and BullMQ's SQL layer expects that. Given with each query
 * instead, PGlite copies all its parsers each time, which doubled what a small statement costs.
 */
export const parsers = { [types.INT8]: (text: string): string => text };

/** The one session of an embedded Postgres, opened with our `parsers`; handed out in turn. `folder` is told when its disk is full. */
export function createPgliteSession(db: PGlite, folder: string): PgliteSession {
  let tail: Promise<void> = Promise.resolve();
  let lastYield = 0;

  const lock = (): Promise<() => void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ready = tail.then(() => resolve);
    tail = tail.then(() => promise);
    return ready;
  };

  const runNow = async (text: string, params: readonly unknown[] | undefined): Promise<SqlResult> => {
    // PGlite settles in microtasks only: without a turn of the loop a busy worker starves timers and sockets.
    if (performance.now() - lastYield > yieldEveryMs) {
      await nextTurn();
      lastYield = performance.now();
    }
    try {
      if (params === undefined || params.length === 0) return toResult(text, (await db.exec(text)).at(-1));
      return toResult(text, await db.query<Record<string, unknown>>(text, params.map(encode)));
    } catch (error) {
      throw sayDiskFull(error, folder);
    }
  };

  return {
    db,
    lock,
    async run(text, params, locked) {
      if (locked) return runNow(text, params);
      const unlock = await lock();
      try {
        return await runNow(text, params);
      } finally {
        unlock();
      }
    },
  };
}

/** The first word of a statement, after comments: `SELECT`, `BEGIN`, `LISTEN`. */
export function commandOf(text: string): string {
  const bare = text.replace(/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
  return (/^[a-z]+/i.exec(bare)?.[0] ?? '').toUpperCase();
}

function encode(value: unknown): unknown {
  if (value === undefined) return null;
  return value instanceof Date ? value.toISOString() : value;
}

function toResult(text: string, result: Results<Record<string, unknown>> | Results | undefined): SqlResult {
  const rows = (result?.rows ?? []) as Record<string, unknown>[];
  return { rows, rowCount: rows.length || (result?.affectedRows ?? 0), command: commandOf(text) };
}
