// Whether node_modules holds what package-lock.json asks for, told by npm's own list of what it installed, which npm writes
// last. Plain JavaScript for Node >= 20.
import { existsSync, readFileSync } from 'node:fs';

/** Why the tree is not right, for people; null when it is. `root` ends with a slash. */
export function whatIsWrong(root) {
  const wanted = readJson(`${root}package-lock.json`)?.packages;
  if (wanted === undefined) return 'there is no readable package-lock.json';
  const there = readJson(`${root}node_modules/.package-lock.json`)?.packages;
  if (!existsSync(`${root}node_modules`)) return 'there are none yet';
  if (there === undefined) return 'npm did not finish installing them';
  for (const [place, entry] of Object.entries(wanted)) {
    if (place === '' || isForElsewhere(entry)) continue;
    const found = there[place];
    if (found === undefined) return `${place} is missing`;
    if (found.version !== entry.version || found.integrity !== entry.integrity) return `${place} is another version`;
    if (readJson(`${root}${place}/package.json`)?.version !== entry.version) return `${place} is broken`;
  }
  if (wanted['node_modules/node'] !== undefined && !existsSync(`${root}node_modules/node/bin/node`)) {
    return 'the pinned Node was not put in place';
  }
  return null;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Optional packages for other machines are listed but never installed, and so are those that only they need. */
function isForElsewhere({ optional, os, cpu, libc }) {
  if (!optional) return false;
  const fits = (list, mine) => list !== undefined && list.includes(mine);
  if (!fits(os, process.platform) || !fits(cpu, process.arch)) return true;
  return libc !== undefined && !libc.includes(libcOfThisMachine());
}

function libcOfThisMachine() {
  return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}
