import type { HttpAnswer } from '../../http/message.ts';
import { readBody, readQuery } from '../asked.ts';
import { applyFields, labelFrom, labelsFrom } from '../edit-fields.ts';
import { issueJson, selectionOf } from '../issue-answer.ts';
import { arrayOf, isObject, objectOf, type Json } from '../json.ts';
import type { Issue, World } from '../model.ts';
import { commit } from '../record.ts';
import { fieldRefusal, Refusal } from '../refusal.ts';
import { issueOf, json, obstacleTo, type JiraRoute, type Visit } from './visit.ts';

export const editRoutes: readonly JiraRoute[] = [
  { method: 'PUT', template: '/rest/api/3/issue/{issueIdOrKey}', effect: 'write', handle: edit },
];

function edit(visit: Visit): HttpAnswer {
  const { world, request } = visit;
  const query = readQuery(request, {
    ...{ notifyUsers: 'flag', overrideScreenSecurity: 'flag', overrideEditableFlag: 'flag', returnIssue: 'flag' },
    expand: 'text',
  });
  const body = readBody(request, {
    ...{ fields: 'object', update: 'object', historyMetadata: 'object', properties: 'objects', transition: 'object' },
  });
  const issue = issueOf(visit);
  refuseSwitches(world, { mail: query.flag('notifyUsers', true), override: overrides(query) });
  const obstacle = obstacleTo(world, issue);
  if (world.locked.has(issue.id)) throw new Refusal(409, obstacle ?? '');
  if (obstacle !== null) throw new Refusal(400, obstacle);
  const wanted = wantedFields(issue, objectOf(body['fields']), objectOf(body['update']));
  const changes = applyFields(world, issue, wanted).flatMap(([, made]) => made ?? []);
  const metadata = isObject(body['historyMetadata']) ? { metadata: body['historyMetadata'] } : {};
  commit(world, issue, changes, { author: world.self, ...metadata });
  setProperties(issue, arrayOf(body['properties']).map(objectOf));
  if (changes.length > 0 && query.flag('notifyUsers', true)) world.mails.push({ key: issue.key, what: 'edit' });
  if (!query.flag('returnIssue', false)) return { status: 204 };
  return json(issueJson(world, issue, selectionOf(world, { fields: null, otherwise: ['*all'] })));
}

function overrides(query: ReturnType<typeof readQuery>): boolean {
  return query.flag('overrideScreenSecurity', false) || query.flag('overrideEditableFlag', false);
}

/** Switching mail off takes an administrator; overrides take an app of the marketplace. */
function refuseSwitches(world: World, asked: { readonly mail: boolean; readonly override: boolean }): void {
  if (!asked.mail && !world.rights.notifyAdmin) {
    throw new Refusal(403, 'To discard the user notification either admin or project admin permissions are required.');
  }
  if (asked.override) throw new Refusal(403, 'Only Connect and Forge apps may override screen security.');
}

/** Field -> value it shall have. Throws a refusal (400) on a field in both parts and on verbs it does not know. */
function wantedFields(issue: Issue, fields: Json, update: Json): ReadonlyMap<string, unknown> {
  const wanted = new Map(Object.entries(fields));
  for (const [id, verbs] of Object.entries(update)) {
    if (wanted.has(id)) throw fieldRefusal(id, `Field '${id}' cannot appear in both 'fields' and 'update'`);
    if (!Array.isArray(verbs)) throw fieldRefusal(id, 'Operations must be an array');
    wanted.set(id, id === 'labels' ? labelsAfter(issue, verbs) : valueAfter(id, verbs));
  }
  return wanted;
}

function labelsAfter(issue: Issue, verbs: readonly unknown[]): readonly string[] {
  let labels = [...issue.labels];
  for (const raw of verbs) {
    const [verb, value] = verbOf('labels', raw);
    if (verb === 'set') labels = [...labelsFrom(value)];
    else if (verb === 'add') labels.push(labelFrom(value));
    else if (verb === 'remove') labels = labels.filter(label => label !== labelFrom(value));
    else throw fieldRefusal('labels', `Field does not support operation '${verb}'`);
  }
  return labels;
}

function valueAfter(id: string, verbs: readonly unknown[]): unknown {
  const [verb, value] = verbOf(id, verbs.at(-1));
  if (verb !== 'set') throw fieldRefusal(id, `Field does not support operation '${verb}'`);
  return value;
}

function verbOf(id: string, raw: unknown): readonly [verb: string, value: unknown] {
  const entries = Object.entries(objectOf(raw));
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) throw fieldRefusal(id, 'Each operation has exactly one verb');
  return entry;
}

function setProperties(issue: Issue, entries: readonly Json[]): void {
  const added = entries.map(({ key, value }): [string, unknown] => [String(key), value]);
  if (added.length > 0) issue.properties = new Map([...issue.properties, ...added]);
}
