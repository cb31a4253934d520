import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JiraSite } from '../../../src/demo/jira/index.ts';
import { jiraConformance, jiraDocumentsAreHere, type JiraConformance } from '../../support/openapi/jira.ts';
import { aSite, ask, at, type Asked } from './a-site.ts';

const issue = '/rest/api/3/issue/SHOP-2';
const put = (body: unknown): Asked => ({ method: 'PUT', body });

const REQUESTS: readonly (readonly [path: string, asked: Asked, status: number])[] = [
  ['/rest/api/3/myself', {}, 200],
  ['/rest/api/3/serverInfo', {}, 200],
  ['/rest/api/3/field', {}, 200],
  ['/rest/api/3/priority', {}, 200],
  ['/rest/api/3/priority/search?maxResults=3', {}, 200],
  ['/rest/api/3/status', {}, 200],
  ['/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ISSUES&projectKey=SHOP', {}, 200],
  [
    '/rest/api/3/permissions/check',
    {
      body: {
        globalPermissions: ['BULK_CHANGE'],
        projectPermissions: [{ permissions: ['SCHEDULE_ISSUES'], issues: [11000] }],
      },
    },
    200,
  ],
  ['/rest/api/3/project/SHOP', {}, 200],
  ['/rest/api/3/project/search?keys=SHOP', {}, 200],
  ['/rest/api/3/project/NONE', {}, 404],
  ['/rest/api/3/search/jql?jql=project%3DSHOP&maxResults=10&fields=summary,labels', {}, 200],
  [
    '/rest/api/3/search/jql',
    { body: { jql: 'project = SHOP', fields: ['*all'], maxResults: 100, expand: 'names,schema,changelog' } },
    200,
  ],
  ['/rest/api/3/search/jql', { body: { jql: 'project = SHOP order by updated desc', maxResults: 5000 } }, 200],
  ['/rest/api/3/search/jql', { body: { jql: '' } }, 400],
  ['/rest/api/3/search/approximate-count', { body: { jql: 'labels is EMPTY' } }, 200],
  ['/rest/api/3/issue/bulkfetch', { body: { issueIdsOrKeys: ['SHOP-1', 'SHOP-4', 'NONE-1'], fields: ['*all'] } }, 200],
  ['/rest/api/3/changelog/bulkfetch', { body: { issueIdsOrKeys: ['SHOP-1', 'SHOP-2', '11002'], maxResults: 2 } }, 200],
  [`${issue}?expand=changelog,names&fields=*all`, {}, 200],
  [`${issue}/changelog?maxResults=1`, {}, 200],
  [`${issue}/comment?orderBy=-created`, {}, 200],
  [`${issue}/worklog`, {}, 200],
  [`${issue}?notifyUsers=false`, put({ update: { labels: [{ add: 'winnow-stale' }] } }), 204],
  [`${issue}?notifyUsers=false&returnIssue=true`, put({ fields: { summary: 'Another title' } }), 200],
  [issue, put({ fields: { unknown: 1 } }), 400],
  [`${issue}/properties/winnow`, put({ score: 5 }), 201],
  [`${issue}/properties/winnow`, put({ score: 6 }), 200],
  [`${issue}/properties/winnow`, {}, 200],
  [`${issue}/properties/winnow`, { method: 'DELETE' }, 204],
  [`${issue}/properties/winnow`, {}, 404],
  ['/rest/agile/1.0/board?projectKeyOrId=SHOP&type=scrum', {}, 200],
  ['/rest/agile/1.0/board/1', {}, 200],
  ['/rest/agile/1.0/board/1/configuration', {}, 200],
  ['/rest/agile/1.0/board/1/sprint?state=active,future', {}, 200],
  ['/rest/agile/1.0/board/99', {}, 404],
  ['/rest/api/3/filter/10000', {}, 200],
  ['/rest/api/3/filter/10000?expand=subscriptions', {}, 200],
  ['/rest/api/3/filter/1', {}, 400],
  ['/rest/agile/1.0/issue/rank', put({ issues: ['SHOP-1', '11003'], rankBeforeIssue: 'SHOP-9' }), 204],
  ['/rest/agile/1.0/issue/rank', put({ issues: ['SHOP-1'] }), 400],
  ['/rest/software/1.0/board/1/backlog?maxResults=20', {}, 200],
  ['/rest/software/1.0/board/1/issue?fields=summary,sprint&jql=labels%20is%20EMPTY', {}, 200],
  ['/rest/software/1.0/board/1/backlog/approximate-count', {}, 200],
  ['/rest/api/3/nowhere', {}, 404],
];

describe.skipIf(!jiraDocumentsAreHere)('demo/jira/conformance', () => {
  let conformance: JiraConformance;
  let site: JiraSite;

  beforeAll(async () => {
    conformance = jiraConformance();
    site = await aSite({ onExchange: conformance.onExchange });
    site.comment('SHOP-2', 'Seen it\n\n* twice', 'Hiro Tanaka');
    site.worklog('SHOP-2', 30, 'Hiro Tanaka');
    site.setSprint('SHOP-4', site.createSprint({ name: 'Next', state: 'future', boardId: 1 }), 'Hiro Tanaka');
    site.link('SHOP-2', 'Blocks', 'SHOP-1', 'Hiro Tanaka');
  });
  afterAll(() => site.close());

  it.each(REQUESTS)('%s fits the vendor’s documents', async (path, asked, status) => {
    const before = conformance.found().length;
    const reply = await ask(site, path, asked);

    expect(reply.status, reply.text).toBe(status);
    const undocumented = path === '/rest/api/3/nowhere';
    expect(conformance.found().slice(before)).toEqual(undocumented ? [expect.stringContaining('not documented')] : []);
  });

  it('a bulk edit and its polls fit', async () => {
    const before = conformance.found().length;
    site.switches.lock('SHOP-6', 'busy');
    const input = {
      labelsFields: [{ fieldId: 'labels', bulkEditMultiSelectFieldOption: 'ADD', labels: [{ name: 'x' }] }],
      clearableNumberFields: [{ fieldId: site.fieldId('Winnow score'), value: 5 }],
    };
    const actions = ['labels', site.fieldId('Winnow score')];
    const body = { selectedIssueIdsOrKeys: ['SHOP-5', 'SHOP-6'], selectedActions: actions, editedFieldsInput: input };
    const submitted = await ask(site, '/rest/api/3/bulk/issues/fields', { body });
    for (let poll = 0; poll < 3; poll += 1)
      await ask(site, `/rest/api/3/bulk/queue/${String(at(submitted, 'taskId'))}`);
    site.switches.unlock('SHOP-6');

    expect(conformance.found().slice(before)).toEqual([]);
  });

  it('an answer with an invented property is a problem', () => {
    const [exchange] = site.exchanges().filter(one => one.request.path === '/rest/api/3/myself');
    if (exchange?.answer === undefined || exchange.answer === null) throw new Error('no exchange');
    const body = JSON.stringify({ ...(JSON.parse(exchange.answer.body ?? '{}') as object), invented: 1 });

    const problems = conformance.problems({ ...exchange, answer: { ...exchange.answer, body } });

    expect(problems).toEqual([expect.stringContaining('invented')]);
  });
});
