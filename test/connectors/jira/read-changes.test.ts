import { describe, expect, it } from 'vitest';
import type { TrackerBacklog } from '../../../src/connectors/connector.ts';
import { ResyncNeededError } from '../../../src/connectors/connector.ts';
import type { BacklogItem, ItemRef } from '../../../src/item.ts';
import {
  anIssue,
  backlogPath,
  fetchPath,
  gather,
  historiesPath,
  noHistories,
  now,
  openBoard,
  openJql,
  rankField,
  readOptions,
  searchPath,
} from './support/site.ts';
import { expectCall, sent, sentTo, watchWire } from './support/wire.ts';

/** A snapshot of these issues, as a full read leaves it. */
async function read(
  backlog: TrackerBacklog,
  issues: readonly object[],
): Promise<{ known: Map<ItemRef, BacklogItem>; cursor: unknown }> {
  expectCall('GET', backlogPath, { body: { issues, isLast: true } });
  expectCall('POST', historiesPath, noHistories);
  const { items, take } = gather();
  const { cursor } = await backlog.readAll(readOptions(), take);
  return { known: new Map(items.map(({ item }) => [item.ref, item])), cursor };
}

const later = '2026-11-22T11:59:00.000+0000';
const two = [anIssue({ id: 1 }), anIssue({ id: 2 })];
const ref = (id: number): ItemRef => `jira:${id}` as ItemRef;

describe('connectors/jira/read-changes', () => {
  watchWire();

  it('nothing changed costs one request', async () => {
    const backlog = await openBoard();
    const { known, cursor } = await read(backlog, two);
    const before = backlog.calls().read;
    expectCall('POST', searchPath, { body: { issues: [anIssue({ id: 1 })], isLast: true } });
    const { items, take } = gather();

    const end = await backlog.readChanges({ cursor, known, also: [] }, readOptions(), take);

    expect(items).toEqual([]);
    expect(end).toMatchObject({ left: [], order: null });
    expect(backlog.calls().read - before).toBe(1);
    const from = now.getTime() - 600_000;
    expect(sentTo(searchPath)[0]?.body).toMatchObject({
      jql: `filter = 10100 AND updated >= ${from} ORDER BY updated ASC, key ASC`,
    });
  });

  it('one changed issue costs three requests, its comments included', async () => {
    const backlog = await openBoard();
    const { known, cursor } = await read(backlog, two);
    const before = backlog.calls().read;
    const comment = {
      total: 1,
      comments: [{ id: '5', author: { accountId: 'u1', displayName: 'Ann' }, created: later }],
    };
    const changed = anIssue({ id: 2, updated: later, fields: { comment, worklog: { total: 0, worklogs: [] } } });
    expectCall('POST', searchPath, { body: { issues: [changed], isLast: true } });
    expectCall('GET', backlogPath, { body: { issues: [{ id: '2', key: 'SHOP-2' }], isLast: true } });
    expectCall('POST', historiesPath, noHistories);
    const { items, take } = gather();

    await backlog.readChanges({ cursor, known, also: [] }, readOptions(), take);
    const talk = await backlog.readTalk([ref(2)], readOptions());

    expect(items.map(({ item }) => item.ref)).toEqual([ref(2)]);
    expect(backlog.calls().read - before).toBe(3);
    expect(talk.get(ref(2))).toMatchObject([{ id: 'c5', kind: 'commented', actor: { name: 'Ann' } }]);
    expect(sentTo(backlogPath).at(-1)?.query.get('jql')).toBe('id in (2)');
  });

  it('an issue that left the backlog is told', async () => {
    const backlog = await openBoard();
    const { known, cursor } = await read(backlog, two);
    expectCall('POST', searchPath, { body: { issues: [anIssue({ id: 2, updated: later })], isLast: true } });
    expectCall('GET', backlogPath, { body: { issues: [], isLast: true } });
    const { items, take } = gather();

    const end = await backlog.readChanges({ cursor, known, also: [] }, readOptions(), take);

    expect([items, end.left]).toEqual([[], [ref(2)]]);
  });

  it('an issue elsewhere on the board is nobody', async () => {
    const backlog = await openBoard();
    const { known, cursor } = await read(backlog, two);
    expectCall('POST', searchPath, { body: { issues: [anIssue({ id: 77, updated: later })], isLast: true } });
    expectCall('GET', backlogPath, { body: { issues: [], isLast: true } });
    const { items, take } = gather();

    const end = await backlog.readChanges({ cursor, known, also: [] }, readOptions(), take);

    expect([items, end.left]).toEqual([[], []]);
  });

  it('announced issues are read by id, unchanged ones with their history', async () => {
    const backlog = await openBoard();
    const { known, cursor } = await read(backlog, two);
    expectCall('POST', searchPath, { body: { issues: [], isLast: true } });
    expectCall('POST', fetchPath, { body: { issues: [anIssue({ id: 1 })] } });
    expectCall('POST', historiesPath, noHistories);
    const { items, take } = gather();

    await backlog.readChanges({ cursor, known, also: [ref(1)] }, readOptions(), take);

    expect(items.map(({ item }) => item.ref)).toEqual([ref(1)]);
    expect(sentTo(searchPath)[0]?.body).toMatchObject({ reconcileIssues: [1] });
  });

  it.each([
    ['told when projects can be browsed', true, [ref(1)]],
    ['kept when they cannot', false, []],
  ])('a missing issue is %s', async (_, havePermission, left) => {
    const backlog = await openBoard();
    const { known, cursor } = await read(backlog, two);
    expectCall('POST', searchPath, { body: { issues: [], isLast: true } });
    expectCall('POST', fetchPath, { body: { issues: [], issueErrors: [{ id: '1', errorMessage: 'gone' }] } });
    expectCall('GET', '/rest/api/3/mypermissions', { body: { permissions: { BROWSE_PROJECTS: { havePermission } } } });

    const end = await backlog.readChanges({ cursor, known, also: [ref(1)] }, readOptions(), gather().take);

    expect(end.left).toEqual(left);
    expect(sentTo('/rest/api/3/mypermissions')[0]?.query.get('projectKey')).toBe('SHOP');
  });

  it('a new rank bucket has the order read', async () => {
    const backlog = await openBoard();
    const { known, cursor } = await read(backlog, two);
    const moved = anIssue({ id: 2, updated: later, fields: { [rankField]: '1|a:' } });
    expectCall('POST', searchPath, { body: { issues: [moved], isLast: true } });
    expectCall('GET', backlogPath, { body: { issues: [{ id: '2' }], isLast: true } });
    expectCall('POST', historiesPath, noHistories);
    expectCall('GET', backlogPath, { body: { issues: [{ id: '2' }, { id: '1' }], isLast: true } });

    const end = await backlog.readChanges({ cursor, known, also: [] }, readOptions(), gather().take);

    expect(end.order).toEqual([ref(2), ref(1)]);
  });

  it('a query is searched over its projects, to see who left', async () => {
    const backlog = await openJql();
    expectCall('POST', searchPath, { body: { issues: two, isLast: true } });
    expectCall('POST', historiesPath, noHistories);
    const first = gather();
    const { cursor } = await backlog.readAll(readOptions(), first.take);
    const known = new Map(first.items.map(({ item }) => [item.ref, item]));
    expectCall('POST', searchPath, { body: { issues: [anIssue({ id: 2, updated: later })], isLast: true } });
    expectCall('POST', searchPath, { body: { issues: [], isLast: true } });

    const end = await backlog.readChanges({ cursor, known, also: [] }, readOptions(), gather().take);

    expect(end.left).toEqual([ref(2)]);
    const scope = '(project = SHOP AND statusCategory = "To Do")';
    expect(
      sentTo(searchPath)
        .slice(1)
        .map(r => (r.body as { jql: string }).jql),
    ).toEqual([
      `(${scope} OR project in ("SHOP")) AND updated >= ${now.getTime() - 600_000} ORDER BY updated ASC, key ASC`,
      `${scope} AND id in (2) ORDER BY Rank ASC`,
    ]);
  });

  it('after a few own writes their histories are read once more', async () => {
    const backlog = await openBoard();
    const { known, cursor } = await read(backlog, two);
    const settled = await backlog.settle(cursor, [...known.values()].slice(0, 1), readOptions());
    expectCall('POST', searchPath, { body: { issues: [anIssue({ id: 1 })], isLast: true } });
    expectCall('POST', historiesPath, noHistories);
    const { items, take } = gather();

    const end = await backlog.readChanges({ cursor: settled.cursor, known, also: [] }, readOptions(), take);

    expect(items.map(({ item }) => item.ref)).toEqual([ref(1)]);
    expect(end.cursor).toMatchObject({ own: [], recheck: false, ownThrough: null });
    expect(sentTo(fetchPath)).toEqual([]);
  });

  it('after many own writes their echoes are read as ids only', async () => {
    const backlog = await openBoard();
    const issues = Array.from({ length: 101 }, (_, i) => anIssue({ id: i + 1, updated: later }));
    const { known, cursor } = await read(backlog, issues);
    expectCall('POST', historiesPath, noHistories);
    const settled = await backlog.settle(cursor, [...known.values()], readOptions());
    expectCall('POST', searchPath, { body: { issues: [], isLast: true } });
    expectCall('POST', searchPath, {
      body: { issues: [...issues.map(({ id }) => ({ id })), { id: '500' }], isLast: true },
    });
    expectCall('POST', fetchPath, { body: { issues: [anIssue({ id: 500, updated: later })] } });
    expectCall('GET', backlogPath, { body: { issues: [{ id: '500' }], isLast: true } });
    expectCall('POST', historiesPath, noHistories);
    const { items, take } = gather();

    await backlog.readChanges({ cursor: settled.cursor, known, also: [] }, readOptions(), take);

    expect(items.map(({ item }) => item.ref)).toEqual([ref(500)]);
    expect(sentTo(searchPath).map(r => (r.body as { maxResults: number }).maxResults)).toEqual([100, 5000]);
    expect(sentTo(fetchPath)[0]?.body).toMatchObject({ issueIdsOrKeys: ['500'] });
  });

  it('of many own writes those that somebody touched meanwhile are named', async () => {
    const backlog = await openBoard();
    const issues = Array.from({ length: 101 }, (_, i) => anIssue({ id: i + 1, updated: later }));
    const { known, cursor } = await read(backlog, issues);
    const entry = (author: string, field: string, created = now.getTime() + 1) => ({
      id: `${author}-${field}-${created}`,
      author: { accountId: author, displayName: author, accountType: 'atlassian' },
      created,
      items: [{ field, fieldId: field === 'Rank' ? 'customfield_10019' : field, toString: 'x' }],
    });
    const told = {
      1: [entry('me', 'labels'), entry('me', 'Rank')],
      2: [entry('ann', 'labels')],
      3: [entry('me', 'summary')],
      4: [entry('ann', 'summary', now.getTime() - 60_000)],
      5: [entry('me', 'Rank'), entry('me', 'Rank', now.getTime() + 2)],
    };
    const issueChangeLogs = Object.entries(told).map(([issueId, changeHistories]) => ({ issueId, changeHistories }));
    expectCall('POST', historiesPath, { body: { issueChangeLogs, nextPageToken: null } });

    const settled = await backlog.settle(cursor, [...known.values()], readOptions());

    expect(settled.touched).toEqual([ref(2), ref(3), ref(5)]);
    expect(settled.cursor).toMatchObject({ recheck: false });
  });

  it('their echoes stay known while they lie within the overlap', async () => {
    const backlog = await openBoard();
    const issues = Array.from({ length: 101 }, (_, i) => anIssue({ id: i + 1, updated: later }));
    const { known, cursor } = await read(backlog, issues);
    expectCall('POST', historiesPath, noHistories);
    const settled = await backlog.settle(cursor, [...known.values()], readOptions());
    const ask = async (at: Date, raw: unknown): Promise<unknown> =>
      (await backlog.readChanges({ cursor: raw, known, also: [] }, readOptions({ now: at }), gather().take)).cursor;
    const echoes = { body: { issues: issues.map(({ id }) => ({ id })), isLast: true } };
    for (const answer of [{ body: { issues: [] } }, echoes]) expectCall('POST', searchPath, answer);
    const second = await ask(now, settled.cursor);
    for (const answer of [{ body: { issues: [] } }, echoes]) expectCall('POST', searchPath, answer);
    const third = await ask(new Date(now.getTime() + 3_600_000), second);

    expect(second).toMatchObject({ recheck: false, ownThrough: Date.parse(later) });
    expect(third).toMatchObject({ own: [], ownThrough: null });
  });

  it.each([
    ['unreadable', { from: 'x' }],
    ['too old', { from: now.getTime() - 15 * 86_400_000, own: [], recheck: false, ownThrough: null }],
  ])('a cursor that is %s asks for a full read', async (_, cursor) => {
    const backlog = await openBoard();
    const before = sent.length;

    await expect(
      backlog.readChanges({ cursor, known: new Map(), also: [] }, readOptions(), gather().take),
    ).rejects.toBeInstanceOf(ResyncNeededError);
    expect(sent.length).toBe(before);
  });
});
