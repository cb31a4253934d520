import { documentOf, isDocument, type Document } from './adf.ts';
import type { Discovered } from './discover-fields.ts';
import { instantOf } from './jira-time.ts';
import { arrayOf, isObject, objectOf, textOf, type Json } from './json.ts';
import type { RawIssue } from './load.ts';
import type { Comment, HistoryEntry, HistoryItem, Issue, Link, Person, Worklog } from './model.ts';
import { personOf } from './people.ts';
import * as registry from './registries.ts';

export interface Setting {
  readonly registries: registry.Registries;
  readonly people: Map<string, Person>;
  readonly discovered: Discovered;
}

/** Fields that live in their own place in the model, or are made when asked for. */
const HELD = new Set(
  `summary description issuetype project status priority assignee reporter creator labels duedate votes watches parent
  issuelinks subtasks comment worklog created updated statuscategorychangedate sprint closedSprints flagged epic attachment
  progress aggregateprogress timetracking workratio lastViewed`.split(/\s+/),
);

/** The issue of an export, with Server's forms turned into Cloud's. `rank` is empty where the export has none. */
export function issueFrom(raw: RawIssue, setting: Setting): Issue {
  const { fields } = raw;
  const person = (value: unknown): Person | null => personOf(value, setting.people);
  const created = instantOf(fields['created']) ?? 0;
  return {
    id: Number(raw.id),
    key: raw.key,
    oldKeys: [],
    project: registry.projectOf(fields['project'], setting.registries),
    type: registry.typeOf(fields['issuetype'], setting.registries),
    status: registry.statusOf(fields['status'], setting.registries),
    priority: registry.priorityOf(fields['priority'], setting.registries),
    assignee: person(fields['assignee']),
    reporter: person(fields['reporter']),
    creator: person(fields['creator'] ?? fields['reporter']),
    summary: textOf(fields['summary']) ?? '',
    description: documentFrom(fields['description']),
    labels: arrayOf(fields['labels']).map(String),
    duedate: textOf(fields['duedate']),
    votes: Number(objectOf(fields['votes'])['votes'] ?? 0),
    watches: Number(objectOf(fields['watches'])['watchCount'] ?? 0),
    sprints: sprintsOf(fields, setting),
    parentKey: textOf(objectOf(fields['parent'])['key']),
    links: arrayOf(fields['issuelinks']).flatMap(link => linkOf(link, setting)),
    rank: textOf(fields[setting.discovered.rankField]) ?? '',
    created,
    updated: instantOf(fields['updated']) ?? created,
    other: otherFields(fields, setting),
    comments: arrayOf(objectOf(fields['comment'])['comments']).map(entry => commentOf(entry, setting)),
    worklogs: arrayOf(objectOf(fields['worklog'])['worklogs']).map(entry => worklogOf(entry, setting)),
    histories: historiesOf(raw, setting),
    properties: new Map(),
  };
}

function documentFrom(value: unknown): Document | null {
  if (isDocument(value)) return value;
  return typeof value === 'string' ? documentOf(value) : null;
}

/** From the sprint field, or from the two fields that agile answers add. */
function sprintsOf(fields: Json, { registries, discovered }: Setting): readonly number[] {
  const agile = [...arrayOf(fields['closedSprints']), ...(isObject(fields['sprint']) ? [fields['sprint']] : [])];
  const all = [...arrayOf(fields[discovered.sprintField]), ...agile];
  const ids = all.flatMap(entry => registry.sprintOf(entry, registries)?.id ?? []);
  return [...new Set(ids)];
}

function linkOf(raw: unknown, { registries }: Setting): readonly Link[] {
  const link = objectOf(raw);
  const direction = isObject(link['inwardIssue']) ? 'inward' : 'outward';
  const other = link[`${direction}Issue`];
  if (!isObject(other)) return [];
  const otherFields = objectOf(other['fields']);
  if (isObject(otherFields['status'])) registry.statusOf(otherFields['status'], registries);
  return [
    {
      id: String(link['id']),
      type: registry.linkTypeOf(link['type'], registries),
      direction,
      otherId: Number(other['id']),
      otherKey: textOf(other['key']) ?? '',
      otherFields,
    },
  ];
}

function otherFields(fields: Json, { discovered, people }: Setting): Json {
  const kept: Json = {};
  for (const [id, value] of Object.entries(fields)) {
    if (HELD.has(id) || id === discovered.rankField || id === discovered.sprintField) continue;
    // Users inside further fields carry Server names; Cloud knows account ids only.
    const named = isObject(value) && 'displayName' in value;
    kept[id] = named ? { accountId: personOf(value, people)?.accountId } : value;
  }
  return kept;
}

function commentOf(raw: unknown, { people }: Setting): Comment {
  const comment = objectOf(raw);
  const author = personOf(comment['author'], people);
  const created = instantOf(comment['created']) ?? 0;
  return {
    id: String(comment['id']),
    author,
    updateAuthor: personOf(comment['updateAuthor'], people) ?? author,
    created,
    updated: instantOf(comment['updated']) ?? created,
    body: documentFrom(comment['body']),
  };
}

function worklogOf(raw: unknown, { people }: Setting): Worklog {
  const worklog = objectOf(raw);
  const created = instantOf(worklog['created']) ?? 0;
  return {
    id: String(worklog['id']),
    author: personOf(worklog['author'], people),
    created,
    updated: instantOf(worklog['updated']) ?? created,
    started: instantOf(worklog['started']) ?? created,
    timeSpentSeconds: Number(worklog['timeSpentSeconds'] ?? 0),
    comment: documentFrom(worklog['comment']),
  };
}

/** Names of the changelog that differ from field ids. Server exports lack `fieldId`; Cloud has it for these. */
const FIELD_IDS: Readonly<Record<string, string>> = {
  'Fix Version': 'fixVersions',
  Version: 'versions',
  Component: 'components',
  Link: 'issuelinks',
  Attachment: 'attachment',
  Comment: 'comment',
  'Issue Type': 'issuetype',
  Parent: 'parent',
};

function historiesOf(raw: RawIssue, setting: Setting): readonly HistoryEntry[] {
  const entries = arrayOf(objectOf(raw.changelog)['histories']).map(entry => {
    const history = objectOf(entry);
    return {
      id: String(history['id']),
      author: personOf(history['author'], setting.people),
      created: instantOf(history['created']) ?? 0,
      items: arrayOf(history['items']).map(item => historyItem(objectOf(item), setting.discovered)),
    };
  });
  return entries.sort((a, b) => a.created - b.created || Number(a.id) - Number(b.id));
}

function historyItem(raw: Json, discovered: Discovered): HistoryItem {
  const field = textOf(raw['field']) ?? '';
  const fieldId = textOf(raw['fieldId']) ?? fieldIdOf(field, textOf(raw['fieldtype']), discovered);
  return {
    field,
    fieldtype: textOf(raw['fieldtype']) ?? 'jira',
    ...(fieldId === null ? {} : { fieldId }),
    from: textOf(raw['from']),
    fromString: textOf(raw['fromString']),
    to: textOf(raw['to']),
    toString: textOf(raw['toString']),
  };
}

function fieldIdOf(name: string, fieldtype: string | null, discovered: Discovered): string | null {
  if (fieldtype !== 'custom') return FIELD_IDS[name] ?? (discovered.fields.has(name) ? name : null);
  if (name === 'Rank') return discovered.rankField;
  if (name === 'Sprint') return discovered.sprintField;
  return [...discovered.fields.values()].find(field => field.custom && field.name === name)?.id ?? null;
}
