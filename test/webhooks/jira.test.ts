import { describe, expect, test } from 'vitest';
import { announcedByJira } from '../../src/webhooks/jira.ts';
import { MalformedError, readJson } from '../../src/webhooks/json.ts';
import { haveRecorded, recorded } from './recorded.ts';

const refs = (body: unknown): readonly string[] | null => announcedByJira(body, 'd1')?.items.map(i => i.ref) ?? null;
const issue = { id: '10040', key: 'TES-41' };

function anUpdate(items: readonly object[], over: object = {}): object {
  return {
    timestamp: 1_790_102_915_652,
    webhookEvent: 'jira:issue_updated',
    issue_event_type_name: 'issue_generic',
    user: { accountId: 'u1', displayName: 'Alice' },
    issue,
    changelog: { id: '7', items },
    ...over,
  };
}

describe('webhooks/jira', () => {
  const cases: readonly (readonly [string, object, readonly string[] | null])[] = [
    ['an issue that was made', { webhookEvent: 'jira:issue_created', issue }, ['jira:10040']],
    ['an issue that is gone', { webhookEvent: 'jira:issue_deleted', issue }, ['jira:10040']],
    ['a comment', { webhookEvent: 'comment_created', issue, comment: { self: 'x' } }, ['jira:10040']],
    [
      'a comment told without its issue',
      { webhookEvent: 'comment_created', comment: { self: 'http://j/rest/api/2/issue/10013/comment/5' } },
      ['jira:10013'],
    ],
    ['work logged', { webhookEvent: 'worklog_updated', worklog: { issueId: '10014' } }, ['jira:10014']],
    [
      'a link',
      { webhookEvent: 'issuelink_created', issueLink: { id: 1, sourceIssueId: 10001, destinationIssueId: 10002 } },
      ['jira:10001', 'jira:10002'],
    ],
    ['a version', { webhookEvent: 'jira:version_released', version: {} }, null],
    ['a property, which may be our own', { webhookEvent: 'issue_property_set', property: {} }, null],
    ['something new', { webhookEvent: 'galaxy_collapsed' }, null],
  ];

  test.each(cases)('%s is announced', (_, body, expected) => {
    expect(refs(body)).toEqual(expected);
  });

  const sprints: readonly (readonly [string, object, readonly string[]])[] = [
    ['sprint_closed', { sprint: { id: 1, name: 'S1' } }, ['S1']],
    ['sprint_deleted', { sprint: { id: 1, name: 'S1' } }, ['S1']],
    ['sprint_updated', { sprint: { id: 1, name: 'S2' }, oldValue: { id: 1, name: 'S1' } }, ['S2', 'S1']],
    ['sprint_created', { sprint: { id: 1, name: 'S1' } }, []],
  ];

  test.each(sprints)('%s names the sprints whose items must be read', (webhookEvent, body, expected) => {
    expect(announcedByJira({ webhookEvent, ...body }, 'd1')?.sprints).toEqual(expected);
  });

  test('an update tells its fields', () => {
    const found = announcedByJira(
      anUpdate([
        { field: 'Rank', fieldtype: 'custom', from: '', fromString: '', to: '', toString: 'Ranked higher' },
        { field: 'labels', from: null, fromString: 'a b', to: null, toString: 'b c' },
        { field: 'Score', from: null, fromString: '1', to: null, toString: '12' },
      ]),
      'd1',
    );

    expect(found?.change).toMatchObject({ id: '7', kind: 'changed', actor: { id: 'u1' } });
    expect(found?.change?.at.getTime()).toBe(1_790_102_915_652);
    expect(found?.change?.fields).toEqual([
      { kind: 'rank', field: 'Rank', from: '', to: 'Ranked higher' },
      { kind: 'labels', field: 'labels', from: 'a b', to: 'b c', added: ['c'], removed: ['a'] },
      { kind: 'other', field: 'Score', from: '1', to: '12' },
    ]);
  });

  test('a field that is called Rank and holds values is no rank', () => {
    const found = announcedByJira(anUpdate([{ field: 'Rank', from: '10001', to: '10002', toString: 'Major' }]), 'd1');

    expect(found?.change?.fields[0]?.kind).toBe('other');
  });

  test.each([
    ['a comment rides on it', anUpdate([{ field: 'labels', toString: 'a' }], { comment: { id: '1' } })],
    [
      'it is told as a comment',
      anUpdate([{ field: 'labels', toString: 'a' }], { issue_event_type_name: 'issue_commented' }),
    ],
    ['it tells no fields', anUpdate([])],
    ['it tells no time', anUpdate([{ field: 'labels', toString: 'a' }], { timestamp: undefined })],
  ])('an update is no change of fields alone when %s', (_, body) => {
    expect(announcedByJira(body, 'd1')?.change).toBeNull();
  });

  test.each([
    ['no object', 'hello'],
    ['a list', []],
    ['no event', { issue }],
    ['no issue', { webhookEvent: 'jira:issue_created' }],
    ['an id that is none', { webhookEvent: 'jira:issue_created', issue: { id: '../1', key: 'A-1' } }],
    ['a comment of nowhere', { webhookEvent: 'comment_created', comment: { self: 'http://j/x' } }],
  ])('%s is malformed', (_, body) => {
    expect(() => announcedByJira(body, 'd1')).toThrow(MalformedError);
  });

  test.each([
    ['a comment', { webhookEvent: 'comment_created', issue, comment: { self: 'x' } }],
    ['a worklog', { webhookEvent: 'worklog_updated', worklog: { issueId: '1' } }],
    ['a link', { webhookEvent: 'issuelink_created', issueLink: { sourceIssueId: 1, destinationIssueId: 2 } }],
    ['a deletion', { webhookEvent: 'jira:issue_deleted', issue }],
  ])('%s concerns only those that hold the issue', (_, body) => {
    expect(announcedByJira(body, 'd1')?.items.map(item => item.concerns)).not.toContain(undefined);
  });

  test.each([
    ['sprint_closed', [7]],
    ['sprint_deleted', [7]],
    ['sprint_started', []],
    ['sprint_updated', []],
  ])('%s has the board read whole only when issues fall back', (webhookEvent, boards) => {
    expect(announcedByJira({ webhookEvent, sprint: { name: 'S', originBoardId: 7 } }, 'd1')?.boards).toEqual(boards);
  });

  test("an issue that changes its project may be another backlog's", () => {
    expect(announcedByJira(anUpdate([{ field: 'project', from: '1', to: '2' }]), 'd1')?.moved).toBe(true);
    expect(announcedByJira(anUpdate([{ field: 'summary', toString: 'x' }]), 'd1')?.moved).toBe(false);
  });
});

describe.runIf(haveRecorded)('webhooks/jira (recorded)', () => {
  test.each([
    ['mattermost-webhook-cloud-comment-created', 10040, 'TES'],
    ['mattermost-webhook-cloud-comment-deleted', 10357, 'KT'],
    ['mattermost-webhook-cloud-comment-updated', 10040, 'TES'],
    ['mattermost-webhook-cloud-issue-created-many-fields', 10509, 'KT'],
    ['mattermost-webhook-cloud-issue-updated-custom-field', 10368, 'TES'],
    ['mattermost-webhook-issue-created', 10040, 'TES'],
    ['mattermost-webhook-issue-deleted', 10303, 'IDT'],
    ['mattermost-webhook-issue-updated-labels', 10040, 'TES'],
    ['mattermost-webhook-issue-updated-multiple-values', 10040, 'TES'],
    ['mattermost-webhook-issue-updated-raised-priority', 10040, 'TES'],
    ['mattermost-webhook-issue-updated-rank', 10040, 'TES'],
    ['mattermost-webhook-issue-updated-resolved', 10040, 'TES'],
    ['mattermost-webhook-issue-updated-sprint', 10040, 'TES'],
    ['mattermost-webhook-server-comment-created', 10013, null],
    ['mattermost-webhook-server-issue-updated-commented-1', 10013, 'PRJX'],
    ['mattermost-webhook-server-issue-updated-many-fields', 10400, 'HEY'],
    ['zulip-cloud-worklog_created', 10014, null],
  ])('%s announces its issue', (name, id, project) => {
    const body = readJson(recorded(`jira/webhooks/${name}.json`));

    expect(announcedByJira(body, 'd1')?.items).toMatchObject([{ ref: `jira:${id}`, project }]);
  });

  test('a recorded update tells what changed', () => {
    const body = readJson(recorded('jira/webhooks/mattermost-webhook-issue-updated-labels.json'));

    expect(announcedByJira(body, 'd1')?.change?.fields).toMatchObject([
      { kind: 'labels', added: ['sad'], removed: ['bad'] },
    ]);
  });
});
