import { gzipSync } from 'node:zlib';
import nock from 'nock';
import { describe, expect, it } from 'vitest';
import {
  BadAnswerError,
  CredentialError,
  NotFoundError,
  PermissionError,
  StoppedError,
  TrackerBusyError,
} from '../../../src/errors.ts';
import { ref } from './support/values.ts';
import { aBench, anItemAnswer, host, memoryCache, routes, useWire, warmCache, whoAmI } from './support/wire.ts';

const page = '<html><head><title>Azure DevOps Services | Sign In</title></head></html>';
const html = { 'content-type': 'text/html; charset=utf-8' };
const batch = '/acme/_apis/wit/workItemsBatch';

/** Reads one item after the wire was told how to answer. */
async function readOne(bench = aBench()) {
  const backlog = await bench.open();
  return { backlog, found: await backlog.locate([ref(7)], bench.options) };
}

describe('connectors/azure-devops/client', () => {
  useWire();

  it('requests are signed, named, and keep redirects to sign-in pages away', async () => {
    const reqheaders = {
      authorization: `Basic ${Buffer.from('PAT:hunter2').toString('base64')}`,
      'x-tfs-fedauthredirect': 'Suppress',
      'user-agent': /^winnow\/\d/,
    };
    nock(host, { reqheaders })
      .get('/acme/_apis/connectionData')
      .reply(200, { authenticatedUser: { id: 'me', providerDisplayName: 'W' } });

    expect(await aBench().connection.self()).toMatchObject({ id: 'me', name: 'W', skewMs: 0 });
  });

  it.each([
    ['a sign-in page with 203', 203, page, html, CredentialError],
    ['a redirect', 302, '', { location: 'https://login.example.com/_signin' }, CredentialError],
    ['a refusal', 401, '', {}, CredentialError],
    ['no permission', 403, { message: 'VS403463: blocked by policy' }, {}, PermissionError],
    ['a page with 200', 200, page, html, BadAnswerError],
    ['half an answer', 200, '{"authenticatedUser":{"id":', { 'content-type': 'application/json' }, BadAnswerError],
    ['an empty answer', 200, '', {}, BadAnswerError],
    ['an unknown place', 404, 'no controller', { 'content-type': 'text/plain' }, NotFoundError],
    [
      'an anonymous user',
      200,
      { authenticatedUser: { id: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' } },
      {},
      CredentialError,
    ],
    ['Azure DevOps Server', 200, { authenticatedUser: { id: 'x' }, deploymentType: 'onPremises' }, {}, BadAnswerError],
  ])('%s is an error of its own', async (_name, status, body, headers, kind) => {
    nock(host)
      .get('/acme/_apis/connectionData')
      .reply(status, body, headers as nock.ReplyHeaders);

    const error: unknown = await aBench()
      .connection.self()
      .catch((e: unknown) => e);

    expect(error).toBeInstanceOf(kind);
    expect(String(error)).not.toContain('hunter2');
  });

  it('a compressed answer is read', async () => {
    const body = gzipSync(JSON.stringify({ authenticatedUser: { id: 'me', providerDisplayName: 'Z' } }));
    nock(host).get('/acme/_apis/connectionData').reply(200, body, { 'content-encoding': 'gzip' });

    expect(await aBench().connection.self()).toMatchObject({ name: 'Z' });
  });

  it("the service's clock is compared with ours", async () => {
    whoAmI({ date: 'Tue, 10 Mar 2026 12:05:00 GMT' });

    expect(await aBench().connection.self()).toMatchObject({ skewMs: 300_000 });
  });

  it('a throttled read waits as long as it is told', async () => {
    whoAmI();
    nock(host).post(batch).reply(429, { message: 'TF400733: throttled' }, { 'retry-after': '30' });
    nock(host)
      .post(batch)
      .reply(200, { count: 1, value: [anItemAnswer(7)] });
    const bench = aBench({ chance: 0.5 });

    const { found, backlog } = await readOne(bench);

    expect(found.get(ref(7))?.state).toBe('in-scope');
    expect(bench.slept).toEqual([34_500]);
    expect(backlog.calls()).toEqual({ read: 2, write: 0 });
  });

  it('a pause asked for with a good answer is kept before the next call', async () => {
    whoAmI({ 'retry-after': '12', 'x-ratelimit-delay': '0.4' });
    nock(host)
      .post(batch)
      .reply(200, { count: 1, value: [anItemAnswer(7)] });
    const bench = aBench();

    await readOne(bench);

    expect(bench.slept).toEqual([12_000]);
  });

  it('an exhausted quota waits for its reset', async () => {
    const reset = String(Date.parse('2026-03-10T12:01:00Z') / 1000);
    whoAmI({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, date: 'Tue, 10 Mar 2026 12:00:00 GMT' });
    nock(host)
      .post(batch)
      .reply(200, { count: 1, value: [anItemAnswer(7)] });
    const bench = aBench();

    await readOne(bench);

    expect(bench.slept).toEqual([60_000]);
  });

  it('a pause of more than five minutes ends the round', async () => {
    whoAmI();
    nock(host).post(batch).reply(429, { message: 'TF400733' }, { 'retry-after': '900', 'x-ratelimit-resource': 'ci' });

    const error: unknown = await readOne().catch((e: unknown) => e);

    expect(error).toBeInstanceOf(TrackerBusyError);
    expect(error).toMatchObject({ retryAt: new Date('2026-03-10T12:15:00Z'), reason: 'ci' });
    expect(String(error)).toMatch(/TF400733; it asked to be left alone until 2026-03-10T12:15:00.000Z\.$/);
  });

  it('an outage is tried again, growing slower', async () => {
    whoAmI();
    nock(host).post(batch).reply(503, 'down');
    nock(host)
      .post(batch)
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    nock(host)
      .post(batch)
      .reply(200, { count: 1, value: [anItemAnswer(7)] });
    const bench = aBench();

    await readOne(bench);

    expect(bench.slept).toEqual([2_000, 4_000]);
  });

  it('an outage that lasts is a busy tracker', async () => {
    whoAmI();
    nock(host).post(batch).times(4).reply(502, 'down');

    const error: unknown = await readOne().catch((e: unknown) => e);

    expect(error).toBeInstanceOf(TrackerBusyError);
    expect(String(error)).toMatch(/answered 502 to POST .*; the next round tries again\.$/);
  });

  it.each([
    ['ENOTFOUND', NotFoundError, /no host dev\.azure\.com\. Check the connection's url/],
    ['CERT_HAS_EXPIRED', BadAnswerError, /dev\.azure\.com cannot prove who it is/],
  ] as const)('a host that cannot be reached (%s) is a matter of the connection', async (code, kind, message) => {
    whoAmI();
    const broken = Object.assign(new Error('no way there'), { code });
    nock(host).post(batch).times(4).replyWithError(broken);

    const error: unknown = await readOne().catch((e: unknown) => e);

    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toMatch(message);
  });

  it('a cold process finds its routes once, a warm one never', async () => {
    const cold = warmCacheWithout('azure-devops:locations:wit');
    whoAmI().persist();
    nock(host).options('/acme/_apis/wit').reply(200, { count: 1, value: routes['azure-devops:locations:wit'] });
    nock(host)
      .post(batch)
      .twice()
      .reply(200, { count: 1, value: [anItemAnswer(7)] });

    await readOne(aBench({ metadata: cold }));
    await readOne(aBench({ metadata: cold }));

    nock.cleanAll();
    expect(cold.keys()).toContain('azure-devops:locations:wit');
  });

  it("a project's url is told apart from an organisation's", async () => {
    nock(host)
      .get('/acme/_apis/connectionData')
      .reply(200, { authenticatedUser: { id: 'me' } });
    nock(host).options('/acme/_apis/core').reply(200, { oops: true });

    await expect(aBench({ metadata: memoryCache() }).open()).rejects.toThrow(/organisation or collection/);
  });

  it('a stopped round waits for nothing', async () => {
    whoAmI();
    const bench = aBench();
    const backlog = await bench.open();
    bench.stop.abort();

    await expect(backlog.locate([ref(7)], bench.options)).rejects.toBeInstanceOf(StoppedError);
  });
});

function warmCacheWithout(gone: string) {
  const cache = memoryCache();
  const warm = warmCache();
  return {
    ...cache,
    get: async (key: string) => (await cache.get(key)) ?? (key === gone ? undefined : warm.get(key)),
  };
}
