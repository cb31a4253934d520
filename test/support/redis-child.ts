import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface RedisChild {
  /** For REDIS_URL. */
  readonly url: string;
  /** Stops answering, connections stay open; until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Forgets everything. */
  flush(): Promise<void>;
  /** Ends and starts anew, empty, after doing something meanwhile. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** A Redis of its own on a unix socket in a temporary folder: no port, no persistence. */
export async function startRedis(): Promise<RedisChild> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-redis-'));
  const path = join(folder, 'redis.sock');
  const settings = [
    '--port',
    '0',
    '--unixsocket',
    path,
    '--dir',
    folder,
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ];
  let child = await serve(settings, path);
  return {
    url: `unix://${path}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    flush: () => askRedis(path, redis => redis.flushall()),
    async restart(meanwhile) {
      await end(child);
      await meanwhile();
      child = await serve(settings, path);
    },
    async stop() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serve(settings: readonly string[], path: string): Promise<ChildProcess> {
  const child = spawn('redis-server', settings, { stdio: 'ignore' });
  await once(child, 'spawn');
  await askRedis(path, redis => redis.ping());
  return child;
}

async function askRedis(path: string, ask: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis({ path, maxRetriesPerRequest: null, retryStrategy: () => 25 });
  redis.on('error', () => undefined);
  await ask(redis);
  redis.disconnect();
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  await once(child, 'exit');
}
