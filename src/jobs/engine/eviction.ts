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
  // What connecting rejects with says only that the connection is closed; the reason comes this way.
  let reason: unknown = null;
  redis.on('error', error => (reason = error));
  try {
    await redis.connect();
  } catch (error) {
    throw unreachable(connection, reason ?? error);
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

function unreachable(connection: RedisAddress['connection'], reason: unknown): Error {
  const said = messageOf(reason).replace(/\.$/, '');
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : '';
  return new Error(`Redis cannot be reached at ${placeOf(connection)}: ${said}. ${whatToDo(`${code} ${said}`)}`, {
    cause: reason,
  });
}

function whatToDo(said: string): string {
  if (/ALTNAME/.test(said)) return "Its certificate is another host's: use the name it was made for in REDIS_URL.";
  if (/CERT|SIGNATURE|ISSUER/.test(said))
    return 'Its certificate is not trusted here: name the file of its CA in NODE_EXTRA_CA_CERTS.';
  if (/WRONGPASS|NOAUTH|ERR AUTH/.test(said)) return 'Check user and password in REDIS_URL.';
  if (/SSL|TLS|wrong version|ECONNRESET|closed/i.test(said))
    return 'Check REDIS_URL (rediss:// with TLS, redis:// without), and that it runs.';
  return 'Check REDIS_URL, and that it runs.';
}

/** Without user and password. */
function placeOf({ host, port, path, db }: RedisAddress['connection']): string {
  return `${path ?? `${host}:${port}`} (database ${db})`;
}
