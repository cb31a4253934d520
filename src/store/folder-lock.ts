import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ConfigError, InUseError, messageOf } from '../errors.ts';
import { sayDiskFull } from './disk-full.ts';
import { processIdentity, processState } from './process-identity.ts';

/** Who holds a data folder. */
export interface FolderOwner {
  readonly pid: number;
  readonly host: string;
  /** When it was taken. */
  readonly at: string;
  /** Tells the process from a later one with the same id; null where the system does not say. */
  readonly identity: string | null;
  /** Where the running service answers, if it is one. */
  readonly url: string | null;
}

export interface FolderLock {
  /** Writes down where the service answers, for commands that find the folder in use. */
  announce(url: string): void;
  /** Gives the folder back. Safe to call twice. */
  release(): void;
}

const fileName = 'lock';
const beatMs = 10_000;
/** A lock of another host (a container that was replaced) counts as left behind after so long without a beat. */
const silenceMs = 90_000;

/**
 * Takes a data folder for this process; creates it if need be. PGlite has no lock of its own: two processes on one
 * folder silently lose each other's writes. A lock left behind by a killed process is taken over.
 * Throws InUseError naming the owner and what to do, ConfigError for a folder that cannot be made.
 */
export function lockFolder(folder: string, clock: Clock): FolderLock {
  makeFolder(folder);
  const file = join(folder, fileName);
  const mine: FolderOwner = {
    pid: process.pid,
    host: hostname(),
    at: clock.now().toISOString(),
    identity: processIdentity(process.pid),
    url: null,
  };
  for (let tries = 0; !tryLink(file, mine); tries++) {
    const found = readOwner(file);
    if (found !== null && (tries > 2 || isHeld(file, found, clock))) throw inUse(folder, file, found);
    setAside(file, found);
  }
  return keepLock(file, mine, clock);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new ConfigError(
      `The data folder ${folder} cannot be made: ${messageOf(error)}. Name another with WINNOW_DATA, or a database with DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** Who holds a data folder now; null: nobody alive. */
export function folderOwner(folder: string, clock: Clock): FolderOwner | null {
  const file = join(folder, fileName);
  const found = readOwner(file);
  return found !== null && isHeld(file, found, clock) ? found : null;
}

function keepLock(file: string, mine: FolderOwner, clock: Clock): FolderLock {
  let held = true;
  const beat = setInterval(() => {
    const now = clock.now();
    if (isMine(file, mine)) utimesSync(file, now, now);
  }, beatMs);
  beat.unref();
  const release = (): void => {
    if (!held) return;
    held = false;
    clearInterval(beat);
    process.off('exit', release);
    if (isMine(file, mine)) unlinkSync(file);
  };
  process.once('exit', release);
  return {
    announce(url) {
      const next = `${file}.${process.pid}`;
      writeFileSync(next, JSON.stringify({ ...mine, url }), { mode: 0o600 });
      renameSync(next, file);
    },
    release,
  };
}

/** A link appears with its whole content or not at all, so that nobody ever reads half a lock. */
function tryLink(file: string, owner: FolderOwner): boolean {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
    appear(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw sayDiskFull(error, dirname(file));
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function appear(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error;
    // A file system without hard links (exFAT, some mounts): nearly as good.
    writeFileSync(file, readFileSync(draft), { mode: 0o600, flag: 'wx' });
  }
}

/** null: there is no lock, or it is not one of ours (damaged), which names no owner either. */
function readOwner(file: string): FolderOwner | null {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isOwner(read) ? read : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function isOwner(read: unknown): read is FolderOwner {
  return typeof read === 'object' && read !== null && 'pid' in read && typeof read.pid === 'number' && 'host' in read;
}

function isMine(file: string, mine: FolderOwner): boolean {
  const found = readOwner(file);
  return found?.pid === mine.pid && found.host === mine.host && found.at === mine.at;
}

function isHeld(file: string, owner: FolderOwner, clock: Clock): boolean {
  if (owner.host === hostname()) return processState(owner.pid, owner.identity) === 'alive';
  const beat = statSync(file, { throwIfNoEntry: false });
  return beat !== undefined && clock.now().getTime() - beat.mtimeMs < silenceMs;
}

/** Moves a lock left behind out of the way; puts it back if somebody else took the folder in between. */
function setAside(file: string, judged: FolderOwner | null): void {
  const aside = `${file}.${process.pid}.left`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readOwner(aside);
  if (moved !== null && (moved.pid !== judged?.pid || moved.at !== judged.at)) linkBack(aside, file);
  unlinkSync(aside);
}

function linkBack(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function inUse(folder: string, file: string, owner: FolderOwner): InUseError {
  const who = `process ${owner.pid}${owner.host === hostname() ? '' : ` on ${owner.host}`} (since ${owner.at})`;
  const service = owner.url === null ? '' : `, which serves ${owner.url}`;
  return new InUseError(
    `The data folder ${folder} is in use by ${who}${service}. Wait for it or stop it; or give this run a folder of ` +
      `its own with WINNOW_DATA, or a database with DATABASE_URL. If that process is surely gone, delete ${file}.`,
  );
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
