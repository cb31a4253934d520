import { join } from 'node:path';
import { postgresFolder, startPostgres } from '../test/support/local-postgres.ts';
import { hasRedis, startRedis } from '../test/support/redis-child.ts';

/** Where state and queue are kept while a service is measured. */
export interface BenchBackend {
  readonly name: 'embedded' | 'postgres' | 'redis+postgres';
  /** Starts its servers; answers the variables for a service whose files are in `folder`. */
  start(folder: string): Promise<{ readonly environment: NodeJS.ProcessEnv; stop(): Promise<void> }>;
}

/** Those that this machine has. */
export function backendsHere(): readonly BenchBackend[] {
  const bin = postgresFolder();
  return [embedded, ...(bin === null ? [] : [postgres(bin), ...(hasRedis() ? [redis(bin)] : [])])];
}

const embedded: BenchBackend = {
  name: 'embedded',
  start: folder =>
    Promise.resolve({ environment: { WINNOW_DATA: join(folder, 'data') }, stop: () => Promise.resolve() }),
};

function postgres(bin: string): BenchBackend {
  return {
    name: 'postgres',
    async start() {
      const server = await startPostgres(bin);
      return { environment: { DATABASE_URL: server.url }, stop: () => server.stop() };
    },
  };
}

function redis(bin: string): BenchBackend {
  return {
    name: 'redis+postgres',
    async start() {
      const [queue, server] = await Promise.all([startRedis(), startPostgres(bin)]);
      return {
        environment: { DATABASE_URL: server.url, REDIS_URL: queue.url },
        stop: async () => void (await Promise.all([queue.stop(), server.stop()])),
      };
    },
  };
}
