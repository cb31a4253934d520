import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getPersonalAccessTokenHandler, WebApi } from 'azure-devops-node-api';
import { describe, expect, it } from 'vitest';
import { believableAzureDevOpsBacklog, type AzureDevOpsSite } from '../../../src/demo/azure-devops/index.ts';
import type { Exchange } from '../../../src/demo/http/message.ts';
import { aListener } from '../../support/listener.ts';
import { aSite, ask, patch } from './a-site.ts';
import { loadSwagger, SPEC_DEFECTS, type Swagger } from './swagger.ts';

const folder = join(import.meta.dirname, '../../../../shared/specs/azure-devops/7.1');
const files = ['core.json', 'work.json', 'workItemTracking.json', 'serviceHooks.json'].map(name => join(folder, name));

/** Resources the service has but no specification file describes. */
const UNDOCUMENTED = [/\/_apis\/connectionData/i, /\/_apis\/ResourceAreas/i];

async function askByLibrary(site: AzureDevOpsSite, story: number): Promise<void> {
  const api = new WebApi(site.url, getPersonalAccessTokenHandler(site.pat, false));
  const place = { project: 'Payments', team: 'Payments Team' };
  await (await api.getLocationsApi()).getConnectionData();
  const core = await api.getCoreApi();
  await core.getProjects();
  await core.getProject('Payments', true);
  await core.getTeams('Payments');
  const work = await api.getWorkApi();
  await work.getBacklogConfigurations(place);
  await work.getBacklogs(place);
  await work.getBacklogLevelWorkItems(place, 'Microsoft.RequirementCategory');
  await work.getProcessConfiguration('Payments');
  await work.getTeamSettings(place);
  await work.getTeamFieldValues({ project: 'Payments', team: 'New Team' });
  await work.getTeamIterations(place);
  await work.getTeamIterations(place, 'current');
  const [first, second] = site
    .order('Payments')
    .filter(id => site.item(id).parent === site.item(story).parent && id !== story);
  await work.reorderBacklogWorkItems(
    { ids: [story], parentId: site.item(story).parent ?? 0, previousId: first ?? 0, nextId: second ?? 0 },
    place,
  );
  const wit = await api.getWorkItemTrackingApi();
  await wit.queryByWiql(
    { query: 'SELECT [System.Id], [System.Title] FROM WorkItems ORDER BY [System.ChangedDate] DESC' },
    place,
  );
  await wit.getWorkItemsBatch(
    { ids: [story, 9999], fields: ['System.Id', 'System.ChangedBy'], errorPolicy: 2 },
    'Payments',
  );
  await wit.getWorkItems([story], undefined, undefined, 4);
  await wit.getWorkItem(story, ['System.Title'], undefined, undefined, 'Payments');
  await wit.getRevisions(story);
  await wit.getRevision(story, 1);
  await wit.getUpdates(story);
  await wit.getFields('Payments');
  await wit.getField('System.Tags');
  await wit.getWorkItemTypes('Payments');
  await wit.getWorkItemTypeStates('Payments', 'User Story');
  await wit.getWorkItemTypeFieldsWithReferences('Payments', 'Bug');
  await wit.getRelationTypes();
  await wit.getTags('Payments');
  await wit.getClassificationNode('Payments', 1, undefined, 3);
  await wit.getReportingLinksByLinkType(undefined, ['System.LinkTypes.Hierarchy']);
  await wit.readReportingRevisionsGet('Payments', undefined, undefined, undefined, undefined, true);
  await wit.readReportingRevisionsPost({ includeLatestOnly: true, includeDeleted: true, types: ['Bug'] });
  await wit.addComment({ text: 'Seen.' }, 'Payments', story);
  await wit.getComments('Payments', story);
  const operations = [
    { op: 0, path: '/fields/System.Tags', value: 'winnow-stale' },
    { op: 0, path: '/fields/Custom.PriorityScore', value: 61.25 },
  ];
  await wit.updateWorkItem(null, operations, story, 'Payments', false, false, true);
  await wit.createWorkItem(null, [{ op: 0, path: '/fields/System.Title', value: 'New' }], 'Payments', 'Bug');
  const binned = site.order('Payments').at(-1) ?? 0;
  await wit.deleteWorkItem(binned);
  await wit.getDeletedWorkItemShallowReferences('Payments');
  await wit.getDeletedWorkItem(binned);
  await wit.restoreWorkItem({ isDeleted: false }, binned);
}

async function askByFetch(site: AzureDevOpsSite, story: number): Promise<void> {
  const below = '/Payments/Payments%20Team/_apis';
  for (const path of [
    '/_apis/projects/Payments/teams/New%20Team?api-version=7.1',
    `${below}/work/backlogs/Microsoft.EpicCategory?api-version=7.1`,
    `${below}/work/teamsettings?api-version=7.1`,
    '/Payments/New%20Team/_apis/work/teamsettings?api-version=7.1',
    '/Payments/_apis/wit/classificationnodes?$depth=2&api-version=7.1',
    '/Payments/_apis/wit/classificationnodes/iterations/Sprint%2040?api-version=7.1',
    '/_apis/wit/reporting/workitemrevisions?$expand=fields&includeTagRef=true&$maxPageSize=20&api-version=7.1',
    '/_apis/wit/reporting/workitemlinks?startDateTime=2026-01-01T00:00:00Z&api-version=7.1',
    `/_apis/wit/workitems/${story}?$expand=all&api-version=7.1`,
  ]) {
    const { status } = await ask(site, path);
    expect([path, status]).toEqual([path, 200]);
  }
  site.attach(story, 'plan.pdf');
  await patch(
    site,
    story,
    [{ op: 'add', path: '/fields/System.Title', value: 'Checked' }],
    '&validateOnly=true&$expand=relations',
  );
}

/** Service hooks, which the vendor's client lacks. */
async function askForHooks(site: AzureDevOpsSite, story: number): Promise<void> {
  const to = await aListener();
  const path = '/_apis/hooks/subscriptions';
  const made = await ask(site, `${path}?api-version=7.1`, {
    method: 'POST',
    body: {
      publisherId: 'tfs',
      eventType: 'workitem.updated',
      resourceVersion: '1.0',
      consumerId: 'webHooks',
      consumerActionId: 'httpRequest',
      publisherInputs: { projectId: site.projects[0]?.id ?? '' },
      consumerInputs: { url: to.url, basicAuthUsername: 'winnow', basicAuthPassword: 'secret-word' },
    },
  });
  site.edit(story, { 'System.Title': 'Told' });
  await site.webhooks.post.settled();
  const one = `${path}/${String(made.json['id'])}`;
  await ask(site, `${path}?eventType=workitem.updated&consumerId=webHooks&api-version=7.1`);
  await ask(site, `${one}?api-version=7.1`);
  await ask(site, `${one}/notifications?maxResults=5&api-version=7.1`);
  await ask(site, `${one}?api-version=7.1`, { method: 'PUT', body: made.json });
}

function problemsOf(exchange: Exchange, swagger: Swagger): readonly string[] {
  const { request, answer } = exchange;
  const target = `${request.method} ${request.path}`;
  if (request.method === 'OPTIONS' || UNDOCUMENTED.some(pattern => pattern.test(request.path))) return [];
  if (answer?.status !== 200) return [`${target} answered ${answer?.status}: ${answer?.body?.slice(0, 300)}`];
  const operation = swagger.find(request.method, request.path);
  if (operation === null) return [`${target} is in no specification`];
  return operation
    .problems(JSON.parse(answer.body ?? 'null'))
    .slice(0, 5)
    .map(problem => `${target}: ${problem}`);
}

describe.skipIf(!files.every(file => existsSync(file)))('demo/azure-devops/conformance', () => {
  it('every answer fits the official 7.1 specification', { timeout: 30_000 }, async () => {
    const exchanges: Exchange[] = [];
    const now = new Date('2026-11-20T09:00:00Z');
    const records = believableAzureDevOpsBacklog({ items: 60, seed: 7, now });
    const site = await aSite({
      clock: { now: () => now },
      records,
      projects: [],
      onExchange: entry => void exchanges.push(entry),
    });
    const story = site.order('Payments').find(id => site.item(id).parent !== null) ?? 0;

    await askByLibrary(site, story);
    await askByFetch(site, story);
    await askForHooks(site, story);

    const swagger = loadSwagger(files);
    expect(exchanges.length).toBeGreaterThan(50);
    expect(exchanges.flatMap(exchange => problemsOf(exchange, swagger))).toEqual([]);
  });

  it('the validator finds a member that no specification names', () => {
    const operation = loadSwagger(files).find('GET', '/acme/_apis/wit/workitems/1');

    expect(operation?.problems({ id: 1, rev: 1, fields: {}, colour: 'red' })).toContainEqual(
      expect.stringContaining('colour'),
    );
    expect(operation?.problems({ id: 'one' })).not.toEqual([]);
    expect(SPEC_DEFECTS.length).toBeGreaterThan(0);
  });
});
