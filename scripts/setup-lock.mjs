// One set-up at a time in a checkout: npm ci empties node_modules first, under the feet of any other. Plain JavaScript for
// Node >= 20.
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

const pollMs = 300;
/** An installation takes half a minute; whoever holds the lock for longer than this is taken to be gone. */
const longestMs = 15 * 60_000;

/** Runs `work` while nobody else does, in this checkout, on this machine. */
export function withSetupLock(root, work) {
  const file = `${root}.winnow-setup.lock`;
  take(file);
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, host: hostname() }));
  try {
    for (let told = false; !linked(mine, file);) {
      const holder = read(file);
      if (holder !== null && isGone(file, holder)) removeStale(file, holder);
      else {
        if (!told && holder !== null)
          console.error(`Another set-up (${holder.text}) is at work here; waiting for it ...`);
        told = true;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A hard link appears with its content, or not at all. */
function linked(mine, file) {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function read(file) {
  try {
    const raw = readFileSync(file, 'utf8');
    const { pid, host } = JSON.parse(raw);
    return { raw, pid, host, text: host === hostname() ? `process ${pid}` : `process ${pid} on ${host}` };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    if (error instanceof SyntaxError) throw new Error(`${file} is not a lock of ours; remove it`, { cause: error });
    throw error;
  }
}

function isGone(file, { pid, host }) {
  try {
    if (Date.now() - statSync(file).mtimeMs > longestMs) return true;
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

/** Moved aside first: should somebody else have taken the lock meanwhile, it is put back. */
function removeStale(file, holder) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== holder.raw) linked(aside, file);
  rmSync(aside, { force: true });
}
