import type { HttpAnswer } from '../../http/message.ts';
import { readJson, readQuery } from '../asked.ts';
import { commentJson, issueUrl, worklogJson } from '../field-values.ts';
import { describedFields, historyJson, issueJson, selectionOf } from '../issue-answer.ts';
import type { World } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { issueOf, json, obstacleTo, offsetPage, type JiraRoute, type Visit } from './visit.ts';

/** Reading one issue, and its properties. */
const ISSUE = '/rest/api/3/issue/{issueIdOrKey}';

export const issueRoutes: readonly JiraRoute[] = [
  { method: 'GET', template: ISSUE, effect: 'read', handle: one },
  { method: 'GET', template: `${ISSUE}/changelog`, effect: 'read', handle: changelog },
  { method: 'GET', template: `${ISSUE}/comment`, effect: 'read', handle: comments },
  { method: 'GET', template: `${ISSUE}/worklog`, effect: 'read', handle: worklogs },
  { method: 'GET', template: `${ISSUE}/properties`, effect: 'read', handle: propertyKeys },
  { method: 'GET', template: `${ISSUE}/properties/{propertyKey}`, effect: 'read', handle: property },
  { method: 'PUT', template: `${ISSUE}/properties/{propertyKey}`, effect: 'write', handle: setProperty },
  { method: 'DELETE', template: `${ISSUE}/properties/{propertyKey}`, effect: 'write', handle: deleteProperty },
];

function one(visit: Visit): HttpAnswer {
  const query = readQuery(visit.request, {
    ...{ fields: 'list', fieldsByKeys: 'flag', expand: 'list', properties: 'list', updateHistory: 'flag' },
    failFast: 'flag',
  });
  const expand = query.list('expand') ?? [];
  const ask = { fields: query.list('fields'), otherwise: ['*all'], expand, properties: query.list('properties') ?? [] };
  const selection = selectionOf(visit.world, ask);
  return json({ ...issueJson(visit.world, issueOf(visit), selection), ...describedFields(selection, expand) });
}

function changelog(visit: Visit): HttpAnswer {
  const query = readQuery(visit.request, { startAt: 'whole', maxResults: 'whole' });
  const issue = issueOf(visit);
  const maxResults = Math.min(100, query.whole('maxResults', 100));
  const page = offsetPage(issue.histories, { startAt: query.whole('startAt', 0), maxResults });
  const values = page.values.map(entry => historyJson(visit.world, entry));
  const self = `${issueUrl(visit.world, issue.id)}/changelog?maxResults=${maxResults}&startAt=${page.startAt}`;
  return json({ self, ...page, isLast: page.startAt + values.length >= page.total, values });
}

function comments(visit: Visit): HttpAnswer {
  const query = readQuery(visit.request, { startAt: 'whole', maxResults: 'whole', orderBy: 'text', expand: 'text' });
  const orderBy = query.text('orderBy') ?? 'created';
  if (!['created', '+created', '-created'].includes(orderBy.replace(' ', '+'))) {
    throw new Refusal(400, `The field '${orderBy}' is not supported for ordering.`);
  }
  const issue = issueOf(visit);
  const all = orderBy === '-created' ? issue.comments.toReversed() : issue.comments;
  const maxResults = Math.min(100, query.whole('maxResults', 100));
  const { values, ...page } = offsetPage(all, { startAt: query.whole('startAt', 0), maxResults });
  return json({ ...page, comments: values.map(comment => commentJson(visit.world, issue, comment)) });
}

function worklogs(visit: Visit): HttpAnswer {
  const query = readQuery(visit.request, {
    ...{ startAt: 'whole', maxResults: 'whole', startedAfter: 'whole', startedBefore: 'whole', expand: 'text' },
  });
  const issue = issueOf(visit);
  const [after, before] = [query.whole('startedAfter', 0), query.whole('startedBefore', Infinity)];
  const all = issue.worklogs.filter(({ started }) => started >= after && started < before);
  const maxResults = Math.min(5000, query.whole('maxResults', 5000));
  const { values, ...page } = offsetPage(all, { startAt: query.whole('startAt', 0), maxResults });
  return json({ ...page, worklogs: values.map(worklog => worklogJson(visit.world, issue, worklog)) });
}

function propertyKeys(visit: Visit): HttpAnswer {
  readQuery(visit.request, {});
  const issue = issueOf(visit);
  const self = (key: string): string => `${issueUrl(visit.world, issue.id)}/properties/${encodeURIComponent(key)}`;
  return json({ keys: [...issue.properties.keys()].map(key => ({ key, self: self(key) })) });
}

function property(visit: Visit): HttpAnswer {
  readQuery(visit.request, {});
  const key = visit.params['propertyKey'] ?? '';
  const { properties } = issueOf(visit);
  if (!properties.has(key)) throw noProperty(key);
  return json({ key, value: properties.get(key) });
}

/** Largest value and longest key. */
const LARGEST_VALUE = 32_768;
const LONGEST_KEY = 255;

/** Neither `updated` nor history tell of properties. */
function setProperty(visit: Visit): HttpAnswer {
  readQuery(visit.request, {});
  const key = visit.params['propertyKey'] ?? '';
  const issue = issueOf(visit);
  const value = readJson(visit.request);
  if (key.length > LONGEST_KEY || visit.request.text.length > LARGEST_VALUE) {
    throw new Refusal(400, `A property holds at most ${LARGEST_VALUE} characters under a key of ${LONGEST_KEY}.`);
  }
  refuseEdit(visit.world, issueOf(visit));
  const isNew = !issue.properties.has(key);
  issue.properties = new Map([...issue.properties, [key, value]]);
  return { status: isNew ? 201 : 200 };
}

function deleteProperty(visit: Visit): HttpAnswer {
  readQuery(visit.request, {});
  const key = visit.params['propertyKey'] ?? '';
  const issue = issueOf(visit);
  if (!issue.properties.has(key)) throw noProperty(key);
  refuseEdit(visit.world, issue);
  issue.properties = new Map([...issue.properties].filter(([held]) => held !== key));
  return { status: 204 };
}

function refuseEdit(world: World, issue: ReturnType<typeof issueOf>): void {
  const obstacle = obstacleTo(world, issue);
  if (obstacle !== null) throw new Refusal(403, obstacle);
}

function noProperty(key: string): Refusal {
  return new Refusal(404, `The property with key '${key}' does not exist.`);
}
