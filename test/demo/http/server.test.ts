import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/demo/http/faults.ts';
import { startHttpSite, type HttpSite } from '../../../src/demo/http/server.ts';

describe('demo/http/server', () => {
  const clock = { now: () => new Date('2026-03-30T10:00:00Z') };
  let handled = 0;
  let site: HttpSite;

  beforeEach(async () => {
    handled = 0;
    site = await startHttpSite({
      clock,
      keep: 3,
      handle: () => {
        handled += 1;
        return { status: 200, json: { hello: 'world' } };
      },
    });
  });
  afterEach(() => site.close());

  const get = (): Promise<Response> => fetch(`${site.url}/a/b?c=d`);

  it('answers JSON with the emulated date and keeps the exchange', async () => {
    const response = await get();

    expect(response.headers.get('date')).toBe('Mon, 30 Mar 2026 10:00:00 GMT');
    expect(await response.json()).toEqual({ hello: 'world' });
    const [exchange] = site.exchanges.all();
    expect(exchange).toMatchObject({ request: { method: 'GET', path: '/a/b' }, answer: { status: 200 }, fault: null });
  });

  it('keeps only the last exchanges', async () => {
    for (let call = 0; call < 8; call += 1) await get();

    expect(site.exchanges.all().map(exchange => exchange.number)).toEqual([6, 7, 8]);
  });

  const BROKEN: readonly (readonly [fault: Fault, handledThen: number])[] = [
    [{ kind: 'reset-before' }, 0],
    [{ kind: 'reset-after' }, 1],
    [{ kind: 'cut' }, 1],
  ];

  it.each(BROKEN)('%o breaks the connection', async (fault, handledThen) => {
    site.faults.next(fault);

    await expect(get().then(response => response.text())).rejects.toThrow();
    expect(handled).toBe(handledThen);
    expect((await get()).status).toBe(200);
  });

  it('a failing status is answered instead, with or without effect', async () => {
    site.faults.next({ kind: 'status', status: 503, headers: { 'Retry-After': '7' }, body: { why: 'busy' } });
    site.faults.next({ kind: 'status', status: 502, body: 'Bad gateway', after: true });

    const [first, second] = [await get(), await get()];

    expect([first.status, first.headers.get('retry-after'), await first.json()]).toEqual([503, '7', { why: 'busy' }]);
    expect([second.status, await second.text(), handled]).toEqual([502, 'Bad gateway', 1]);
  });

  it('half a body is no JSON', async () => {
    site.faults.next({ kind: 'truncate' });

    await expect(get().then(response => response.json())).rejects.toThrow(SyntaxError);
  });

  it('a sign-in page is HTML with 200', async () => {
    site.faults.next({ kind: 'html' });

    const response = await get();

    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html;charset=UTF-8']);
  });

  it('faults wait for their request, skip, and repeat', async () => {
    site.faults.next({ kind: 'status', status: 500, method: 'POST' });
    site.faults.next({ kind: 'status', status: 429, path: '/a/', skip: 1, times: 2 });

    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await get()).status);

    expect(statuses).toEqual([200, 429, 429, 200]);
    expect(site.faults.pending()).toBe(1);
  });

  it('headers are added and JSON is altered on demand', async () => {
    site.faults.next({ kind: 'headers', headers: { 'X-RateLimit-NearLimit': 'true' } });
    site.faults.next({ kind: 'alter', alter: () => ({ other: true }) });

    expect((await get()).headers.get('x-ratelimit-nearlimit')).toBe('true');
    expect(await (await get()).json()).toEqual({ other: true });
  });

  it('a fault of the emulator itself is a loud 500', async () => {
    await site.close();
    site = await startHttpSite({
      clock,
      handle: () => {
        throw new Error('broken');
      },
    });

    const response = await get();

    expect(response.status).toBe(500);
    expect(await response.text()).toContain('The emulator failed: broken');
  });
});
