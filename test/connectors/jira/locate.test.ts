import { describe, expect, it } from 'vitest';
import type { ItemRef } from '../../../src/item.ts';
import {
  anIssue,
  backlogPath,
  fetchPath,
  gather,
  historiesPath,
  noHistories,
  openBoard,
  openJql,
  readOptions,
  searchPath,
} from './support/site.ts';
import { expectCall, sentTo, watchWire } from './support/wire.ts';

const ref = (id: number): ItemRef => `jira:${id}` as ItemRef;
const permissionsPath = '/rest/api/3/mypermissions';

describe('connectors/jira/locate', () => {
  watchWire();

  it('an item seen in scope is verified by one request', async () => {
    const backlog = await openBoard();
    expectCall('GET', backlogPath, { body: { issues: [anIssue({ id: 1 })], isLast: true } });
    expectCall('POST', historiesPath, noHistories);
    await backlog.readAll(readOptions(), gather().take);
    const written = anIssue({
      id: 1,
      updated: '2026-11-22T12:00:01.000+0000',
      fields: { labels: ['winnow-stale'], customfield_10019: '0|b:' },
    });
    expectCall('POST', fetchPath, { body: { issues: [written] } });

    const found = await backlog.locate([ref(1)], readOptions());

    expect(found.get(ref(1))).toMatchObject({ state: 'in-scope', item: { labels: ['winnow-stale'], order: '0|b:' } });
  });

  it('an item that somebody changed is asked for in the scope', async () => {
    const backlog = await openBoard();
    expectCall('GET', backlogPath, { body: { issues: [anIssue({ id: 1 })], isLast: true } });
    expectCall('POST', historiesPath, noHistories);
    await backlog.readAll(readOptions(), gather().take);
    expectCall('POST', fetchPath, { body: { issues: [anIssue({ id: 1, fields: { summary: 'other' } })] } });
    expectCall('GET', backlogPath, { body: { issues: [], isLast: true } });

    const found = await backlog.locate([ref(1)], readOptions());

    expect(found.get(ref(1))?.state).toBe('out-of-scope');
    expect(sentTo(backlogPath).at(-1)?.query.getAll('reconcileIssues')).toEqual(['1']);
  });

  it('asks for a hundred issues a request', async () => {
    const backlog = await openJql();
    expectCall('POST', fetchPath, { body: { issues: [] } }, { times: 3 });
    expectCall('GET', permissionsPath, { status: 404 });
    const refs = Array.from({ length: 201 }, (_, i) => ref(i + 1));

    const found = await backlog.locate(refs, readOptions());

    const sizes = sentTo(fetchPath).map(r => (r.body as { issueIdsOrKeys: string[] }).issueIdsOrKeys.length);
    expect(sizes).toEqual([100, 100, 1]);
    expect([...found.values()].every(where => where.state === 'unknown')).toBe(true);
  });

  it.each([
    [true, { state: 'gone' }],
    [false, { state: 'unknown', why: 'the account may not browse project SHOP' }],
  ])('a missing item with browse permission %s', async (havePermission, expected) => {
    const backlog = await openBoard();
    expectCall('POST', fetchPath, { body: { issues: [], issueErrors: [{ id: '9', errorMessage: 'no' }] } });
    expectCall('GET', permissionsPath, { body: { permissions: { BROWSE_PROJECTS: { havePermission } } } });

    const found = await backlog.locate([ref(9)], readOptions());

    expect(found.get(ref(9))).toEqual(expected);
  });

  it('browsing is confirmed by board and projects', async () => {
    const backlog = await openBoard();
    expectCall('GET', '/rest/agile/1.0/board/12/configuration', { status: 404 });
    expectCall('GET', '/rest/agile/1.0/board', { body: { values: [] } });

    await expect(backlog.canBrowse()).rejects.toThrow(/no board 12/);
  });

  it('finds labelled issues by exact label, in scope or not', async () => {
    const backlog = await openBoard();
    const issues = [
      anIssue({ id: 1, fields: { labels: ['winnow-stale'] } }),
      anIssue({ id: 2, fields: { labels: ['Winnow-Stale'] } }),
    ];
    expectCall('POST', searchPath, { body: { issues, isLast: true } });

    const found = await backlog.findLabelled(['winnow-stale'], readOptions());

    expect(found.map(item => item.ref)).toEqual([ref(1)]);
    expect(sentTo(searchPath)[0]?.body).toMatchObject({
      jql: '(filter = 10100 OR project in ("SHOP")) AND labels in ("winnow-stale") ORDER BY key ASC',
    });
  });

  it('comments cut off are asked for newest first', async () => {
    const backlog = await openBoard();
    const comment = { total: 250, comments: [] };
    const worklog = {
      total: 1,
      worklogs: [{ id: '3', author: { accountId: 'u', accountType: 'app' }, created: '2026-11-01T00:00:00.000+0000' }],
    };
    expectCall('POST', fetchPath, { body: { issues: [{ id: '1', key: 'SHOP-1', fields: { comment, worklog } }] } });
    expectCall('GET', '/rest/api/3/issue/1/comment', {
      body: { total: 250, comments: [{ id: '8', created: '2026-11-02T00:00:00.000+0000' }] },
    });

    const talk = await backlog.readTalk([ref(1)], readOptions());

    expect(talk.get(ref(1))).toMatchObject([
      { id: 'w3', kind: 'worklogged', actor: { automated: true } },
      { id: 'c8', kind: 'commented', actor: null },
    ]);
    expect(sentTo('/rest/api/3/issue/1/comment')[0]?.query.get('orderBy')).toBe('-created');
  });
});
