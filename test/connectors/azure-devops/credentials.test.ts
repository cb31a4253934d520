import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { createCredentials } from '../../../src/connectors/azure-devops/credentials.ts';
import { BadAnswerError, CredentialError, TrackerBusyError } from '../../../src/errors.ts';
import type { AzureDevOpsAuth } from '../../../src/settings.ts';
import { aBench, host, useWire } from './support/wire.ts';

const entra: AzureDevOpsAuth = { kind: 'entra', clientId: 'app', clientSecret: 'hush', tenantId: 'acme-tenant' };
const login = 'https://login.microsoftonline.com';
const path = '/acme-tenant/oauth2/v2.0/token';

function aClock() {
  let now = Date.parse('2026-03-10T12:00:00Z');
  return { now: () => new Date(now), pass: (ms: number) => void (now += ms) };
}

const signed = (credentials: ReturnType<typeof createCredentials>): unknown => {
  const options = { host: 'dev.azure.com', headers: {} as Record<string, string> };
  credentials.handler.prepareRequest(options);
  return options.headers['Authorization'];
};

describe('connectors/azure-devops/credentials', () => {
  useWire();

  it('asks Entra for the Azure DevOps scope, once for all that wait', async () => {
    const bodies: unknown[] = [];
    nock(login)
      .post(path, body => bodies.push(body) > 0)
      .reply(200, { access_token: 'one', expires_in: 3600 });
    const credentials = createCredentials(entra, aClock(), login);

    await Promise.all([credentials.ready(), credentials.ready(), credentials.ready()]);

    expect(signed(credentials)).toBe('Bearer one');
    expect(bodies).toEqual([
      {
        grant_type: 'client_credentials',
        client_id: 'app',
        client_secret: 'hush',
        scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
      },
    ]);
  });

  it('renews a token before it ends', async () => {
    const clock = aClock();
    nock(login).post(path).reply(200, { access_token: 'one', expires_in: '3600' });
    nock(login).post(path).reply(200, { access_token: 'two', expires_in: 3600 });
    const credentials = createCredentials(entra, clock, login);

    await credentials.ready();
    clock.pass(54 * 60_000);
    await credentials.ready();
    expect(signed(credentials)).toBe('Bearer one');
    clock.pass(2 * 60_000);
    await credentials.ready();

    expect(signed(credentials)).toBe('Bearer two');
  });

  it.each([
    [
      'a wrong secret',
      401,
      { error: 'invalid_client', error_description: 'AADSTS7000215: bad.\r\nTrace' },
      CredentialError,
    ],
    ['a busy service', 503, { error: 'temporarily_unavailable' }, TrackerBusyError],
    ['no token', 200, { token_type: 'Bearer' }, BadAnswerError],
  ])('%s', async (_name, status, body, kind) => {
    nock(login).post(path).reply(status, body);

    const error: unknown = await createCredentials(entra, aClock(), login)
      .ready()
      .catch((e: unknown) => e);

    expect(error).toBeInstanceOf(kind);
    expect(String(error)).not.toContain('hush');
  });

  it('a failed request is not remembered', async () => {
    nock(login).post(path).reply(401, { error: 'invalid_client' });
    nock(login).post(path).reply(200, { access_token: 'one', expires_in: 3600 });
    const credentials = createCredentials(entra, aClock(), login);

    await expect(credentials.ready()).rejects.toThrow(CredentialError);
    await credentials.ready();

    expect(signed(credentials)).toBe('Bearer one');
  });

  it('nothing is signed for another host', () => {
    const credentials = createCredentials({ kind: 'pat', pat: 'p' }, aClock(), login);
    signed(credentials);
    const elsewhere = { host: 'evil.example.com', headers: {} as Record<string, string> };

    credentials.handler.prepareRequest(elsewhere);

    expect(elsewhere.headers['Authorization']).toBeUndefined();
  });

  it('a connection signs with the token it got', async () => {
    nock(login).post(path).reply(200, { access_token: 'one', expires_in: 3600 });
    nock(host, { reqheaders: { authorization: 'Bearer one' } })
      .get('/acme/_apis/connectionData')
      .reply(200, { authenticatedUser: { id: 'me' } });

    expect(await aBench({ auth: entra }).connection.self()).toMatchObject({ id: 'me' });
  });
});
