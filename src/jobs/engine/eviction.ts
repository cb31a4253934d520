import { Redis } from 'ioredis';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { RedisAddress } from '../redis-address.ts';

const answerMs = 5_000;

/**
 * Says loudly when this Redis may throw jobs away: any policy but `noeviction` deletes keys of ours when memory is short.
 * A warning, since hosted services often forbid both asking and changing. Throws when Redis cannot be reached in time.
 */
export async function checkEviction({ connection }: RedisAddress, log: Log): Promise<void> {
  const redis = new Redis({
    ...connection,
    lazyConnect: true,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The failure itself arrives with the command.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
  } catch (error) {
    throw new Error(
      `Redis cannot be reached at ${placeOf(connection)}: ${messageOf(error)}. Check REDIS_URL, and that it runs.`,
      { cause: error },
    );
  }
  try {
    const policy = await policyOf(redis);
    if (policy === 'noeviction') return;
    log.warn(
      { policy },
      'Redis may delete jobs when its memory is short. Set "maxmemory-policy noeviction" in its configuration.',
    );
  } catch (error) {
    log.info({ problem: messageOf(error) }, 'Redis does not tell its eviction policy; see that it is noeviction');
  } finally {
    redis.disconnect();
  }
}

async function policyOf(redis: Redis): Promise<string> {
  const answer = (await redis.config('GET', 'maxmemory-policy')) as unknown;
  const policy = Array.isArray(answer) ? (answer as unknown[])[1] : null;
  if (typeof policy !== 'string') throw new Error('CONFIG GET answered something else');
  return policy;
}

/** Without user and password. */
function placeOf({ host, port, path, db }: RedisAddress['connection']): string {
  return `${path ?? `${host}:${port}`} (database ${db})`;
}
