import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkEviction } from '../../src/jobs/engine/eviction.ts';
import { redisAddress } from '../../src/jobs/redis-address.ts';
import { silentLog, type Log } from '../../src/log.ts';
import { hasRedis, startRedis, type RedisChild } from '../support/redis-child.ts';

describe.skipIf(!hasRedis())('jobs/engine/eviction', () => {
  let child: RedisChild;
  let admin: Redis;
  beforeAll(async () => {
    child = await startRedis();
    admin = new Redis(child.url.replace('unix://', ''));
  });
  afterAll(async () => {
    admin.disconnect();
    await child.stop();
  });

  async function saidFor(policy: string): Promise<string[]> {
    await admin.config('SET', 'maxmemory-policy', policy);
    const said: string[] = [];
    const log: Log = {
      ...silentLog,
      warn: (fields, message) => void said.push(`${String(fields['policy'])}: ${message}`),
    };
    await checkEviction(redisAddress(child.url), log);
    return said;
  }

  test('a Redis that deletes nothing is fine', async () => {
    expect(await saidFor('noeviction')).toEqual([]);
  });

  test('a Redis that may delete jobs is warned of', async () => {
    expect(await saidFor('allkeys-lru')).toEqual([expect.stringMatching(/^allkeys-lru: .*noeviction/)]);
  });

  test('a Redis that is not there is told with its place and without its password', async () => {
    const missing = checkEviction(redisAddress('redis://:hunter2secret@127.0.0.1:1/4'), silentLog);
    await expect(missing).rejects.toThrow(/127\.0\.0\.1:1 \(database 4\)/);
    await expect(missing).rejects.not.toThrow(/hunter2/);
  });
});
