import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import { createExchangeLog, type ExchangeLog } from './exchange-log.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import type { Exchange, HttpAnswer, HttpRequest, WireAnswer } from './message.ts';

export interface HttpSiteOptions {
  /** Makes the `Date` header: the emulated tracker's own time. */
  readonly clock: Clock;
  readonly handle: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;
  /** Any free port when absent or 0. */
  readonly port?: number;
  /** Told of every exchange with its full body, after the answer is on its way. Must not throw. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** How many exchanges `exchanges` keeps; 1,000 when absent. */
  readonly keep?: number;
}

export interface HttpSite {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly faults: Faults;
  readonly exchanges: ExchangeLog;
  close(): Promise<void>;
}

/** Largest request read; both trackers refuse larger ones. */
const LARGEST_REQUEST = 10_000_000;

/** Starts an HTTP server on the loopback address. Rejects if the port is taken. */
export async function startHttpSite(options: HttpSiteOptions): Promise<HttpSite> {
  const faults = createFaults();
  const exchanges = createExchangeLog(options.keep ?? 1000);
  let number = 0;
  const server = createServer((incoming, response) => {
    const done = (exchange: Omit<Exchange, 'number'>): void => {
      number += 1;
      const complete = { number, ...exchange };
      exchanges.add(complete);
      options.onExchange?.(complete);
    };
    serve(options, faults, { incoming, response, done }).catch(() => response.destroy());
  });
  const url = await listen(server, options.port ?? 0);
  return {
    url,
    faults,
    exchanges,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

interface Visit {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly done: (exchange: Omit<Exchange, 'number'>) => void;
}

async function serve(options: HttpSiteOptions, faults: Faults, visit: Visit): Promise<void> {
  const request = await readRequest(visit.incoming);
  const fault = faults.take(request.method, request.path);
  if (fault?.kind === 'slow' && fault.after !== true) await late(fault);
  const at = options.clock.now();
  const answer = fault?.kind === 'reset-before' ? null : await answerWith(options, request, fault);
  const wire = answer === null ? null : onTheWire(answer, options.clock);
  // Before the answer leaves: whoever has seen an answer finds its exchange in the log.
  visit.done({ at, request, answer: wire, fault: fault?.kind ?? null });
  if (fault?.kind === 'slow' && fault.after === true) await late(fault);
  send(visit.response, wire, fault);
}

/** Does not keep a process alive whose site is closed. */
function late({ ms }: { readonly ms: number }): Promise<void> {
  return pause(ms, undefined, { ref: false });
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > LARGEST_REQUEST) throw new Error('The request is larger than 10 MB.');
  }
  const target = incoming.url ?? '/';
  const cut = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: cut < 0 ? target : target.slice(0, cut),
    query: new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1)),
    headers: incoming.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

async function answerWith(
  options: HttpSiteOptions,
  request: HttpRequest,
  fault: Fault | null,
): Promise<HttpAnswer | null> {
  if (fault !== null && replaces(fault) && !fault.after) return replacement(fault);
  const answer = await handled(options, request);
  if (fault === null) return answer;
  if (replaces(fault)) return replacement(fault);
  switch (fault.kind) {
    case 'reset-after':
      return null;
    case 'headers':
      return { ...answer, headers: { ...answer.headers, ...fault.headers } };
    case 'alter':
      return {
        status: answer.status,
        headers: answer.headers ?? {},
        json: fault.alter(JSON.parse(bodyOf(answer) ?? 'null')),
      };
    default:
      return answer;
  }
}

/** A fault of the emulator itself must be seen at once, not look like a tracker's. */
async function handled(options: HttpSiteOptions, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await options.handle(request);
  } catch (error) {
    const place = error instanceof Error ? (error.stack ?? '') : '';
    return { status: 500, json: { errorMessages: [`The emulator failed: ${messageOf(error)}`], stack: place } };
  }
}

type Replacing = Extract<Fault, { kind: 'status' | 'html' }>;

function replaces(fault: Fault): fault is Replacing {
  return fault.kind === 'status' || fault.kind === 'html';
}

function replacement(fault: Replacing): HttpAnswer {
  if (fault.kind === 'html') {
    return {
      status: fault.status ?? 200,
      headers: { 'content-type': 'text/html;charset=UTF-8' },
      text: '<!DOCTYPE html><html><head><title>Log in</title></head><body>Please log in.</body></html>',
    };
  }
  const headers = fault.headers ?? {};
  if (fault.body === undefined) return { status: fault.status, headers };
  if (typeof fault.body === 'string') return { status: fault.status, headers, text: fault.body };
  return { status: fault.status, headers, json: fault.body };
}

function bodyOf(answer: HttpAnswer): string | null {
  return answer.text ?? answer.serialised ?? (answer.json === undefined ? null : JSON.stringify(answer.json));
}

function onTheWire(answer: HttpAnswer, clock: Clock): WireAnswer {
  const headers: Record<string, string> = { date: clock.now().toUTCString() };
  const body = bodyOf(answer);
  if (body !== null) {
    headers['content-type'] = answer.text === undefined ? 'application/json;charset=UTF-8' : 'text/plain;charset=UTF-8';
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers[name.toLowerCase()] = value;
  return { status: answer.status, headers, body: body ?? '' };
}

function send(response: ServerResponse, wire: WireAnswer | null, fault: Fault | null): void {
  if (wire === null) {
    response.destroy();
    return;
  }
  response.sendDate = false;
  const whole = Buffer.from(wire.body ?? '', 'utf8');
  const half = whole.subarray(0, Math.floor(whole.length / 2));
  const body = fault?.kind === 'truncate' ? half : whole;
  const bare = wire.status === 204 || wire.status === 304;
  response.writeHead(wire.status, bare ? wire.headers : { ...wire.headers, 'content-length': String(body.length) });
  if (fault?.kind === 'cut') response.write(half, () => response.destroy());
  else response.end(bare ? undefined : body);
}
