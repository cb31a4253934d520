import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface RedisChild {
  /** For REDIS_URL. */
  readonly url: string;
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
  const child = spawn('redis-server', settings, { stdio: 'ignore' });
  await once(child, 'spawn');
  const probe = new Redis({ path, maxRetriesPerRequest: null, retryStrategy: () => 25 });
  probe.on('error', () => undefined);
  await probe.ping();
  probe.disconnect();
  return {
    url: `unix://${path}`,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
