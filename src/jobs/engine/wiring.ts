import {
  createPostgresBackend,
  createRedisBackend,
  runMigrations,
  type BackendFactory,
  type ConnectionOptions,
  type IQueueBackend,
  type PgPool,
} from 'bullmq';
import type { Log } from '../../log.ts';
import { redisAddress } from '../redis-address.ts';
import { checkEviction } from './eviction.ts';

/** A pool of the store: node-postgres', or the embedded database's likeness of it. */
export interface QueuePool {
  connect(): Promise<{ query(text: string): Promise<object>; release(): void }>;
  end(): Promise<void>;
}

/** Where the queue is kept: in the store's Postgres (embedded or not), or in Redis. */
export type QueueBackend =
  { readonly kind: 'postgres'; readonly pool: QueuePool } | { readonly kind: 'redis'; readonly url: string };

/** A backend as BullMQ's classes take it. */
export interface Wiring {
  readonly factory: BackendFactory<IQueueBackend>;
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  /** Connection of those who only add jobs: when Redis is away or hangs, fails soon instead of waiting for it for ever. */
  readonly producer: ConnectionOptions;
}

/** Whoever delivers or asks hears within seconds that the queue does not answer. */
const producerMs = 4_000;

/** Prepares a backend; looks at Redis' eviction policy; on Postgres, brings the queue's tables up to date. Throws ConfigError for a bad REDIS_URL. */
export async function wire(backend: QueueBackend, log: Log): Promise<Wiring> {
  if (backend.kind === 'redis') {
    const address = redisAddress(backend.url);
    await checkEviction(address, log);
    const { connection, prefix } = address;
    const producer = { ...connection, enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: producerMs };
    return { factory: createRedisBackend, connection, prefix, producer };
  }
  // Either pool does what BullMQ's own description of node-postgres asks; their generics do not say so.
  const pool = backend.pool as unknown as PgPool;
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  // BullMQ types its options for Redis; the Postgres factory takes a pool in the same place.
  const connection = pool as unknown as ConnectionOptions;
  const factory = createPostgresBackend as unknown as BackendFactory;
  return { factory, connection, prefix: 'winnow', producer: connection };
}
