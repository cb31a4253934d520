import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';

/** The bearer token of the API and the queue board. */
export interface ApiToken {
  readonly value: string;
  /** The file that holds it, when none was configured. */
  readonly file: string | null;
  /** Short enough to be guessed. */
  readonly weak: boolean;
}

const leastLength = 16;

/** Where a generated token is kept. */
export function tokenFile(dataDir: string): string {
  return resolve(join(dataDir, 'api-token'));
}

/** The configured token, else the one in the data folder, made now (mode 0600) if there is none. Throws ConfigError. */
export function ensureToken(configured: string | null, dataDir: string): ApiToken {
  if (configured !== null) return { value: configured, file: null, weak: configured.length < leastLength };
  mkdirSync(dataDir, { recursive: true });
  const file = tokenFile(dataDir);
  const known = readToken(dataDir);
  if (known !== null) return { value: known, file, weak: false };
  // Linked into place whole, so that two processes that start at once agree on one.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  return ensureToken(null, dataDir);
}

/** The token in a data folder; null: there is none. Throws ConfigError for one that is too short to be ours. */
export function readToken(dataDir: string): string | null {
  const file = tokenFile(dataDir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  if (text.length < leastLength) {
    throw new ConfigError(`${file} holds no token (it is damaged). Delete it; the service makes a new one.`);
  }
  // Somebody may have copied the folder about; the token is the owner's alone.
  chmodSync(file, 0o600);
  return text;
}
