import nock from 'nock';
import { afterEach, beforeEach, expect } from 'vitest';
import { undocumented } from './openapi.ts';

/** Jira at the wire: every request must be expected, every expectation met, every request documented. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Answer = Reply | ((sent: Sent) => Reply);

export const siteUrl = 'https://acme.atlassian.net';
export const sent: Sent[] = [];
const strays: string[] = [];

/** Expects one request, or `times`; the answer's body is JSON unless it is text. */
export function expectCall(
  method: string,
  path: string,
  answer: Answer = {},
  options: { times?: number; base?: string } = {},
): void {
  const base = new URL(options.base ?? siteUrl);
  const prefix = base.pathname === '/' ? '' : base.pathname;
  nock(base.origin)
    .intercept(`${prefix}${path}`, method)
    .query(true)
    .times(options.times ?? 1)
    .reply(async (request: Request) => {
      const url = new URL(request.url);
      const text = await request.text();
      const seen: Sent = {
        method,
        path: url.pathname.slice(prefix.length),
        query: url.searchParams,
        body: text === '' ? null : (JSON.parse(text) as unknown),
        headers: Object.fromEntries(request.headers),
      };
      sent.push(seen);
      const { status = 200, body = '', headers = {} } = typeof answer === 'function' ? answer(seen) : answer;
      const said = typeof body === 'string' ? body : JSON.stringify(body);
      return [status, said, { 'Content-Type': 'application/json;charset=UTF-8', ...headers }];
    });
}

/** Expects one request whose connection dies; `code` as the system calls it. */
export function expectBreak(method: string, path: string, code: string, times = 1): void {
  nock(siteUrl)
    .intercept(path, method)
    .query(true)
    .times(times)
    .replyWithError(Object.assign(new Error(code), { code }));
}

/** Registers the checks for a test file. */
export function watchWire(): void {
  beforeEach(() => {
    nock.disableNetConnect();
    nock.emitter.on('no match', noteStray);
  });
  afterEach(() => {
    const pending = nock.pendingMocks();
    const unknown = sent.flatMap(request =>
      undocumented(request).map(why => `${request.method} ${request.path}: ${why}`),
    );
    const wandered = strays.splice(0);
    sent.splice(0);
    nock.cleanAll();
    nock.emitter.off('no match', noteStray);
    expect({ pending, unknown, wandered }).toEqual({ pending: [], unknown: [], wandered: [] });
  });
}

function noteStray(request: Request): void {
  strays.push(`${request.method} ${request.url}`);
}

/** What was sent to one path, in order. */
export function sentTo(path: string): readonly Sent[] {
  return sent.filter(request => request.path === path);
}
