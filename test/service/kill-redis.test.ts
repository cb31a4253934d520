import { describe } from 'vitest';
import { killSuite } from '../support/kill-suite.ts';
import { postgresFolder, startPostgres } from '../support/local-postgres.ts';
import { hasRedis, startRedis } from '../support/redis-child.ts';

const bin = postgresFolder();

describe.skipIf(!hasRedis() || bin === null)('with servers', () => {
  killSuite('Redis and Postgres', 20261126, async () => {
    const [redis, postgres] = await Promise.all([startRedis(), startPostgres(bin ?? '')]);
    return {
      environment: () => ({ DATABASE_URL: postgres.url, REDIS_URL: redis.url }),
      databaseUrl: postgres.url,
      stop: async () => void (await Promise.all([redis.stop(), postgres.stop()])),
    };
  });
});
