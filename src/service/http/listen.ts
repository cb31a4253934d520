import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** A server that listens. */
export interface Listening {
  /** As other processes of this machine reach it. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, lets requests in hand end (bounded), hangs up. */
  close(graceMs: number): Promise<void>;
}

/** How long a sender may take, milliseconds. */
export interface Patience {
  /** Node looks for late requests this often. */
  readonly checkMs: number;
  readonly headersMs: number;
  /** The whole request. */
  readonly requestMs: number;
  /** A connection without a request. */
  readonly keepAliveMs: number;
}

/** 25 MB of a webhook come within a minute at 4 Mbit/s. */
const usual: Patience = { checkMs: 2_000, headersMs: 10_000, requestMs: 60_000, keepAliveMs: 5_000 };
/** A proxy and two trackers need few; each costs memory. Beyond these they are cut off without a word. */
const mostConnections = 4_000;

/** Listens. Throws when the address is taken or not ours, saying what to do. */
export async function listen(
  handle: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
  patience: Patience = usual,
): Promise<Listening> {
  const server = createServer(
    {
      connectionsCheckingInterval: patience.checkMs,
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      keepAliveTimeout: patience.keepAliveMs,
      maxHeaderSize: 16_384,
    },
    handle,
  );
  server.maxConnections = mostConnections;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw bindProblem(error, host, port);
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return { url: urlOf(host, bound), port: bound, close: graceMs => closeServer(server, graceMs) };
}

function bindProblem(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is in use by another program. Stop that one, or choose another service.http.port',
    EACCES: 'may not be opened by this user. Choose a service.http.port above 1023',
    EADDRNOTAVAIL: 'is no address of this machine. Check service.http.host',
    ENOTFOUND: 'is not known. Check service.http.host',
  };
  const why = said[code];
  return why === undefined ? error : new Error(`${host}:${port} ${why}.`, { cause: error });
}

/** Wildcards are no addresses that one could call. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A kept connection may fall idle only after close() looked for idle ones.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const hangUp = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await closed;
  } finally {
    clearInterval(sweep);
    clearTimeout(hangUp);
  }
}
