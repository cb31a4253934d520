import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** A Postgres server of its own for a test file, where the machine has one installed. */
export interface LocalPostgres {
  readonly url: string;
  /** Ends every session and starts anew on the same data, after doing something meanwhile. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** Every process of it stops, and goes on: connections stay, nothing answers. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Folder of `initdb` and `postgres`, or null when Postgres is not installed. */
export function postgresFolder(): string | null {
  const versions = '/usr/lib/postgresql';
  const debian = existsSync(versions) ? readdirSync(versions).map(version => join(versions, version, 'bin')) : [];
  const candidates = [...debian.sort().reverse(), ...(process.env.PATH ?? '').split(':')];
  return candidates.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}

/** Starts one in a temporary folder. Postgres refuses to run as root, so root hands it to `nobody`. */
export async function startPostgres(folder: string): Promise<LocalPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'winnow-pg-'));
  const user: { uid?: number; gid?: number } = process.getuid?.() === 0 ? idsOf('nobody') : {};
  if (user.uid !== undefined && user.gid !== undefined) chownSync(home, user.uid, user.gid);
  chmodSync(home, 0o700);
  const data = join(home, 'data');
  const made = spawnSync(join(folder, 'initdb'), ['-D', data, '-U', 'winnow', '-A', 'trust', '-N'], {
    ...user,
    cwd: home,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'shared_buffers=16MB'];
  const serve = async (): Promise<ChildProcess> => {
    const started = spawn(join(folder, 'postgres'), ['-D', data, '-p', String(port), '-k', home, ...settings], {
      ...user,
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await untilReady(started);
    return started;
  };
  let server = await serve();
  const end = async (): Promise<void> => {
    server.kill('SIGINT');
    await once(server, 'exit');
  };
  return {
    url: `postgres://winnow@127.0.0.1:${port}/postgres`,
    async restart(meanwhile) {
      await end();
      await meanwhile();
      server = await serve();
    },
    // While the server itself is stopped, none of its sessions comes or goes.
    freeze() {
      process.kill(server.pid ?? 0, 'SIGSTOP');
      for (const session of sessionsOf(server)) process.kill(session, 'SIGSTOP');
    },
    thaw() {
      for (const session of sessionsOf(server)) process.kill(session, 'SIGCONT');
      process.kill(server.pid ?? 0, 'SIGCONT');
    },
    async stop() {
      await end();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function sessionsOf({ pid }: ChildProcess): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

function idsOf(name: string): { readonly uid: number; readonly gid: number } {
  const ask = (flag: string): number => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
  return { uid: ask('-u'), gid: ask('-g') };
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => {
      reject(new Error(`postgres did not start: ${said}`));
    });
  });
}
