import { isIP } from 'node:net';
import { ConfigError } from '../errors.ts';

/** Where a Redis is, in ioredis' own words, and the prefix of our keys, in braces: all of them in one slot of a cluster. */
export interface RedisAddress {
  readonly connection: {
    readonly host?: string;
    readonly port?: number;
    readonly path?: string;
    readonly username?: string;
    readonly password?: string;
    readonly db: number;
    readonly tls?: { readonly servername?: string };
  };
  readonly prefix: string;
}

const example = 'Use redis://[user:password@]host[:port][/db][?prefix=name], rediss:// for TLS, or unix:///path?db=0.';

/** Reads REDIS_URL. Throws ConfigError without repeating the password. */
export function redisAddress(text: string): RedisAddress {
  if (!URL.canParse(text)) throw new ConfigError(`REDIS_URL is not a URL. ${example}`);
  const url = new URL(text);
  const prefix = clusterSafe(url.searchParams.get('prefix') ?? 'winnow');
  const login = {
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
  };
  if (url.protocol === 'unix:') {
    return {
      connection: { path: decodeURIComponent(url.pathname), ...login, db: dbOf(url.searchParams.get('db')) },
      prefix,
    };
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    throw new ConfigError(`REDIS_URL begins with ${url.protocol}//, which is not Redis. ${example}`);
  }
  // An IPv6 address stands in brackets in a URL and without them in a socket's options.
  const host = url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1';
  const port = url.port === '' ? 6379 : Number(url.port);
  // A server is named by name only (RFC 6066); an address is checked against the certificate all the same.
  const tls = url.protocol === 'rediss:' ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {};
  return { connection: { host, port, ...login, db: dbOf(url.pathname.slice(1)), ...tls }, prefix };
}

/** Scripts that touch several keys need these in one slot, which the part in braces decides. */
function clusterSafe(prefix: string): string {
  if (prefix === '' || /\s/.test(prefix))
    throw new ConfigError(`The prefix in REDIS_URL must not be empty, or hold spaces. ${example}`);
  return /\{[^}]+\}/.test(prefix) ? prefix : `{${prefix}}`;
}

function dbOf(text: string | null): number {
  if (text === null || text === '') return 0;
  if (!/^\d+$/.test(text))
    throw new ConfigError(`REDIS_URL names database "${text}", which is not a number. ${example}`);
  return Number(text);
}
