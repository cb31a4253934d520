import { describe, expect, it } from 'vitest';
import { BadAnswerError, ConfigError, CredentialError, NotFoundError } from '../../../src/errors.ts';
import {
  aCache,
  aConnection,
  boardConfiguration,
  boardRequest,
  expectMetadata,
  fields,
  jqlRequest,
  openBoard,
} from './support/site.ts';
import { expectCall, sent, siteUrl, watchWire } from './support/wire.ts';

describe('connectors/jira/open-backlog', () => {
  watchWire();

  it('a warm cache asks nothing', async () => {
    const metadata = aCache();
    await openBoard(metadata);
    const before = sent.length;

    const again = await aConnection({ metadata }).openBacklog(boardRequest);

    expect(sent.length).toBe(before);
    expect(again.calls()).toEqual({ read: 0, write: 0 });
    expect(again.self).toMatchObject({ id: 'me', name: 'Winnow', skewMs: 0 });
  });

  it('a cold cache counts its questions as reads', async () => {
    expect((await openBoard()).calls()).toEqual({ read: 6, write: 0 });
  });

  it('names where people look factors up', async () => {
    expect((await openBoard()).sources).toMatchObject({
      value: 'Business value (customfield_10042)',
      effort: 'Story point estimate (customfield_10016)',
      urgency: 'Due date (duedate)',
    });
  });

  it('another credential does not share the cache', async () => {
    const metadata = aCache();
    await openBoard(metadata);
    expectMetadata();

    await aConnection({ metadata, bearer: true }).openBacklog(boardRequest);

    expect(sent.filter(request => request.path === '/rest/api/3/myself')).toHaveLength(2);
    expect(JSON.stringify([...metadata.held])).not.toContain('tok-secret');
  });

  it('an unknown board is answered with those there are', async () => {
    expectCall('GET', '/rest/api/3/serverInfo', { body: { deploymentType: 'Cloud', baseUrl: siteUrl } });
    expectCall('GET', '/rest/api/3/myself', { body: { accountId: 'me' } });
    expectCall('GET', '/rest/agile/1.0/board/12/configuration', { status: 404 });
    expectCall('GET', '/rest/agile/1.0/board', {
      body: { values: [{ id: 3, name: 'Web', type: 'scrum' }], isLast: true },
    });
    const metadata = aCache();

    const error: unknown = await aConnection({ metadata })
      .openBacklog(boardRequest)
      .catch((e: unknown) => e);

    expect(error).toBeInstanceOf(NotFoundError);
    expect((error as Error).message).toContain('3 (Web)');
    expect([...metadata.held.keys()].some(key => key.includes('board'))).toBe(false);
  });

  it('a rejected credential is met before anything else', async () => {
    expectCall('GET', '/rest/api/3/serverInfo', { body: { deploymentType: 'Cloud' } });
    expectCall('GET', '/rest/api/3/myself', { status: 401 });

    await expect(aConnection().openBacklog(boardRequest)).rejects.toBeInstanceOf(CredentialError);
  });

  it('Data Center is refused by its deployment type', async () => {
    expectCall('GET', '/rest/api/3/serverInfo', { body: { deploymentType: 'Server', version: '9.12.0' } });

    await expect(aConnection().self()).rejects.toThrow(/Data Center or Server 9.12.0, which is not supported/);
  });

  it('Data Center is known by its older interface', async () => {
    expectCall('GET', '/rest/api/3/serverInfo', { status: 404 });
    // Cloud's OpenAPI knows version 3 only; asking version 2 is how Data Center is told.
    const old = fetchOnce({ deploymentType: 'Server', version: '8.20.1' });

    await expect(old).rejects.toBeInstanceOf(BadAnswerError);
  });

  it('a filter that is not shared leaves the board usable', async () => {
    expectCall('GET', '/rest/api/3/serverInfo', { body: { deploymentType: 'Cloud', baseUrl: siteUrl } });
    expectCall('GET', '/rest/api/3/myself', { body: { accountId: 'me' } });
    expectCall('GET', '/rest/agile/1.0/board/12/configuration', { body: boardConfiguration() });
    expectCall('GET', '/rest/api/3/filter/10100', { status: 404 });
    expectCall('GET', '/rest/api/3/field', { body: fields });
    expectCall('GET', '/rest/api/3/priority/search', { body: { values: [{ id: '1', name: 'High' }], isLast: false } });
    expectCall('GET', '/rest/api/3/priority/search', { body: { values: [{ id: '2', name: 'Low' }], isLast: true } });

    await expect(aConnection().openBacklog(boardRequest)).resolves.toBeDefined();
    expect(sent.filter(request => request.path.endsWith('/search')).map(r => r.query.get('startAt'))).toEqual([
      '0',
      '1',
    ]);
  });

  it('a query without a condition is a mistake in the configuration', async () => {
    expectMetadata({ board: null });
    const request = { ...jqlRequest, scope: { kind: 'jira-jql', jql: 'ORDER BY Rank' } } as const;

    await expect(aConnection().openBacklog(request)).rejects.toBeInstanceOf(ConfigError);
  });
});

/** A site whose version 3 is missing and whose version 2 answers this. */
async function fetchOnce(info: object): Promise<unknown> {
  const { createJiraConnection } = await import('../../../src/connectors/jira/index.ts');
  const { silentLog } = await import('../../../src/log.ts');
  const answers = [new Response('', { status: 404 }), Response.json(info)];
  // The expected call at the wire is taken by the real fetch; the second one never leaves.
  const connection = createJiraConnection(
    {
      name: 'acme',
      tracker: 'jira',
      url: siteUrl,
      ignoreActors: [],
      webhook: null,
      auth: { kind: 'bearer', accessToken: 't' },
    },
    {
      clock: { now: () => new Date('2026-11-22T12:00:00Z') },
      log: silentLog,
      metadata: aCache(),
      fetch: async (input, init) => {
        const answer = answers.shift();
        return answers.length === 1 ? fetch(input, init) : (answer ?? Response.error());
      },
    },
  );
  return connection.self();
}
