// Makes a fresh clone ready: installs dependencies when they are missing or older than the lock file, and, asked with
// --with-services as root on Debian, what the tests use beside Node. Plain JavaScript for Node >= 20, quiet when nothing is to do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { whatIsWrong } from './installed-tree.mjs';
import { withSetupLock } from './setup-lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.winnow-setup`;
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .update(readFileSync(`${root}package.json`))
  .digest('hex');

function run(command, args) {
  const child = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (child.error) throw child.error;
  return child.status ?? 1;
}

function stamped() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(`${root}node_modules/node/bin/node`);
}

/** A tree that somebody else's `npm ci` made is as good as ours: installing again would empty it under those who use it. */
function makeReady() {
  if (stamped()) return;
  const wrong = dependenciesChanged()
    ? 'package.json asks for other packages than package-lock.json'
    : whatIsWrong(root);
  if (wrong !== null) installPackages(wrong);
  writeFileSync(stamp, wanted);
}

/** Then npm ci says what to do about it. */
function dependenciesChanged() {
  const [lock, own] = ['package-lock.json', 'package.json'].map(name =>
    JSON.parse(readFileSync(`${root}${name}`, 'utf8')),
  );
  const listed = lock.packages?.[''] ?? {};
  return ['dependencies', 'devDependencies'].some(kind => {
    const [a, b] = [listed[kind] ?? {}, own[kind] ?? {}];
    return Object.keys({ ...a, ...b }).some(name => a[name] !== b[name]);
  });
}

function installPackages(why) {
  console.error(`Installing dependencies (${why}; once, about half a minute) ...`);
  const status = run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
  if (status !== 0) {
    console.error('npm ci failed. Check that the npm registry can be reached, then run the command again.');
    throw new SetupFailed(status);
  }
}

function onPath(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

function installService(command, debianPackage) {
  if (onPath(command)) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.error(
      `${command} is not installed: the tests that need it are skipped (Debian: apt-get install ${debianPackage}).`,
    );
    return;
  }
  console.error(`Installing ${debianPackage} ...`);
  const apt = args =>
    spawnSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (apt(['install', '-y', '-q', debianPackage]).status !== 0) {
    apt(['update', '-q']);
    if (apt(['install', '-y', '-q', debianPackage]).status !== 0) {
      console.error(`apt-get could not install ${debianPackage}: the tests that need it are skipped.`);
    }
  }
}

class SetupFailed extends Error {
  constructor(status) {
    super('npm ci failed');
    this.status = status;
  }
}

try {
  if (!stamped()) withSetupLock(root, makeReady);
} catch (error) {
  if (!(error instanceof SetupFailed)) throw error;
  process.exit(error.status);
}
if (process.argv.includes('--with-services')) installService('redis-server', 'redis-server');
