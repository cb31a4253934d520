import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const scripts = join(import.meta.dirname, '../../scripts');
const elsewhere = { optional: true, os: ['aix'], cpu: ['ppc64'] };
const packages = {
  '': { dependencies: { one: '1.0.0' } },
  'node_modules/node': { version: '24.0.0', integrity: 'sha512-n' },
  'node_modules/one': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/foreign': { version: '1.0.0', integrity: 'sha512-b', ...elsewhere },
};

let root: string;

const put = (path: string, content: string): void => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};
const putJson = (path: string, content: unknown): void => put(path, JSON.stringify(content));

/** Instead of npm: notes that it ran, and leaves the tree that npm would. */
const fakeNpm = `#!/bin/sh
echo "begin $*" >> npm.log
sleep 0.3
rm -rf node_modules && cp -r good node_modules
echo end >> npm.log
exit \${NPM_STATUS:-0}
`;

function goodTree(): void {
  const { '': _own, 'node_modules/foreign': _foreign, ...installed } = packages;
  putJson('good/.package-lock.json', { packages: installed });
  putJson('good/one/package.json', { version: '1.0.0' });
  putJson('good/node/package.json', { version: '24.0.0' });
  put('good/node/bin/node', '');
}

async function setUp(environment: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; err: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts/setup.mjs')], {
    env: { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}`, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, err };
}

const npmRan = (): readonly string[] =>
  existsSync(join(root, 'npm.log')) ? readFileSync(join(root, 'npm.log'), 'utf8').trim().split('\n') : [];
const lockIsFree = (): boolean => !existsSync(join(root, '.winnow-setup.lock'));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'winnow-setup-'));
  cpSync(scripts, join(root, 'scripts'), { recursive: true });
  putJson('package.json', { type: 'module', dependencies: { one: '1.0.0' } });
  putJson('package-lock.json', { packages });
  goodTree();
  cpSync(join(root, 'good'), join(root, 'node_modules'), { recursive: true });
  put('bin/npm', fakeNpm);
  chmodSync(join(root, 'bin/npm'), 0o755);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('scripts/setup', () => {
  test('a right tree without a stamp is left alone', async () => {
    expect(await setUp()).toEqual({ code: 0, err: '' });
    expect(npmRan()).toEqual([]);
    expect(existsSync(join(root, 'node_modules/.winnow-setup'))).toBe(true);
  });

  test.each<[string, () => void, RegExp]>([
    ['nothing is installed', () => rmSync(join(root, 'node_modules'), { recursive: true }), /there are none yet/],
    ['npm was cut off', () => rmSync(join(root, 'node_modules/.package-lock.json')), /did not finish/],
    ['a package is gone', () => rmSync(join(root, 'node_modules/one'), { recursive: true }), /one is broken/],
    ['the Node is gone', () => rmSync(join(root, 'node_modules/node/bin'), { recursive: true }), /pinned Node/],
    [
      'the lock file asks for another version',
      () => putJson('package-lock.json', { packages: { ...packages, 'node_modules/one': { version: '1.1.0' } } }),
      /one is another version/,
    ],
    [
      'the lock file asks for more',
      () => putJson('package-lock.json', { packages: { ...packages, 'node_modules/two': { version: '1.0.0' } } }),
      /two is missing/,
    ],
    [
      'package.json was changed',
      () => putJson('package.json', { type: 'module', dependencies: { one: '2.0.0' } }),
      /package.json asks for other packages/,
    ],
  ])('installs when %s', async (_title, spoil, said) => {
    spoil();

    const { code, err } = await setUp();

    expect([code, err]).toEqual([0, expect.stringMatching(said)]);
    expect(npmRan()[0]).toMatch(/^begin ci /);
    expect(lockIsFree()).toBe(true);
  });

  test('two at once install once', async () => {
    rmSync(join(root, 'node_modules'), { recursive: true });

    const both = await Promise.all([setUp(), setUp()]);

    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(npmRan()).toHaveLength(2);
    expect(lockIsFree()).toBe(true);
  });

  test('the lock of a process that is gone is taken over', async () => {
    rmSync(join(root, 'node_modules'), { recursive: true });
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    putJson('.winnow-setup.lock', { pid: child.pid, host: hostname() });

    expect((await setUp()).code).toBe(0);
    expect(npmRan()).toHaveLength(2);
  });

  test('a failed installation says so, and is not taken for a good one', async () => {
    rmSync(join(root, 'node_modules'), { recursive: true });

    const failed = await setUp({ NPM_STATUS: '7' });
    expect([failed.code, failed.err]).toEqual([7, expect.stringContaining('npm ci failed')]);
    expect([lockIsFree(), existsSync(join(root, 'node_modules/.winnow-setup'))]).toEqual([true, false]);
  });
});
