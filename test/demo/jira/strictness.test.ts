import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JiraSite } from '../../../src/demo/jira/index.ts';
import { aSite, ask, at, type Asked } from './a-site.ts';

const put = (body: unknown): Asked => ({ method: 'PUT', body });
const jql = (text: string, more: object = {}): Asked => ({ body: { jql: text, ...more } });
const search = '/rest/api/3/search/jql';
const issue = '/rest/api/3/issue/SHOP-2';
const rank = '/rest/agile/1.0/issue/rank';
const bulk = '/rest/api/3/bulk/issues/fields';
const ids = (count: number): string[] => Array.from({ length: count }, (_, place) => String(11_000 + place));
const add = { fieldId: 'labels', bulkEditMultiSelectFieldOption: 'ADD', labels: [{ name: 'x' }] };

const REFUSED: readonly (readonly [what: string, path: string, asked: Asked, status: number])[] = [
  ['an unknown query parameter', '/rest/api/3/myself?startAt=0', {}, 400],
  ['a page size that is no number', '/rest/agile/1.0/board?maxResults=ten', {}, 400],
  ['startAt in the search', search, jql('project = SHOP', { startAt: 50 }), 400],
  ['an unbounded query', search, jql('order by Rank'), 400],
  ['an unreadable query', search, jql('project = = SHOP'), 400],
  ['an unknown field in a query', search, jql('colour = red'), 400],
  ['an unknown project in a query', search, jql('project = NOPE'), 400],
  ['an unknown issue in a query', search, jql('key in (SHOP-1, SHOP-9999)'), 400],
  ['a comparison of ranks', search, jql('Rank > 5'), 400],
  ['too many order fields', search, jql('project = SHOP order by a,b,c,d,e,f,g,h'), 400],
  ['a foreign page token', search, jql('project = SHOP', { nextPageToken: 'bm9uZQ' }), 400],
  ['too large a page', search, jql('project = SHOP', { maxResults: 5001 }), 400],
  ['too many ids to reconcile', search, jql('project = SHOP', { reconcileIssues: ids(51).map(Number) }), 400],
  ['a body that is not JSON', search, { method: 'POST', headers: { 'content-type': 'text/plain' } }, 415],
  ['the removed search', '/rest/api/3/search?jql=project=SHOP', {}, 410],
  ['an unknown expansion of a filter', '/rest/api/3/filter/10000?expand=jql', {}, 400],
  ['a filter that is not there', '/rest/api/3/filter/99', {}, 400],
  ['a wrong method', '/rest/api/3/field', { method: 'DELETE' }, 405],
  ['too many issues in one fetch', '/rest/api/3/issue/bulkfetch', { body: { issueIdsOrKeys: ids(101) } }, 400],
  [
    'an expand that is no list',
    '/rest/api/3/issue/bulkfetch',
    { body: { issueIdsOrKeys: ['1'], expand: 'names' } },
    400,
  ],
  [
    'too many histories',
    '/rest/api/3/changelog/bulkfetch',
    { body: { issueIdsOrKeys: ['1'], maxResults: 10_001 } },
    400,
  ],
  ['a changelog of too many issues', '/rest/api/3/changelog/bulkfetch', { body: { issueIdsOrKeys: ids(1001) } }, 400],
  ['a label with a space', issue, put({ update: { labels: [{ add: 'two words' }] } }), 400],
  ['an endless label', issue, put({ update: { labels: [{ add: 'x'.repeat(256) }] } }), 400],
  ['a field in both parts', issue, put({ fields: { labels: [] }, update: { labels: [{ add: 'x' }] } }), 400],
  ['an unknown verb', issue, put({ update: { labels: [{ append: 'x' }] } }), 400],
  ['an unknown part', issue, put({ field: { summary: 'x' } }), 400],
  ['a rank through an edit', issue, put({ fields: { customfield_10019: '0|i:' } }), 400],
  ['text for a number', issue, put({ fields: { customfield_10042: '5' } }), 400],
  ['text for a document', issue, put({ fields: { description: 'text' } }), 400],
  ['an issue that is not there', '/rest/api/3/issue/SHOP-9999', put({ fields: { summary: 'x' } }), 404],
  ['both anchors', rank, put({ issues: ['SHOP-1'], rankBeforeIssue: 'SHOP-2', rankAfterIssue: 'SHOP-3' }), 400],
  ['no anchor', rank, put({ issues: ['SHOP-1'] }), 400],
  ['too many to rank', rank, put({ issues: ids(51), rankBeforeIssue: 'SHOP-60' }), 400],
  ['an anchor among the ranked', rank, put({ issues: ['SHOP-1', 'SHOP-2'], rankBeforeIssue: 'SHOP-2' }), 400],
  ['an issue ranked twice', rank, put({ issues: ['SHOP-1', '11000'], rankBeforeIssue: 'SHOP-2' }), 400],
  ['another rank field', rank, put({ issues: ['SHOP-1'], rankBeforeIssue: 'SHOP-2', rankCustomFieldId: 1 }), 400],
  ['a bulk edit without actions', bulk, { body: { selectedIssueIdsOrKeys: ['SHOP-1'], editedFieldsInput: {} } }, 400],
  [
    'a bulk edit of an unlisted field',
    bulk,
    {
      body: {
        selectedIssueIdsOrKeys: ['SHOP-1'],
        selectedActions: ['priority'],
        editedFieldsInput: { labelsFields: [add] },
      },
    },
    400,
  ],
  ['a task that is not there', '/rest/api/3/bulk/queue/1', {}, 400],
  ['sprints of an unknown board', '/rest/agile/1.0/board/77/sprint', {}, 404],
  ['a property that is not there', `${issue}/properties/none`, {}, 404],
];

describe('demo/jira/strictness', () => {
  let site: JiraSite;

  beforeAll(async () => {
    site = await aSite();
  });
  afterAll(() => site.close());

  it.each(REFUSED)('refuses %s', async (_, path, asked, status) => {
    const before = site.issue('SHOP-2');

    const reply = await ask(site, path, asked);

    expect(reply.status, reply.text).toBe(status);
    expect(site.issue('SHOP-2')).toEqual(before);
  });

  it('a refusal names the field', async () => {
    const reply = await ask(site, issue, put({ update: { labels: [{ add: 'two words' }] } }));

    expect(reply.json).toEqual({
      errorMessages: [],
      errors: { labels: "The label 'two words' contains spaces which is invalid." },
    });
  });

  it('wrong credentials are refused with 401', async () => {
    const reply = await ask(site, search, { ...jql('project = SHOP'), headers: { authorization: 'Basic bm86bm8=' } });

    expect(reply.status).toBe(401);
  });

  it('without credentials the search is empty and the rest refused', async () => {
    const anonymous = async (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${site.url}${path}`, init);
    const body = JSON.stringify({ jql: 'project = SHOP' });

    const found = await anonymous(search, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

    expect(await found.json()).toEqual({ issues: [], isLast: true });
    expect((await anonymous('/rest/api/3/myself')).status).toBe(401);
    expect((await anonymous('/rest/agile/1.0/board')).status).toBe(401);
    expect((await anonymous('/rest/api/3/serverInfo')).status).toBe(200);
  });

  it('a bearer token signs in as well', async () => {
    const reply = await ask(site, '/rest/api/3/myself', { headers: { authorization: `Bearer ${site.accessToken}` } });

    expect(at(reply, 'displayName')).toBe('Winnow');
  });
});
