#!/usr/bin/env node
// Plain JavaScript: must parse on any Node. Runs the project under its own Node when the system's is too old,
// and the sources when there is no build yet.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const tooOld = major < 22 || (major === 22 && minor < 20);

if (tooOld) {
  // In a checkout, and beside an installed package.
  const places = ['../node_modules/node/bin/node', '../../node/bin/node'];
  const pinned = places.map(place => fileURLToPath(new URL(place, import.meta.url))).find(place => existsSync(place));
  if (pinned === undefined || process.env.WINNOW_REEXEC) {
    const next = existsSync(fileURLToPath(new URL('../src/main.ts', import.meta.url)))
      ? 'Run "npm ci" in the project, or install a newer Node.'
      : 'Install a newer Node, or put one beside winnow: npm install node@24';
    console.error(`winnow needs Node 22.20 or newer (this is ${process.version}). ${next}`);
    process.exit(2);
  }
  // Not spawnSync: a SIGTERM to the launcher must reach the service, which finishes the write in hand.
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, WINNOW_REEXEC: '1' },
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise(resolve => {
    child.on('error', error => {
      console.error(`winnow could not start its own Node: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (status, signal) => resolve(status ?? (signal ? 1 : 0)));
  });
  process.exit(code);
}

const built = new URL('../dist/main.js', import.meta.url);
const sources = new URL('../src/main.ts', import.meta.url);
// A checkout has sources, and they are newer than any dist left behind; a package has only dist.
const isCheckout = existsSync(fileURLToPath(sources));
const entry = isCheckout ? sources : built;
// Stripping the types takes half a second at each start; without a writable place the cache stays off by itself.
if (isCheckout) nodeModule.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/winnow', import.meta.url)));
const { main } = await import(entry.href);
process.exitCode = await main(process.argv.slice(2), process.env);
