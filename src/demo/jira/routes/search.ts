import type { HttpAnswer } from '../../http/message.ts';
import { readBody, readQuery } from '../asked.ts';
import { describedFields, issueJson, selectionOf } from '../issue-answer.ts';
import { arrayOf, textOf } from '../json.ts';
import { Refusal } from '../refusal.ts';
import { searchIssues } from '../search.ts';
import { tokenPage } from '../tokens.ts';
import { json, type JiraRoute, type Visit } from './visit.ts';

export const searchRoutes: readonly JiraRoute[] = [
  { method: 'GET', template: '/rest/api/3/search/jql', effect: 'read', anonymous: true, handle: byQuery },
  { method: 'POST', template: '/rest/api/3/search/jql', effect: 'read', anonymous: true, handle: byBody },
  { method: 'POST', template: '/rest/api/3/search/approximate-count', effect: 'read', anonymous: true, handle: count },
  { method: 'GET', template: '/rest/api/3/search', effect: 'read', anonymous: true, handle: removed },
  { method: 'POST', template: '/rest/api/3/search', effect: 'read', anonymous: true, handle: removed },
  { method: 'GET', template: '/rest/api/2/search', effect: 'read', anonymous: true, handle: removed },
];

/** Most ids on one page; with fields the site's page size holds. */
export const MOST_IDS = 5000;
const USUAL = 50;

interface Ask {
  readonly jql: string;
  readonly token: string | null;
  readonly maxResults: number;
  readonly fields: readonly string[] | null;
  readonly expand: readonly string[];
  readonly properties: readonly string[];
  readonly reconcile: readonly string[];
}

function byQuery(visit: Visit): HttpAnswer {
  const query = readQuery(visit.request, {
    ...{ jql: 'text', nextPageToken: 'text', maxResults: 'whole', fields: 'list', expand: 'text', properties: 'list' },
    ...{ fieldsByKeys: 'flag', failFast: 'flag', reconcileIssues: 'wholes' },
  });
  return answer(visit, {
    jql: query.text('jql') ?? '',
    token: query.text('nextPageToken'),
    maxResults: query.whole('maxResults', USUAL),
    fields: query.list('fields'),
    expand: query.list('expand') ?? (query.text('expand') ?? '').split(','),
    properties: query.list('properties') ?? [],
    reconcile: query.list('reconcileIssues') ?? [],
  });
}

function byBody(visit: Visit): HttpAnswer {
  readQuery(visit.request, {});
  const body = readBody(visit.request, {
    ...{
      jql: 'text',
      nextPageToken: 'text',
      maxResults: 'whole',
      fields: 'texts',
      expand: 'text',
      properties: 'texts',
    },
    ...{ fieldsByKeys: 'flag', reconcileIssues: 'wholes' },
  });
  return answer(visit, {
    jql: textOf(body['jql']) ?? '',
    token: textOf(body['nextPageToken']),
    maxResults: Number(body['maxResults'] ?? USUAL),
    fields: Array.isArray(body['fields']) ? body['fields'].map(String) : null,
    expand: (textOf(body['expand']) ?? '').split(','),
    properties: arrayOf(body['properties']).map(String),
    reconcile: arrayOf(body['reconcileIssues']).map(String),
  });
}

function answer({ world, tokens, pageSize, signedIn }: Visit, ask: Ask): HttpAnswer {
  if (ask.maxResults < 1 || ask.maxResults > MOST_IDS) {
    throw new Refusal(400, `The maxResults must be between 1 and ${MOST_IDS}.`);
  }
  if (ask.properties.length > 5) throw new Refusal(400, 'At most 5 properties can be asked for.');
  const found = searchIssues(world, { jql: ask.jql, reconcile: ask.reconcile, bounded: true });
  if (!signedIn) return json({ issues: [], isLast: true });
  const selection = selectionOf(world, { ...ask, otherwise: ['id'] });
  const size = Math.min(ask.maxResults, selection.fields !== null && selection.hasFields ? pageSize : MOST_IDS);
  const page = tokenPage(tokens, found, { token: ask.token, question: JSON.stringify([ask.jql, ask.fields]), size });
  return json({
    issues: page.items.map(issue => issueJson(world, issue, selection)),
    ...(page.next === null ? {} : { nextPageToken: page.next }),
    isLast: page.next === null,
    ...describedFields(selection, ask.expand),
  });
}

function count({ world, request, signedIn }: Visit): HttpAnswer {
  readQuery(request, {});
  const body = readBody(request, { jql: 'text' });
  const found = searchIssues(world, { jql: textOf(body['jql']) ?? '', reconcile: [], bounded: true });
  return json({ count: signedIn ? found.length : 0 });
}

function removed(): never {
  throw new Refusal(
    410,
    'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline ' +
      'is available at https://developer.atlassian.com/changelog/#CHANGE-2046',
  );
}
