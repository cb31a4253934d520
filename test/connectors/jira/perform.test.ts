import { describe, expect, it } from 'vitest';
import type { ItemResult, MetadataCache, TrackerBacklog, Write } from '../../../src/connectors/connector.ts';
import type { Anchor, JiraRequest } from '../../../src/connectors/jira/request.ts';
import { CredentialError, InternalError, TrackerBusyError, UncertainWriteError } from '../../../src/errors.ts';
import { itemRef } from '../../../src/item.ts';
import { aCache, anIssue, loudKey, openBoard, slept } from './support/site.ts';
import { expectBreak, expectCall, sentTo, watchWire, type Sent } from './support/wire.ts';

const rankPath = '/rest/agile/1.0/issue/rank';
const issuePath = '/rest/api/3/issue/1';
const bulkPath = '/rest/api/3/bulk/issues/fields';
const queuePath = '/rest/api/3/bulk/queue/t1';

/** A write with one effect per issue. */
function aWrite(request: JiraRequest): Write {
  const ids =
    request.kind === 'edit' || request.kind === 'property'
      ? [request.issue]
      : request.kind === 'rank'
        ? request.issues
        : request.issues.map(i => i.id);
  const effects = ids.map(id => ({
    ref: itemRef('jira', id),
    key: `SHOP-${id}`,
    field: 'label' as const,
    from: null,
    to: 'x',
    change: null,
  }));
  return { id: '0', effects, request };
}

async function perform(request: JiraRequest, metadata: MetadataCache = aCache()): Promise<readonly ItemResult[]> {
  return run(await openBoard(metadata), request);
}

function run(backlog: TrackerBacklog, request: JiraRequest): Promise<readonly ItemResult[]> {
  return backlog.perform(aWrite(request), new AbortController().signal);
}

const told = (results: readonly ItemResult[]): readonly string[] => results.map(r => `${r.ref} ${r.status}`);
const rank = (issues: readonly string[], anchor: Anchor = { after: '9' }): JiraRequest => ({
  kind: 'rank',
  issues,
  anchor,
  versions: {},
  ahead: [],
});
const label: JiraRequest = {
  kind: 'edit',
  issue: '1',
  project: 'SHOP',
  add: ['winnow-stale'],
  remove: ['winnow-aging'],
};
const bulk = (ids: readonly string[]): JiraRequest => ({
  kind: 'bulk-label',
  issues: ids.map(id => ({ id, project: 'SHOP' })),
  option: 'ADD',
  label: 'winnow-stale',
});
const loudIn = (metadata: ReturnType<typeof aCache>): unknown => metadata.held.get(loudKey);
const bodiesTo = (path: string): readonly unknown[] => sentTo(path).map((request: Sent) => request.body);

describe('connectors/jira/perform', () => {
  watchWire();

  it('ranks a block after its anchor', async () => {
    expectCall('PUT', rankPath, { status: 204 });

    expect(told(await perform(rank(['1', '2'])))).toEqual(['jira:1 applied', 'jira:2 applied']);
    expect(bodiesTo(rankPath)).toEqual([{ issues: ['1', '2'], rankAfterIssue: '9', rankCustomFieldId: 10019 }]);
  });

  it('ranks a head block before its anchor', async () => {
    expectCall('PUT', rankPath, { status: 204 });

    await perform(rank(['1'], { before: '7' }));

    expect(bodiesTo(rankPath)).toEqual([{ issues: ['1'], rankBeforeIssue: '7', rankCustomFieldId: 10019 }]);
  });

  it('a locked issue is ranked once more behind its neighbour', async () => {
    const entries = [
      { issueId: 1, issueKey: 'SHOP-1', status: 200 },
      { issueId: 2, issueKey: 'SHOP-2', status: 503, errors: ['cannot execute the rank operation'] },
      { issueId: 3, issueKey: 'SHOP-3', status: 400, errors: ['archived'] },
    ];
    expectCall('PUT', rankPath, { status: 207, body: { entries } });
    expectCall('PUT', rankPath, { status: 207, body: { entries: [{ issueId: 2, status: 503, errors: ['still'] }] } });

    const results = await perform(rank(['1', '2', '3', '4']));

    expect(results).toMatchObject([
      { status: 'applied' },
      { status: 'failed', problem: 'Jira did not rank it (503: still)', repeats: false },
      { status: 'failed', problem: 'Jira did not rank it (400: archived)', repeats: true },
      { status: 'failed', problem: 'Jira did not say what came of it' },
    ]);
    expect(bodiesTo(rankPath).at(-1)).toMatchObject({ issues: ['2'], rankAfterIssue: '1' });
    expect(slept).toEqual([2_000]);
  });

  it('a block that one issue spoils is halved', async () => {
    const answer = ({ body }: Sent): { status: number } => ({
      status: (body as { issues: string[] }).issues.includes('3') ? 400 : 204,
    });
    expectCall('PUT', rankPath, answer, { times: 5 });

    const results = await perform(rank(['1', '2', '3', '4']));

    expect(told(results)).toEqual(['jira:1 applied', 'jira:2 applied', 'jira:3 failed', 'jira:4 applied']);
    expect(bodiesTo(rankPath).at(-1)).toMatchObject({ issues: ['4'], rankAfterIssue: '2' });
  });

  it.each([409, 423])('a refusal of the moment (%i) is tried once more, and no issue is blamed', async status => {
    expectCall('PUT', rankPath, { status }, { times: 2 });

    expect(await perform(rank(['1', '2']))).toMatchObject([
      { status: 'failed', repeats: false },
      { status: 'failed', repeats: false },
    ]);
    expect(slept).toEqual([2_000]);
  });

  it('a block beside an issue that is gone is not blamed for it', async () => {
    expectCall('PUT', rankPath, { status: 400, body: { errorMessages: ['Issue 9 does not exist'] } }, { times: 3 });
    expectCall('POST', '/rest/api/3/issue/bulkfetch', { body: { issues: [], issueErrors: [] } });

    expect(await perform(rank(['1', '2']))).toMatchObject([
      { status: 'failed', problem: 'the issue it was to stand beside is gone', repeats: false },
      { status: 'failed', repeats: false },
    ]);
  });

  it('an issue that Jira never ranks is, beside one that stands', async () => {
    expectCall('PUT', rankPath, { status: 400 });
    expectCall('POST', '/rest/api/3/issue/bulkfetch', { body: { issues: [anIssue({ id: 9 })], issueErrors: [] } });

    expect(await perform(rank(['1']))).toMatchObject([{ status: 'failed', repeats: true }]);
  });

  it('without the right to rank nothing is probed', async () => {
    expectCall('PUT', rankPath, { status: 403 });

    expect(await perform(rank(['1', '2']))).toMatchObject([{ status: 'failed', repeats: false }, { status: 'failed' }]);
  });

  it('a lost rank answer is uncertain', async () => {
    expectBreak('PUT', rankPath, 'ECONNRESET');

    await expect(perform(rank(['1']))).rejects.toBeInstanceOf(UncertainWriteError);
  });

  it('labels and score are edited in one quiet request', async () => {
    expectCall('PUT', issuePath, { status: 204 });

    await perform({ ...label, kind: 'edit', score: 42 } as JiraRequest);

    expect(sentTo(issuePath)[0]?.query.get('notifyUsers')).toBe('false');
    expect(bodiesTo(issuePath)).toEqual([
      { update: { labels: [{ add: 'winnow-stale' }, { remove: 'winnow-aging' }] }, fields: { customfield_10050: 42 } },
    ]);
  });

  it.each([
    [400, { status: 'failed', repeats: true }],
    [404, { status: 'failed', repeats: false }],
    [409, { status: 'conflict' }],
    [413, { status: 'failed', repeats: false }],
    [422, { status: 'failed', repeats: true }],
  ])('an edit answered %i is a result', async (status, expected) => {
    expectCall('PUT', issuePath, { status, body: { errorMessages: ['no'] } });

    expect(await perform(label)).toMatchObject([expected]);
  });

  it.each([
    [{ status: 401 }, CredentialError],
    [{ status: 429, headers: { 'Retry-After': '7200' } }, TrackerBusyError],
    [{ status: 500 }, UncertainWriteError],
  ])('an edit answered %o is thrown', async (reply, kind) => {
    expectCall('PUT', issuePath, reply);

    await expect(perform(label)).rejects.toBeInstanceOf(kind);
  });

  it('a refused quiet edit is made loudly once and remembered', async () => {
    const metadata = aCache();
    const backlog = await openBoard(metadata);
    expectCall('PUT', issuePath, { status: 403 });
    expectCall('PUT', issuePath, { status: 204 });

    const results = await run(backlog, label);

    expect(told(results)).toEqual(['jira:1 applied']);
    expect(sentTo(issuePath).map(r => r.query.get('notifyUsers'))).toEqual(['false', null]);
    expect(loudIn(metadata)).toEqual(['SHOP']);
    expectCall('POST', bulkPath, { status: 201, body: { taskId: 't1' } }, { times: 2 });
    expectCall('GET', queuePath, { body: { status: 'COMPLETE', processedAccessibleIssues: [1] } }, { times: 2 });
    expect(told(await run(backlog, label))).toEqual(['jira:1 applied']);
  });

  it('a refused edit is no matter of mail', async () => {
    const metadata = aCache();
    expectCall('PUT', issuePath, { status: 403 }, { times: 2 });

    expect(await perform(label, metadata)).toMatchObject([{ status: 'failed', repeats: false }]);
    expect(loudIn(metadata)).toBeUndefined();
  });

  it('a bulk edit waits until it is over and tells each issue', async () => {
    expectCall('POST', bulkPath, { status: 201, body: { taskId: 't1' } });
    expectCall('GET', queuePath, { body: { status: 'RUNNING', progressPercent: 40 } });
    expectCall('GET', queuePath, {
      body: {
        status: 'COMPLETE',
        processedAccessibleIssues: [1],
        failedAccessibleIssues: { 2: ['read-only'] },
        invalidOrInaccessibleIssueCount: 1,
      },
    });

    const results = await perform(bulk(['1', '2', '3']));

    expect(results).toMatchObject([
      { status: 'applied' },
      { status: 'failed', repeats: true },
      { status: 'failed', repeats: false },
    ]);
    expect(bodiesTo(bulkPath)).toEqual([
      {
        selectedIssueIdsOrKeys: ['1', '2', '3'],
        selectedActions: ['labels'],
        editedFieldsInput: {
          labelsFields: [
            { fieldId: 'labels', bulkEditMultiSelectFieldOption: 'ADD', labels: [{ name: 'winnow-stale' }] },
          ],
        },
        sendBulkNotification: false,
      },
    ]);
    expect(slept).toEqual([100, 200]);
  });

  it('a bulk edit whose end is not seen is uncertain', async () => {
    expectCall('POST', bulkPath, { status: 201, body: { taskId: 't1' } });
    expectCall('GET', queuePath, { status: 404 });

    await expect(perform(bulk(['1']))).rejects.toBeInstanceOf(UncertainWriteError);
  });

  it('without the right to bulk changes issues are edited one by one', async () => {
    expectCall('POST', bulkPath, { status: 403 });
    expectCall('PUT', '/rest/api/3/issue/1', { status: 204 });
    expectCall('PUT', '/rest/api/3/issue/2', { status: 204 });

    expect(told(await perform(bulk(['1', '2'])))).toEqual(['jira:1 applied', 'jira:2 applied']);
  });

  it('neither quiet nor bulk: the label stays away', async () => {
    const metadata = aCache();
    await metadata.put(loudKey, ['SHOP'], 60);
    expectCall('POST', bulkPath, { status: 403 });

    const [result] = await perform({ ...label, kind: 'edit', remove: [] } as JiraRequest, metadata);

    expect(result).toMatchObject({ status: 'failed', repeats: false });
    expect(JSON.stringify(result)).toContain('mailing its watchers');
  });

  it('an id that is none never reaches Jira', async () => {
    await expect(perform(rank(['1', 'SHOP-2/../3']))).rejects.toBeInstanceOf(InternalError);
  });
});
