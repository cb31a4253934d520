import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { commandOf, createPgliteSession, type PgliteSession, type SqlResult } from './pglite-session.ts';

/** What Kysely's PostgresDialect and BullMQ's Postgres backend ask of a node-postgres pool. */
export interface PglitePool extends EventEmitter {
  /** Read by BullMQ: in one process a LISTEN cannot be lost silently, so workers may block for long. */
  readonly options: { readonly keepAlive: true };
  connect(): Promise<PgliteClient>;
  query(text: string, params?: readonly unknown[]): Promise<SqlResult>;
  end(): Promise<void>;
}

export interface PgliteClient extends EventEmitter {
  query(text: string, params?: readonly unknown[]): Promise<SqlResult>;
  release(): void;
}

interface Checkouts {
  readonly session: PgliteSession;
  /** Clients handed out, with the name they gave themselves. */
  readonly clients: Map<PgliteClient, string>;
}

const probeSpacingMs = 25;

/**
 * A pool of logical clients over one embedded Postgres. Statements are run one by one; a transaction holds the session
 * from BEGIN to COMMIT or ROLLBACK, so transactions must be short.
 */
export function createPglitePool(db: PGlite, folder: string): PglitePool {
  const session = createPgliteSession(db, folder);
  const clients = new Map<PgliteClient, string>();
  const spaced = createProbeSpacing(session);
  const pool = Object.assign(new EventEmitter(), {
    options: { keepAlive: true as const },
    connect: () => Promise.resolve(createClient({ session, clients })),
    query(text: string, params?: readonly unknown[]): Promise<SqlResult> {
      if (text.includes('pg_stat_activity')) return Promise.resolve(namesOf(clients));
      if (text.includes('AS present') && text.includes(`field = 'paused'`)) return spaced(text, params);
      return session.run(text, params, false);
    },
    end(): Promise<void> {
      for (const client of [...clients.keys()]) client.release();
      return Promise.resolve();
    },
  });
  pool.setMaxListeners(0);
  return pool;
}

/** BullMQ finds its workers by application name; with one session the names are kept here. */
function namesOf(clients: Checkouts['clients']): SqlResult {
  const rows = [...clients.values()].filter(name => name !== '').map(name => ({ application_name: name }));
  return { rows, rowCount: rows.length, command: 'SELECT' };
}

/**
 * BullMQ 6.7's `waitForJob` answers "a job is present" even while a rate limit forbids to take it, and its worker then
 * asks without pause. Positive answers are spaced out per queue; a NOTIFY still wakes the worker at once.
 */
function createProbeSpacing(session: PgliteSession): PglitePool['query'] {
  const lastPresent = new Map<string, number>();
  return async (text, params) => {
    const queue = String(params?.[0]);
    const wait = (lastPresent.get(queue) ?? -Infinity) + probeSpacingMs - performance.now();
    if (wait > 0) await sleep(wait);
    const answer = await session.run(text, params, false);
    if (answer.rows[0]?.['present'] === true) lastPresent.set(queue, performance.now());
    return answer;
  };
}

function createClient({ session, clients }: Checkouts): PgliteClient {
  let unlock: (() => void) | null = null;
  let deaf: (() => void) | null = null;

  const query = async (text: string, params?: readonly unknown[]): Promise<SqlResult> => {
    const command = commandOf(text);
    if (text.includes(`set_config('application_name'`)) {
      clients.set(client, String(params?.[0] ?? ''));
      return { rows: [], rowCount: 0, command };
    }
    if (command === 'LISTEN') {
      deaf ??= session.db.onNotification((channel, payload) => client.emit('notification', { channel, payload }));
    }
    if (command === 'BEGIN' || command === 'START') unlock ??= await session.lock();
    try {
      return await session.run(text, params, unlock !== null);
    } finally {
      if (endsTransaction(command, text)) {
        unlock?.();
        unlock = null;
      }
    }
  };

  const release = (): void => {
    deaf?.();
    deaf = null;
    client.removeAllListeners();
    clients.delete(client);
    if (unlock === null) return;
    // Given back in the middle of a transaction: the next borrower must not find itself inside it.
    const give = unlock;
    unlock = null;
    void session.run('ROLLBACK', undefined, true).then(give, give);
  };

  const client: PgliteClient = Object.assign(new EventEmitter(), { query, release });
  client.setMaxListeners(0);
  clients.set(client, '');
  return client;
}

function endsTransaction(command: string, text: string): boolean {
  return command === 'COMMIT' || (command === 'ROLLBACK' && !/^\s*rollback\s+to\b/i.test(text));
}
