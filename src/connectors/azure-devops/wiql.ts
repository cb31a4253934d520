import type { TeamScope } from './team-scope.ts';

/** Ids above `after`, and up to `upTo` where a range had to be split. */
export interface IdRange {
  readonly after: number;
  readonly upTo: number | null;
}

/**
 * The query behind a team's backlog level, in one id range. Same condition as `isInScope`.
 * WIQL: https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax
 */
export function scopeQuery(scope: TeamScope, range: IdRange): string {
  return [
    'SELECT [System.Id] FROM WorkItems',
    `WHERE [System.TeamProject] = ${literal(scope.project.name)}`,
    `AND (${typesWithStates(scope)})`,
    `AND (${areas(scope)})`,
    `AND [System.IterationPath] UNDER ${literal(scope.backlogIteration)}`,
    rangeAndOrder(range),
  ].join(' ');
}

/** Items of the level's types in the team's areas that bear one of these tags, whatever their state or iteration. */
export function labelledQuery(scope: TeamScope, labels: readonly string[], range: IdRange): string {
  const tags = labels.map(label => `[System.Tags] CONTAINS ${literal(label)}`).join(' OR ');
  return [
    'SELECT [System.Id] FROM WorkItems',
    `WHERE [System.TeamProject] = ${literal(scope.project.name)}`,
    `AND [System.WorkItemType] IN (${scope.types.map(literal).join(', ')})`,
    `AND (${areas(scope)})`,
    `AND (${tags})`,
    rangeAndOrder(range),
  ].join(' ');
}

/** A WIQL string: in single quotes, quotes inside doubled. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function rangeAndOrder({ after, upTo }: IdRange): string {
  const end = upTo === null ? '' : ` AND [System.Id] <= ${upTo}`;
  return `AND [System.Id] > ${after}${end} ORDER BY [System.Id]`;
}

/** Each type with its own open states: one name may be open in one type and closed in another. */
function typesWithStates(scope: TeamScope): string {
  const groups = new Map<string, string[]>();
  for (const type of scope.types) {
    const states = Object.entries(statesOf(scope, type))
      .filter(([, progress]) => progress === 'todo' || progress === 'doing')
      .map(([state]) => literal(state));
    const condition = states.length === 0 ? '' : `[System.State] IN (${states.join(', ')})`;
    groups.set(condition, [...(groups.get(condition) ?? []), literal(type)]);
  }
  groups.delete('');
  // No type has an open state: nothing can be in scope, and ids are never negative.
  if (groups.size === 0) return '[System.Id] < 0';
  return [...groups]
    .map(([condition, types]) => `([System.WorkItemType] IN (${types.join(', ')}) AND ${condition})`)
    .join(' OR ');
}

function statesOf(scope: TeamScope, type: string): TeamScope['states'][string] {
  const found = Object.entries(scope.states).find(([name]) => name.toLowerCase() === type.toLowerCase());
  return found?.[1] ?? {};
}

function areas(scope: TeamScope): string {
  return scope.areas
    .map(({ path, includeChildren }) => `[${scope.teamField}] ${includeChildren ? 'UNDER' : '='} ${literal(path)}`)
    .join(' OR ');
}
