import { connect } from 'node:net';
import { once } from 'node:events';
import { Router } from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLog, type Log } from '../../src/log.ts';
import { createApi } from '../../src/service/http/api.ts';
import { createApp } from '../../src/service/http/app.ts';
import { listen, type Listening } from '../../src/service/http/listen.ts';
import { createProbes } from '../../src/service/http/probes.ts';
import type { Readiness } from '../../src/service/health.ts';
import type { Job } from '../../src/jobs/job.ts';
import { parseConfig } from '../../src/config/load.ts';

const token = 'a-token-of-some-length';
const bearer = { Authorization: `Bearer ${token}` };
const json = { ...bearer, 'Content-Type': 'application/json' };
const basic = (password: string): { Authorization: string } => ({
  Authorization: `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`,
});
const { backlogs } = parseConfig(
  `
connections: { acme: { url: https://acme.atlassian.net, auth: { email: a@example.com, apiToken: secret-token } } }
backlogs: { shop: { board: 1 } }
`,
  'winnow.yaml',
  {},
);

const open: Listening[] = [];
afterEach(() => Promise.all(open.splice(0).map(server => server.close(100))));

interface Over {
  readonly web?: boolean;
  readonly ready?: boolean;
  readonly log?: Log;
  readonly command?: (signal: AbortSignal) => Promise<unknown>;
}

async function serve(over: Over = {}): Promise<{ readonly url: string; readonly jobs: Job[] }> {
  const jobs: Job[] = [];
  const api = createApi({
    backlogs,
    log: silentLog,
    now: () => new Date('2026-11-25T10:00:00Z'),
    signal: new AbortController().signal,
    enqueue: job => Promise.resolve({ id: `j${jobs.push(job)}`, joined: false }),
    status: () =>
      over.log === undefined ? Promise.resolve({ fine: true }) : Promise.reject(new Error('secret detail')),
    command: body => (over.command === undefined ? `unreadable: ${JSON.stringify(body)}` : over.command),
  });
  const readiness = {
    ready: over.ready ?? true,
    reasons: over.ready === false ? ['the queue is away'] : [],
  } as unknown as Readiness;
  const board = Router().get('/', (_request, response) => void response.send('board'));
  const app = createApp({
    log: over.log ?? silentLog,
    requestLog: (_request, _response, next) => next(),
    probes: createProbes({
      readiness: () => Promise.resolve(readiness),
      metrics: () => Promise.resolve({ type: 'text/plain', text: 'winnow_x 1\n' }),
    }),
    web: over.web === false ? null : { token, api, board, webhooks: Router() },
    stopping: () => false,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  open.push(server);
  return { url: server.url, jobs };
}

describe('service/http', () => {
  test.each([
    ['/healthz', {}, 200],
    ['/readyz', {}, 200],
    ['/metrics', {}, 200],
    ['/api/status', {}, 401],
    ['/api/status', { Authorization: 'Bearer wrong' }, 401],
    ['/api/status', { Authorization: `Bearer ${token}x` }, 401],
    ['/api/status', { Authorization: token }, 401],
    ['/api/status', bearer, 200],
    ['/api/status', basic(token), 200],
    ['/api/status', basic('wrong'), 401],
    ['/api/status', { ...bearer, Origin: 'https://evil.example' }, 403],
    ['/api/status', { ...bearer, 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['/api/status', { ...bearer, 'Sec-Fetch-Site': 'same-site' }, 403],
    ['/api/status', { ...bearer, 'Sec-Fetch-Site': 'same-origin' }, 200],
    ['/admin/queues', {}, 401],
    ['/admin/queues', basic(token), 200],
    ['/api/nothing', bearer, 404],
    ['/', {}, 404],
  ])('GET %s with %j answers %i', async (path, headers, status) => {
    const { url } = await serve();
    const response = await fetch(`${url}${path}`, { headers });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('browsers are asked for the token on the board, programs are not', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/admin/queues`)).headers.get('www-authenticate')).toMatch(/^Basic realm="Winnow"/);
    expect((await fetch(`${url}/api/status`)).headers.get('www-authenticate')).toBe('Bearer');
  });

  test('the board is read-only', async () => {
    const { url } = await serve();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await fetch(`${url}/admin/queues`, { method, headers: basic(token) })).status).toBe(405);
    }
  });

  test('a service that is not ready says 503 and why', async () => {
    const { url } = await serve({ ready: false });
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { ready: false, reasons: ['the queue is away'] }]);
  });

  test('a process without the web role serves only its health', async () => {
    const { url } = await serve({ web: false });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/api/status`, { headers: bearer })).status).toBe(404);
  });

  test('a round on demand is a person’s job', async () => {
    const { url, jobs } = await serve();
    const response = await fetch(`${url}/api/rounds`, { method: 'POST', headers: json, body: '{"backlog":"shop"}' });
    expect([response.status, await response.json()]).toEqual([202, { id: 'j1', joined: false }]);
    expect(jobs).toMatchObject([{ backlog: 'shop', connection: 'acme', reason: 'person', sweep: false }]);
  });

  test.each([
    ['/api/rounds', '{"backlog":"nope"}', 404, /Known: shop/],
    ['/api/rounds', '{"backlog":"shop","more":1}', 400, /more/],
    ['/api/rounds', '{"backlog"', 400, /JSON/],
    ['/api/rounds', JSON.stringify({ backlog: 'x'.repeat(20_000) }), 413, /large/],
    ['/api/commands', '{"argv":[]}', 400, /unreadable/],
  ])('POST %s %.30s answers %i', async (path, body, status, said) => {
    const { url, jobs } = await serve();
    const response = await fetch(`${url}${path}`, { method: 'POST', headers: json, body });
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(said);
    expect(jobs).toEqual([]);
  });

  test('a caller that hangs up stops its command', async () => {
    const stopped = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const { url } = await serve({
      command(signal) {
        started.resolve();
        signal.addEventListener('abort', () => stopped.resolve());
        return stopped.promise;
      },
    });
    const leave = new AbortController();
    const asking = fetch(`${url}/api/commands`, { method: 'POST', headers: json, body: '{}', signal: leave.signal })
      .then(response => response.text())
      .catch(() => 'left');
    await started.promise;
    leave.abort();
    await stopped.promise;
    expect(await asking).toBe('left');
  });

  test('of more commands than it can carry out, the service refuses some until others have ended', async () => {
    const ends: (() => void)[] = [];
    const { url } = await serve({ command: () => new Promise<void>(resolve => ends.push(resolve)) });
    const ask = (): Promise<Response> => fetch(`${url}/api/commands`, { method: 'POST', headers: json, body: '{}' });
    // The heads of answers come at once, their bodies when the commands have ended.
    const four = await Promise.all([ask(), ask(), ask(), ask()]);

    const fifth = await ask();
    expect([...four, fifth].map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    expect([fifth.headers.get('retry-after'), await fifth.text()]).toEqual([
      '10',
      expect.stringContaining('4 commands'),
    ]);

    ends.forEach(end => end());
    await Promise.all(four.map(answer => answer.text()));
    const later = await ask();
    ends.forEach(end => end());
    expect(later.status).toBe(200);
  });

  test('what went wrong inside is in the log, not in the answer', async () => {
    const said: unknown[] = [];
    const log = { ...silentLog, error: (fields: unknown) => void said.push(fields) };
    const { url } = await serve({ log });
    const response = await fetch(`${url}/api/status`, { headers: { ...bearer, 'X-Request-Id': 'mine-1' } });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret detail');
    expect(said).toEqual([{ request: 'mine-1', problem: 'secret detail' }]);
  });

  test('an address in use is told plainly', async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(listen(() => undefined, { host: '127.0.0.1', port })).rejects.toThrow(/in use by another program/);
  });

  test('closing does not wait for kept connections', async () => {
    const { url } = await serve();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const before = performance.now();
    await open.pop()?.close(5_000);
    expect(performance.now() - before).toBeLessThan(2_000);
    socket.destroy();
  });
});
