import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, InUseError } from '../../src/errors.ts';
import { systemClock } from '../../src/clock.ts';
import { folderOwner, lockFolder } from '../../src/store/folder-lock.ts';
import { processIdentity } from '../../src/store/process-identity.ts';

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-lock-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const owner = (over: object = {}): string =>
  JSON.stringify({
    pid: process.pid,
    host: hostname(),
    at: '2026-11-24T00:00:00.000Z',
    identity: null,
    url: null,
    ...over,
  });
const lock = (): string => join(folder, 'lock');

/** Another live process to name as owner. */
async function aProcess(): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  children.push(child);
  return child as ChildProcess & { pid: number };
}

describe('store/folder-lock', () => {
  test('a second holder is refused with the pid and what to do', () => {
    const held = lockFolder(folder, systemClock);
    const again = (): unknown => lockFolder(folder, systemClock);
    expect(again).toThrow(InUseError);
    expect(again).toThrow(new RegExp(`process ${process.pid} .*WINNOW_DATA.*DATABASE_URL`));
    held.release();
    lockFolder(folder, systemClock).release();
  });

  test('a path that can be no folder says what to do, and nobody holds it', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(folderOwner(path, systemClock)).toBeNull();
      const take = (): unknown => lockFolder(path, systemClock);
      expect(take).toThrow(ConfigError);
      expect(take).toThrow(/data folder .*a-file.* cannot be made: .*WINNOW_DATA/);
    }
  });

  test('the service of a held folder is told', () => {
    const held = lockFolder(folder, systemClock);
    held.announce('http://127.0.0.1:9999');
    expect(folderOwner(folder, systemClock)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:9999' });
    expect(() => lockFolder(folder, systemClock)).toThrow(/serves http:\/\/127\.0\.0\.1:9999/);
    held.release();
    expect(folderOwner(folder, systemClock)).toBeNull();
  });

  test('a lock whose process is alive is respected', async () => {
    const { pid } = await aProcess();
    writeFileSync(lock(), owner({ pid, identity: processIdentity(pid) }));
    expect(() => lockFolder(folder, systemClock)).toThrow(InUseError);
  });

  test('a lock left by a killed process is taken over', async () => {
    const child = await aProcess();
    writeFileSync(lock(), owner({ pid: child.pid, identity: processIdentity(child.pid) }));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const held = lockFolder(folder, systemClock);
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid });
    held.release();
  });

  test.skipIf(processIdentity(process.pid) === null)('a reused pid does not hold the folder', async () => {
    const { pid } = await aProcess();
    writeFileSync(lock(), owner({ pid, identity: 'another boot:12345' }));
    lockFolder(folder, systemClock).release();
  });

  test('a damaged lock names no owner and is replaced', () => {
    writeFileSync(lock(), '{"pid":');
    lockFolder(folder, systemClock).release();
  });

  test('another host holds the folder while its beat goes on', () => {
    writeFileSync(lock(), owner({ host: 'elsewhere' }));
    expect(() => lockFolder(folder, systemClock)).toThrow(/on elsewhere/);
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(lock(), longAgo, longAgo);
    lockFolder(folder, systemClock).release();
  });

  test('releasing leaves the lock of a successor alone', () => {
    const held = lockFolder(folder, systemClock);
    const successor = owner({ pid: 1 });
    writeFileSync(lock(), successor);
    held.release();
    expect(readFileSync(lock(), 'utf8')).toBe(successor);
  });
});
