import { compileJql } from './jql/evaluate.ts';
import { comparison } from './jql/sort.ts';
import type { Query } from './jql/parse.ts';
import type { Issue, World } from './model.ts';
import { indexed } from './record.ts';
import { Refusal } from './refusal.ts';

export interface SearchAsk {
  readonly jql: string;
  /** Further restriction, on top of the query (a board's scope). */
  readonly within?: (issue: Issue) => boolean;
  /** Order when the query has none. */
  readonly orderBy?: Query['orderBy'];
  /** Ids seen as they are now, however far the index is behind. */
  readonly reconcile: readonly string[];
  /** True where a query without a restriction is refused. */
  readonly bounded: boolean;
}

/** Most ids one may ask to be reconciled. */
const MOST_RECONCILED = 50;

/** Issues the query finds, as the search index knows them, in order. Throws a refusal (400). */
export function searchIssues(world: World, ask: SearchAsk): readonly Issue[] {
  const { query, matches } = compileJql(world, ask.jql);
  if (ask.bounded && query.where === null) {
    throw new Refusal(
      400,
      'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    );
  }
  if (ask.reconcile.length > MOST_RECONCILED) {
    throw new Refusal(400, `At most ${MOST_RECONCILED} issues can be reconciled.`);
  }
  const live = new Set(ask.reconcile.map(Number));
  const found: Issue[] = [];
  for (const issue of world.order) {
    const seen = live.has(issue.id) ? issue : indexed(world, issue);
    if (seen === null || !mayBrowse(world, seen)) continue;
    if ((ask.within?.(seen) ?? true) && matches(seen)) found.push(seen);
  }
  const orderBy = query.orderBy.length > 0 ? query.orderBy : (ask.orderBy ?? []);
  // The issues were met in rank order, so most queries of a board are sorted already.
  const sorted = world.stale.size === 0 && orderBy[0]?.field.toLowerCase() === 'rank' && !orderBy[0].descending;
  return sorted ? found : found.sort(comparison(world, orderBy));
}

/** Missing permission shortens lists; it is never an error there. */
export function mayBrowse(world: World, issue: Issue): boolean {
  return !world.rights.hiddenProjects.has(issue.project.key);
}
