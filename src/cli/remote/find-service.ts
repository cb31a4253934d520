import { hostname } from 'node:os';
import type { Clock } from '../../clock.ts';
import { ConfigError } from '../../errors.ts';
import { readToken } from '../../service/token.ts';
import { folderOwner } from '../../store/folder-lock.ts';
import { dataFolder } from '../context.ts';

/** A service that carries out commands for us. */
export interface RemoteService {
  /** Without trailing slash. */
  readonly url: string;
  readonly token: string;
}

/**
 * The service to ask: the one that `WINNOW_URL` names, else the one that holds the embedded database of our data folder.
 * null: nobody holds what we need. The token: `WINNOW_API_TOKEN`, else the file that the service made. Throws ConfigError.
 */
export function findService(environment: NodeJS.ProcessEnv, clock: Clock): RemoteService | null {
  const named = environment.WINNOW_URL ?? '';
  if (named !== '') return { url: checkedUrl(named), token: tokenFor(environment, 'WINNOW_URL') };
  if ((environment.DATABASE_URL ?? '') !== '') return null;
  const owner = folderOwner(dataFolder(environment), clock);
  if (owner === null || owner.url === null || owner.host !== hostname()) return null;
  return { url: owner.url, token: tokenFor(environment, `the lock of ${dataFolder(environment)}`) };
}

function checkedUrl(text: string): string {
  if (!URL.canParse(text)) throw new ConfigError('WINNOW_URL is no address. Write https://winnow.example.com.');
  const { protocol, hostname: host, origin, pathname } = new URL(text);
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) {
    throw new ConfigError(
      `WINNOW_URL (${origin}) must begin with https://, for the token travels along (http: only to this machine).`,
    );
  }
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function tokenFor(environment: NodeJS.ProcessEnv, source: string): string {
  const token = environment.WINNOW_API_TOKEN ?? '';
  if (token !== '') return token;
  const made = readToken(dataFolder(environment));
  if (made !== null) return made;
  throw new ConfigError(
    `A service answers for this store (${source}), and its API token is not known here. Set WINNOW_API_TOKEN, or ` +
      'WINNOW_DATA to the folder that holds its api-token file.',
  );
}
