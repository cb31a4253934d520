// Makes a fresh clone ready: installs dependencies when they are missing or older than the lock file, and, asked with
// --with-services as root on Debian, what the tests use beside Node. Plain JavaScript for Node >= 20, quiet when nothing is to do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

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

function installed() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(`${root}node_modules/node/bin/node`);
}

function installPackages() {
  console.error('Installing dependencies (once; about half a minute) ...');
  const status = run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
  if (status !== 0) {
    console.error('npm ci failed. Check that the npm registry can be reached, then run the command again.');
    process.exit(status);
  }
  writeFileSync(stamp, wanted);
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

if (!installed()) installPackages();
if (process.argv.includes('--with-services')) installService('redis-server', 'redis-server');
