import { plainText } from '../adf.ts';
import type { FieldDefinition, Issue, World } from '../model.ts';
import { hierarchyLevel } from '../field-values.ts';

/** What a field of a query looks at in an issue. */
export type ClauseField =
  /** Names and ids that mean the same value, lower case; `known` refuses values nobody has. */
  | {
      readonly kind: 'names';
      readonly values: (issue: Issue) => readonly string[];
      readonly known?: (world: World) => readonly string[];
    }
  | { readonly kind: 'text'; readonly value: (issue: Issue) => string }
  | { readonly kind: 'number'; readonly value: (issue: Issue) => number | null }
  | { readonly kind: 'instant'; readonly value: (issue: Issue, world: World) => number | null }
  | { readonly kind: 'rank' }
  | { readonly kind: 'filter' };

const lower = (text: string): string => text.toLowerCase();
const names = (...parts: readonly (string | null | undefined)[]): readonly string[] =>
  parts.filter(part => typeof part === 'string').map(lower);

const CATEGORY_NAMES = { new: 'to do', indeterminate: 'in progress', done: 'done', undefined: 'no category' } as const;
const CATEGORY_IDS = { new: '2', indeterminate: '4', done: '3', undefined: '1' } as const;

const issueNames: ClauseField = {
  kind: 'names',
  values: issue => [String(issue.id), lower(issue.key), ...issue.oldKeys.map(lower)],
  known: world => [...[...world.issues.keys()].map(String), ...[...world.keys.keys()].map(lower)],
};

const statusCategory: ClauseField = {
  kind: 'names',
  values: ({ status }) => [CATEGORY_NAMES[status.category], status.category, CATEGORY_IDS[status.category]],
  known: () => [...Object.values(CATEGORY_NAMES), ...Object.keys(CATEGORY_NAMES), ...Object.values(CATEGORY_IDS)],
};

const issueType: ClauseField = {
  kind: 'names',
  values: issue => names(issue.type.name, issue.type.id),
  known: world => [...world.types.values()].flatMap(type => names(type.name, type.id)),
};

/** `2026-11-24` as the first instant of that day, in UTC; JQL compares due dates by day. */
const duedate: ClauseField = {
  kind: 'instant',
  value: issue => (issue.duedate === null ? null : Date.parse(`${issue.duedate}T00:00:00Z`)),
};

const created: ClauseField = { kind: 'instant', value: issue => issue.created };
const updated: ClauseField = { kind: 'instant', value: issue => issue.updated };

const FIELDS: Readonly<Record<string, ClauseField>> = {
  id: issueNames,
  issue: issueNames,
  issuekey: issueNames,
  key: issueNames,
  project: {
    kind: 'names',
    values: ({ project }) => names(project.key, project.name, project.id),
    known: world => [...world.projects.values()].flatMap(({ key, name, id }) => names(key, name, id)),
  },
  status: {
    kind: 'names',
    values: issue => names(issue.status.name, issue.status.id),
    known: world => [...world.statuses.values()].flatMap(status => names(status.name, status.id)),
  },
  statuscategory: statusCategory,
  issuetype: issueType,
  type: issueType,
  priority: {
    kind: 'names',
    values: issue => names(issue.priority?.name, issue.priority?.id),
    known: world => world.priorities.flatMap(priority => names(priority.name, priority.id)),
  },
  labels: { kind: 'names', values: issue => issue.labels.map(lower) },
  assignee: { kind: 'names', values: issue => names(issue.assignee?.accountId, issue.assignee?.displayName) },
  reporter: { kind: 'names', values: issue => names(issue.reporter?.accountId, issue.reporter?.displayName) },
  parent: { kind: 'names', values: issue => names(issue.parentKey) },
  hierarchylevel: { kind: 'number', value: issue => hierarchyLevel(issue.type) },
  sprint: { kind: 'names', values: issue => issue.sprints.map(String) },
  summary: { kind: 'text', value: issue => issue.summary },
  description: { kind: 'text', value: issue => plainText(issue.description) },
  text: { kind: 'text', value: issue => `${issue.summary}\n${plainText(issue.description)}` },
  created,
  createddate: created,
  updated,
  updateddate: updated,
  due: duedate,
  duedate,
  votes: { kind: 'number', value: issue => issue.votes },
  watchers: { kind: 'number', value: issue => issue.watches },
  rank: { kind: 'rank' },
  filter: { kind: 'filter' },
};

/** By name, alias, `cf[10016]` or id; null for a field the site does not have. */
export function clauseField(world: World, name: string): ClauseField | null {
  const system = FIELDS[lower(name)];
  if (system !== undefined) return system;
  const wanted = lower(name);
  const custom = [...world.fields.values()].find(
    field => field.custom && [field.id, ...field.clauseNames].some(alias => lower(alias) === wanted),
  );
  return custom === undefined ? null : customClause(world, custom);
}

function customClause(world: World, field: FieldDefinition): ClauseField {
  if (field.id === world.rankField) return { kind: 'rank' };
  if (field.id === world.sprintField) return { kind: 'names', values: issue => issue.sprints.map(String) };
  if (field.schema?.['type'] === 'number') {
    return {
      kind: 'number',
      value: issue => {
        const held = issue.other[field.id];
        return typeof held === 'number' ? held : null;
      },
    };
  }
  return {
    kind: 'names',
    values: issue => {
      const held = issue.other[field.id];
      return held === null || held === undefined ? [] : names(typeof held === 'string' ? held : JSON.stringify(held));
    },
  };
}
