import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const project = join(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'winnow-package-'));
/** As npm lays out an installed package. */
const installed = join(home, 'node_modules/winnow');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function winnow(args: readonly string[], before: readonly string[] = []): Ended {
  const launcher = join(installed, 'bin/winnow.mjs');
  return spawnSync(process.execPath, [...before, launcher, ...args], { cwd: home, encoding: 'utf8' });
}

/** Makes the launcher believe that it runs on an old Node. */
const oldNode = join(home, 'old-node.mjs');
const onOldNode = ['--import', oldNode];

beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  const compiler = join(project, 'node_modules/tsc7/bin/tsc');
  const built = spawnSync(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json', '--outDir', join(installed, 'dist')],
    {
      cwd: project,
      encoding: 'utf8',
    },
  );
  if (built.status !== 0) throw new Error(`the build failed: ${built.stdout}${built.stderr}`);
  const { files } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { files: string[] };
  for (const file of [...files, 'package.json']) {
    if (file !== 'dist') cpSync(join(project, file), join(installed, file), { recursive: true });
  }
  for (const name of productPackages()) link(name);
  writeFileSync(
    oldNode,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } });" +
      "Object.defineProperty(process, 'version', { value: 'v20.11.0' });",
  );
}, 120_000);

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** What npm would install along with the package: everything in the lock file that is not for development only. */
function productPackages(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(packages).flatMap(([place, { dev }]) => {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place)?.[1];
    return name === undefined || dev === true ? [] : [name];
  });
}

function link(name: string): void {
  const from = join(project, 'node_modules', name);
  if (!existsSync(from)) return;
  const to = join(home, 'node_modules', name);
  mkdirSync(join(to, '..'), { recursive: true });
  symlinkSync(from, to);
}

describe('the package', () => {
  test('holds nothing that Node would have to strip types from', () => {
    expect(existsSync(join(installed, 'src'))).toBe(false);
    expect(existsSync(join(installed, 'dist/main.js'))).toBe(true);
  });

  test('runs on what the product needs, without the sources', () => {
    const help = winnow(['--help']);
    const schema = winnow(['config', 'schema']);

    expect([help.status, help.stderr, help.stdout]).toEqual([0, '', expect.stringContaining('winnow')]);
    expect([schema.status, schema.stderr]).toEqual([0, '']);
    expect(JSON.parse(schema.stdout)).toMatchObject({ type: 'object' });
  });

  test('runs the demo, which uses nearly everything', () => {
    const { status, stderr, stdout } = winnow(['demo', '--once', '--items', '6']);

    expect([status, stderr.includes('Cannot find')]).toEqual([0, false]);
    expect(stdout).toContain('Second round');
  }, 120_000);

  test('on an old Node says which it needs, and how to get it', () => {
    const { status, stderr } = winnow(['--help'], onOldNode);

    expect(status).toBe(2);
    expect(stderr).toBe(
      'winnow needs Node 22.20 or newer (this is v20.11.0). Install a newer Node, or put one beside winnow: npm install node@24\n',
    );
  });

  test('on an old Node takes the newer one beside it', () => {
    const node = join(home, 'node_modules/node/bin/node');
    mkdirSync(join(node, '..'), { recursive: true });
    writeFileSync(node, '#!/bin/sh\nshift; echo "newer node: $*"\n');
    chmodSync(node, 0o755);

    expect(winnow(['config', 'schema'], onOldNode)).toMatchObject({ status: 0, stdout: 'newer node: config schema\n' });
    rmSync(join(home, 'node_modules/node'), { recursive: true });
  });
});
