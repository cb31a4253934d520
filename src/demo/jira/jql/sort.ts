import type { Issue, World } from '../model.ts';
import { byRank } from '../world.ts';
import { clauseField } from './clause-fields.ts';
import type { Query } from './parse.ts';

type Compare = (a: Issue, b: Issue) => number;

/** Order of a query's answer; without ORDER BY the newest issue first, ties always by id. */
export function comparison(world: World, orderBy: Query['orderBy']): Compare {
  if (orderBy.length === 0) return (a, b) => b.id - a.id;
  const parts = orderBy.map(({ field, descending }): Compare => {
    const compare = fieldComparison(world, field);
    return descending ? (a, b) => compare(b, a) : compare;
  });
  return (a, b) => {
    for (const part of parts) {
      const result = part(a, b);
      if (result !== 0) return result;
    }
    return a.id - b.id;
  };
}

function fieldComparison(world: World, name: string): Compare {
  const lower = name.toLowerCase();
  if (['key', 'issuekey', 'id', 'issue'].includes(lower)) return byKey;
  if (lower === 'priority') return (a, b) => priorityPlace(world, b) - priorityPlace(world, a);
  const field = clauseField(world, name);
  switch (field?.kind) {
    case 'rank':
      return byRank;
    case 'number':
    case 'instant':
      return (a, b) => (field.value(a, world) ?? Infinity) - (field.value(b, world) ?? Infinity) || 0;
    case 'names':
      return (a, b) => compareText(field.values(a)[0] ?? '', field.values(b)[0] ?? '');
    case 'text':
      return (a, b) => compareText(field.value(a), field.value(b));
    default:
      return () => 0;
  }
}

function byKey(a: Issue, b: Issue): number {
  return compareText(a.project.key, b.project.key) || numberOf(a.key) - numberOf(b.key);
}

function numberOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('-') + 1));
}

/** Ascending puts the least important first, as Jira does. */
function priorityPlace(world: World, issue: Issue): number {
  const place = world.priorities.findIndex(priority => priority.id === issue.priority?.id);
  return place < 0 ? world.priorities.length : place;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
