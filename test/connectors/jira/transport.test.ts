import { describe, expect, it } from 'vitest';
import {
  BadAnswerError,
  CredentialError,
  NotFoundError,
  PermissionError,
  StoppedError,
  TrackerBusyError,
  UncertainWriteError,
} from '../../../src/errors.ts';
import type { Connection } from '../../../src/connectors/connector.ts';
import { createTransport, type Transport } from '../../../src/connectors/jira/transport.ts';
import type { RequestKind } from '../../../src/connectors/retry.ts';
import { silentLog } from '../../../src/log.ts';
import { aConnection, now, slept } from './support/site.ts';
import { expectBreak, expectCall, sent, siteUrl, watchWire, type Reply } from './support/wire.ts';

const path = '/rest/api/3/myself';

function aTransport(over: { url?: string; now?: () => Date } = {}): Transport {
  slept.splice(0);
  return createTransport(
    {
      name: 'acme',
      tracker: 'jira',
      url: over.url ?? siteUrl,
      ignoreActors: [],
      webhook: null,
      auth: { kind: 'basic', email: 'bot@acme.test', apiToken: 'tok-secret' },
    },
    {
      clock: { now: over.now ?? (() => now) },
      log: silentLog,
      sleep: async ms => void slept.push(ms),
      chance: () => 0.5,
    },
  );
}

function ask(
  transport: Transport,
  kind: RequestKind = 'read',
  signal = new AbortController().signal,
): Promise<unknown> {
  return kind === 'read'
    ? transport
        .ask({ kind, what: 'asking', signal }, ({ cloud, client }) => cloud.getCurrentUser(client))
        .then(a => a.body)
    : transport
        .ask({ kind, what: 'writing', signal }, ({ agile, client }) =>
          agile.rankIssues(client, { issues: ['1'], rankAfterIssue: '2' }),
        )
        .then(a => a.status);
}

const rank = '/rest/agile/1.0/issue/rank';
const ok: Reply = { body: { accountId: 'me' } };

describe('connectors/jira/transport', () => {
  watchWire();

  it('signs requests and names itself', async () => {
    expectCall('GET', path, ok);

    await ask(aTransport());

    expect(sent[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('bot@acme.test:tok-secret').toString('base64')}`,
      'user-agent': 'winnow',
    });
  });

  it('keeps the path of a gateway address', async () => {
    const base = 'https://api.atlassian.com/ex/jira/11111111-2222';
    expectCall('GET', path, ok, { base });

    await expect(ask(aTransport({ url: `${base}/` }))).resolves.toEqual({ accountId: 'me' });
  });

  it.each([
    ['401', { status: 401, body: { errorMessages: ['no'] } }, CredentialError],
    ['an anonymous answer', { ...ok, headers: { 'X-AUSERNAME': 'anonymous' } }, CredentialError],
    ['an anonymous account id', { ...ok, headers: { 'x-aaccountid': 'anonymous' } }, CredentialError],
    ['a refused login', { ...ok, headers: { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' } }, CredentialError],
    ['403', { status: 403 }, PermissionError],
    ['404', { status: 404, body: { errorMessages: ['gone'] } }, NotFoundError],
    ['a web page with 200', { body: '<html>sign in</html>', headers: { 'Content-Type': 'text/html' } }, BadAnswerError],
    ['a web page that claims to be JSON', { body: ' <!DOCTYPE html>' }, BadAnswerError],
    ['truncated JSON', { body: '{"accountId":"m' }, BadAnswerError],
    ['a redirect', { status: 302, headers: { Location: 'https://evil.test/login' } }, BadAnswerError],
  ])('%s is its own kind of error, tried once', async (_, reply: Reply, kind) => {
    expectCall('GET', path, reply);

    await expect(ask(aTransport())).rejects.toBeInstanceOf(kind);
    expect(slept).toEqual([]);
  });

  it('shows the vendor message but neither body nor token', async () => {
    const body = {
      errorMessages: ['Bad <b>tok-secret</b>\u0007 value'],
      errors: { labels: 'contains spaces' },
      secretStuff: 'x'.repeat(2000),
    };
    expectCall('GET', path, { status: 400, body });

    const error: Error = await ask(aTransport()).then(
      () => new Error('no error'),
      (e: Error) => e,
    );

    expect(error.message).toBe('acme.atlassian.net refused asking (400: Bad [secret] value; labels: contains spaces)');
  });

  it.each([
    ['a lower bound stretched by jitter', { 'Retry-After': '10' }, [11_500]],
    ['a date', { 'Retry-After': 'Sun, 22 Nov 2026 12:00:20 GMT' }, [23_000]],
    ['nothing: two seconds', {}, [2_300]],
    ['a burst limit', { 'Retry-After': '4', 'RateLimit-Reason': 'jira-burst-based' }, [4_600]],
  ])('429 waits for %s', async (_, headers: Record<string, string>, waits) => {
    expectCall('GET', path, { status: 429, headers });
    expectCall('GET', path, ok);

    await ask(aTransport());

    expect(slept).toEqual(waits);
  });

  it('429 without end gives up after four tries', async () => {
    expectCall('GET', path, { status: 429 }, { times: 4 });

    await expect(ask(aTransport())).rejects.toBeInstanceOf(TrackerBusyError);
    expect(slept).toEqual([2_300, 4_600, 9_200]);
  });

  it.each(['86400', '99999999999999999999'])('an absurd Retry-After (%s) ends the round at once', async asked => {
    expectCall('GET', path, { status: 429, headers: { 'Retry-After': asked } });

    const error = await ask(aTransport()).catch((e: unknown) => e);

    expect(error).toMatchObject({ name: 'TrackerBusyError', retryAt: new Date('2026-11-23T12:00:00Z') });
    expect(slept).toEqual([]);
  });

  it('a spent quota closes the site until its reset', async () => {
    let at = now;
    const transport = aTransport({ now: () => at });
    expectCall('GET', path, {
      status: 429,
      headers: { 'RateLimit-Reason': 'jira-quota-tenant-based', 'X-RateLimit-Reset': '2026-11-22T13:00Z' },
    });

    const first = await ask(transport).catch((e: unknown) => e);
    const second = await ask(transport).catch((e: unknown) => e);
    at = new Date('2026-11-22T13:00:01Z');
    expectCall('GET', path, ok);

    expect(first).toMatchObject({ retryAt: new Date('2026-11-22T13:00:00Z'), reason: 'jira-quota-tenant-based' });
    expect(second).toMatchObject({ name: 'TrackerBusyError' });
    await expect(ask(transport)).resolves.toEqual({ accountId: 'me' });
  });

  it('a burst limit slows the same endpoint for everybody', async () => {
    const transport = aTransport();
    expectCall('GET', path, { status: 429, headers: { 'Retry-After': '4', 'RateLimit-Reason': 'jira-burst-based' } });
    expectCall('GET', path, ok, { times: 2 });

    await ask(transport);
    await ask(transport);

    expect(slept).toEqual([4_600, 4_600]);
  });

  it('a storm of 5xx on a read is tried four times', async () => {
    expectCall(
      'GET',
      path,
      { status: 502, body: '<html>bad gateway</html>', headers: { 'Content-Type': 'text/html' } },
      { times: 4 },
    );

    await expect(ask(aTransport())).rejects.toBeInstanceOf(TrackerBusyError);
  });

  it('a read survives a reset', async () => {
    expectBreak('GET', path, 'ECONNRESET');
    expectCall('GET', path, ok);

    await expect(ask(aTransport())).resolves.toEqual({ accountId: 'me' });
  });

  it.each([
    ['a reset', () => expectBreak('PUT', rank, 'ECONNRESET')],
    ['a 502', () => expectCall('PUT', rank, { status: 502 })],
    ['a 503 that does not say when to return', () => expectCall('PUT', rank, { status: 503 })],
    ['a web page with 200', () => expectCall('PUT', rank, { body: '<html/>' })],
  ])('a write that ends in %s is uncertain and never repeated', async (_, arrange) => {
    arrange();

    await expect(ask(aTransport(), 'write')).rejects.toBeInstanceOf(UncertainWriteError);
    expect(slept).toEqual([]);
  });

  it.each([
    ['429', () => expectCall('PUT', rank, { status: 429, headers: { 'Retry-After': '1' } })],
    ['503 with Retry-After', () => expectCall('PUT', rank, { status: 503, headers: { 'Retry-After': '1' } })],
    ['a connection that never came about', () => expectBreak('PUT', rank, 'ECONNREFUSED')],
  ])('a write refused by %s is repeated', async (_, arrange) => {
    arrange();
    expectCall('PUT', rank, { status: 204 });

    await expect(ask(aTransport(), 'write')).resolves.toBe(204);
  });

  it('a host without an address is not found', async () => {
    expectBreak('GET', path, 'ENOTFOUND', 4);

    await expect(ask(aTransport())).rejects.toThrow(/no host acme.atlassian.net/);
  });

  it('a stopped read says so', async () => {
    const stop = new AbortController();
    stop.abort();

    await expect(ask(aTransport(), 'read', stop.signal)).rejects.toBeInstanceOf(StoppedError);
  });

  it('counts every request and learns the clock', async () => {
    const transport = aTransport();
    expectCall('GET', path, { status: 502 });
    expectCall('GET', path, { ...ok, headers: { Date: 'Sun, 22 Nov 2026 12:01:00 GMT' } });
    expectCall('PUT', rank, { status: 204 });

    await ask(transport);
    await ask(transport, 'write');

    expect(transport.calls()).toEqual({ read: 2, write: 1 });
    expect(transport.skewMs()).toBe(60_000);
  });

  it('refuses a path that no id could make', async () => {
    const call = { kind: 'read', what: 'asking', signal: new AbortController().signal } as const;

    await expect(
      aTransport().ask(call, ({ cloud, client }) => cloud.getComments(client, { issueIdOrKey: '1/../../x' })),
    ).rejects.toThrow(/characters that no id has/);
  });

  it('refuses plain http except on this machine', () => {
    const open = (url: string): Connection => aConnection({ url });

    expect(() => open('http://acme.atlassian.net')).toThrow(/https/);
    expect(open('http://127.0.0.1:8080').name).toBe('acme');
  });
});
