import { describe, expect, it } from 'vitest';
import { BadAnswerError, ConfigError, CredentialError, StoppedError } from '../../../src/errors.ts';
import {
  anIssue,
  backlogPath,
  gather,
  historiesPath,
  noHistories,
  openBoard,
  openJql,
  rankField,
  readOptions,
  searchPath,
} from './support/site.ts';
import { expectBreak, expectCall, sentTo, watchWire } from './support/wire.ts';

const rankEntry = (id: string, created: number): object => ({
  id,
  author: { accountId: 'u1', displayName: 'Ann', accountType: 'atlassian' },
  created,
  items: [
    {
      field: 'Rank',
      fieldtype: 'custom',
      fieldId: rankField,
      from: '',
      fromString: '',
      to: '',
      toString: 'Ranked higher',
    },
  ],
});

describe('connectors/jira/read-all', () => {
  watchWire();

  it('follows page tokens and takes a doubled issue once', async () => {
    const backlog = await openBoard();
    expectCall('GET', backlogPath, {
      body: { issues: [anIssue({ id: 1 }), anIssue({ id: 2 })], nextPageToken: 'p2', isLast: false },
    });
    expectCall('GET', backlogPath, { body: { issues: [anIssue({ id: 2 }), anIssue({ id: 3 })], isLast: true } });
    expectCall('POST', historiesPath, noHistories);
    const { items, take } = gather();

    const end = await backlog.readAll(readOptions(), take);

    expect(items.map(read => read.item.key)).toEqual(['SHOP-1', 'SHOP-2', 'SHOP-3']);
    expect(end.order).toBeNull();
    expect(sentTo(backlogPath).map(r => r.query.get('nextPageToken'))).toEqual([null, 'p2']);
    expect(sentTo(backlogPath)[0]?.query.getAll('fields')).toContain(rankField);
    expect(sentTo(historiesPath)[0]?.body).toMatchObject({ issueIdsOrKeys: ['1', '2', '3'] });
  });

  it('a query is read by rank whatever its own order', async () => {
    const backlog = await openJql();
    expectCall('POST', searchPath, { body: { issues: [anIssue()], isLast: true } });
    expectCall('POST', historiesPath, noHistories);

    await backlog.readAll(readOptions(), gather().take);

    expect(sentTo(searchPath)[0]?.body).toMatchObject({
      jql: '(project = SHOP AND statusCategory = "To Do") ORDER BY Rank ASC',
      maxResults: 100,
    });
  });

  it('joins a history that was split over pages', async () => {
    const backlog = await openBoard();
    expectCall('GET', backlogPath, { body: { issues: [anIssue({ id: 1 })] } });
    expectCall('POST', historiesPath, {
      body: {
        issueChangeLogs: [{ issueId: '1', changeHistories: [rankEntry('11', 1763000000000)] }],
        nextPageToken: 't',
      },
    });
    expectCall('POST', historiesPath, {
      body: {
        issueChangeLogs: [
          { issueId: '1', changeHistories: [rankEntry('9', 1762000000000), rankEntry('11', 1763000000000)] },
        ],
        nextPageToken: null,
      },
    });
    const { items, take } = gather();

    await backlog.readAll(readOptions(), take);

    expect(items[0]?.history).toMatchObject({ since: null, continues: false });
    expect(items[0]?.history.entries.map(e => [e.id, e.at.getTime(), e.fields[0]?.kind])).toEqual([
      ['9', 1762000000000, 'rank'],
      ['11', 1763000000000, 'rank'],
    ]);
  });

  it('ranks of two buckets make the read order count', async () => {
    const backlog = await openBoard();
    const rebalanced = anIssue({ id: 2, fields: { [rankField]: '1|a:' } });
    expectCall('GET', backlogPath, { body: { issues: [rebalanced, anIssue({ id: 1 })], isLast: true } });
    expectCall('POST', historiesPath, noHistories);

    const end = await backlog.readAll(readOptions(), gather().take);

    expect(end.order).toEqual(['jira:2', 'jira:1']);
  });

  it('an empty backlog asks for no histories', async () => {
    const backlog = await openBoard();
    expectCall('GET', backlogPath, { body: { issues: [], isLast: true } });
    const { items, take } = gather();

    await backlog.readAll(readOptions(), take);

    expect(items).toEqual([]);
  });

  it.each([
    ['a token that comes back', [{ nextPageToken: 'a' }, { nextPageToken: 'a' }]],
    ['a page that is promised without a token', [{ isLast: false }]],
  ])('%s fails the read', async (_, pages: readonly object[]) => {
    const backlog = await openBoard();
    for (const page of pages) expectCall('GET', backlogPath, { body: { issues: [], ...page } });

    await expect(backlog.readAll(readOptions(), gather().take)).rejects.toBeInstanceOf(BadAnswerError);
  });

  it.each([
    ['without fields', { id: '1', key: 'SHOP-1' }],
    ['without a key', { id: '1', fields: {} }],
    ['without a readable date', anIssue({ updated: 'yesterday' })],
  ])('an issue %s fails the read', async (_, issue: object) => {
    const backlog = await openBoard();
    expectCall('GET', backlogPath, { body: { issues: [issue], isLast: true } });

    await expect(backlog.readAll(readOptions(), gather().take)).rejects.toBeInstanceOf(BadAnswerError);
  });

  it('a credential that dies on the second page fails the read', async () => {
    const backlog = await openBoard();
    expectCall('GET', backlogPath, { body: { issues: [anIssue()], nextPageToken: 'p2' } });
    expectCall('GET', backlogPath, { body: { issues: [] }, headers: { 'X-AUSERNAME': 'anonymous' } });
    const { items, take } = gather();

    await expect(backlog.readAll(readOptions(), take)).rejects.toBeInstanceOf(CredentialError);
    expect(items).toEqual([]);
  });

  it('histories that cannot be read fail the read', async () => {
    const backlog = await openBoard();
    expectCall('GET', backlogPath, { body: { issues: [anIssue()], isLast: true } });
    expectBreak('POST', historiesPath, 'ECONNRESET', 4);

    await expect(backlog.readAll(readOptions(), gather().take)).rejects.toThrow(/histories/);
  });

  it('a query that Jira does not understand is a mistake in the configuration', async () => {
    const backlog = await openJql();
    expectCall('POST', searchPath, { status: 400, body: { errorMessages: ["Field 'x' does not exist"] } });

    const error: unknown = await backlog.readAll(readOptions(), gather().take).catch((e: unknown) => e);

    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(/backlogs.shop.jql .* Field 'x' does not exist/);
  });

  it('a stop ends the read', async () => {
    const backlog = await openBoard();
    const stop = new AbortController();
    stop.abort();

    await expect(backlog.readAll(readOptions({ signal: stop.signal }), gather().take)).rejects.toBeInstanceOf(
      StoppedError,
    );
  });

  it('reads histories of a thousand issues a request', async () => {
    const backlog = await openBoard();
    const issues = Array.from({ length: 1001 }, (_, i) => anIssue({ id: i + 1 }));
    expectCall('GET', backlogPath, { body: { issues, isLast: true } });
    expectCall('POST', historiesPath, noHistories, { times: 2 });
    const { items, take } = gather();

    await backlog.readAll(readOptions(), take);

    const sizes = sentTo(historiesPath).map(r => (r.body as { issueIdsOrKeys: string[] }).issueIdsOrKeys.length);
    expect([items.length, ...sizes]).toEqual([1001, 1000, 1]);
  });
});
