import { briefJson, fieldValue, issueUrl, parentJson, sprintJson, sprintsJson } from './field-values.ts';
import { jiraTime } from './jira-time.ts';
import type { Json } from './json.ts';
import type { FieldDefinition, HistoryEntry, Issue, World } from './model.ts';
import { personJson } from './people.ts';

/** Which parts of an issue an answer holds. */
export interface Selection {
  /** null: nothing but the id. */
  readonly fields: readonly FieldDefinition[] | null;
  /** False when only `id` and `key` were asked for. */
  readonly hasFields: boolean;
  readonly parent: boolean;
  /** sprint, closedSprints, flagged, epic: what the agile answers add. */
  readonly agile: boolean;
  readonly changelog: boolean;
  readonly properties: readonly string[];
}

export interface SelectionAsk {
  readonly fields: readonly string[] | null;
  /** What counts when no field is named. */
  readonly otherwise: readonly string[];
  readonly expand?: readonly string[];
  readonly properties?: readonly string[];
  readonly agile?: boolean;
}

/** Unknown field names are passed over, as Jira does. */
export function selectionOf(world: World, ask: SelectionAsk): Selection {
  const wanted = ask.fields === null || ask.fields.length === 0 ? ask.otherwise : ask.fields;
  const all = wanted.includes('*all');
  const navigable = wanted.includes('*navigable') || wanted.every(name => name.startsWith('-'));
  const fields = [...world.fields.values()].filter(field => {
    if (wanted.includes(`-${field.id}`)) return false;
    return all || (navigable && field.navigable) || wanted.includes(field.id);
  });
  const only = (name: string): boolean => name === 'id' || name === 'key' || name === 'issuekey';
  const idOnly = wanted.length > 0 && wanted.every(name => name === 'id');
  const agileNames = ['sprint', 'closedSprints', 'flagged', 'epic'];
  return {
    fields: idOnly ? null : fields,
    hasFields: !wanted.every(only),
    parent: all || navigable || wanted.includes('parent'),
    agile: ask.agile === true && (all || navigable || agileNames.some(name => wanted.includes(name))),
    changelog: (ask.expand ?? []).includes('changelog'),
    properties: ask.properties ?? [],
  };
}

/** One issue as an answer holds it; `live` is what the search index may lag behind. */
export function issueJson(world: World, issue: Issue, selection: Selection): Json {
  if (selection.fields === null) return { id: String(issue.id) };
  const head = {
    expand: 'names,schema,changelog',
    id: String(issue.id),
    self: issueUrl(world, issue.id),
    key: issue.key,
  };
  const fields: Json = {};
  for (const field of selection.fields) {
    const value = fieldValue(world, issue, field);
    if (value !== undefined) fields[field.id] = value;
  }
  if (selection.parent) {
    const parent = parentJson(world, issue);
    if (parent !== null) fields['parent'] = parent;
  }
  if (selection.agile) Object.assign(fields, agileFields(world, issue));
  return {
    ...head,
    ...(selection.hasFields ? { fields } : {}),
    ...(selection.changelog ? { changelog: embeddedChangelog(world, issue) } : {}),
    ...(selection.properties.length > 0 ? { properties: propertiesJson(issue, selection.properties) } : {}),
  };
}

function agileFields(world: World, issue: Issue): Json {
  const withSelf = (json: Json): Json => ({
    self: `${world.base}/rest/agile/1.0/sprint/${String(json['id'])}`,
    ...json,
  });
  const current = issue.sprints
    .map(id => world.sprints.get(id))
    .find(sprint => sprint !== undefined && sprint.state !== 'closed');
  const closed = issue.sprints.filter(id => world.sprints.get(id)?.state === 'closed');
  const parent = issue.parentKey === null ? undefined : world.keys.get(issue.parentKey.toUpperCase());
  return {
    flagged: false,
    sprint: current === undefined ? null : withSelf(sprintJson(current)),
    closedSprints: closed.length === 0 ? null : sprintsJson(world, closed).map(withSelf),
    epic: parent !== undefined && parent.type.name === 'Epic' ? briefJson(world, parent) : null,
  };
}

function propertiesJson(issue: Issue, keys: readonly string[]): Json {
  return Object.fromEntries(
    [...issue.properties]
      .filter(([key]) => keys.includes(key) || keys.includes('*all'))
      .map(([key, value]) => [key, value]),
  );
}

/** Most histories that come inside an issue. */
const EMBEDDED = 100;

function embeddedChangelog(world: World, issue: Issue): Json {
  const newest = issue.histories.toReversed().slice(0, EMBEDDED);
  const histories = newest.map(entry => historyJson(world, entry));
  return { startAt: 0, maxResults: histories.length, total: issue.histories.length, histories };
}

/** A history entry; times as text, or as milliseconds where the bulk resource has them so. */
export function historyJson(world: World, entry: HistoryEntry, times: 'text' | 'milliseconds' = 'text'): Json {
  return {
    id: entry.id,
    ...(entry.author === null ? {} : { author: personJson(entry.author, world.base) }),
    created: times === 'text' ? jiraTime(entry.created, world.offsetMinutes) : entry.created,
    items: entry.items,
    ...(entry.metadata === undefined ? {} : { historyMetadata: entry.metadata }),
  };
}

/** What `expand=names` and `expand=schema` add to an answer. */
export function describedFields(selection: Selection, expand: readonly string[]): Json {
  const fields = (selection.fields ?? []).filter(field => field.schema !== undefined);
  const part = (of: (field: FieldDefinition) => unknown): Json =>
    Object.fromEntries(fields.map(field => [field.id, of(field)]));
  return {
    ...(expand.includes('names') ? { names: part(field => field.name) } : {}),
    ...(expand.includes('schema') ? { schema: part(field => field.schema) } : {}),
  };
}
