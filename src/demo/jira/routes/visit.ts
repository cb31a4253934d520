import type { HttpAnswer, HttpRequest } from '../../http/message.ts';
import type { Params, Route } from '../../http/router.ts';
import type { BulkEdits } from '../bulk-edits.ts';
import type { Issue, World } from '../model.ts';
import { noSuchIssue } from '../refusal.ts';
import { mayBrowse } from '../search.ts';
import type { Tokens } from '../tokens.ts';
import { findIssue } from '../world.ts';

/** One request on its way through a route. */
export interface Visit {
  readonly world: World;
  readonly tokens: Tokens;
  readonly bulkEdits: BulkEdits;
  /** Most issues with fields on one page. */
  readonly pageSize: number;
  readonly request: HttpRequest;
  readonly params: Params;
  /** False: no credentials were sent; the anonymous may see very little. */
  readonly signedIn: boolean;
}

export type Handler = (visit: Visit) => HttpAnswer;

/** How requests of a route count, and whether the anonymous get an (empty) answer. */
export interface JiraRoute extends Route<Handler> {
  readonly effect: 'read' | 'write';
  readonly anonymous?: boolean;
}

export const json = (value: unknown, status = 200): HttpAnswer => ({ status, json: value });

/** Throws a refusal (404) where it is missing or hidden: nobody can tell which. */
export function issueOf({ world, params }: Visit): Issue {
  const issue = findIssue(world, params['issueIdOrKey'] ?? '');
  if (issue === null || !mayBrowse(world, issue)) throw noSuchIssue();
  return issue;
}

/** Why this issue cannot be edited now; null when it can. */
export function obstacleTo(world: World, issue: Issue): string | null {
  if (world.rights.readOnlyProjects.has(issue.project.key)) {
    return 'You do not have permission to edit issues in this project.';
  }
  return world.locked.get(issue.id) ?? null;
}

/** `startAt` and `maxResults` of the older resources. */
export function offsetPage<T>(
  all: readonly T[],
  ask: { readonly startAt: number; readonly maxResults: number },
): { readonly startAt: number; readonly maxResults: number; readonly total: number; readonly values: readonly T[] } {
  const { startAt, maxResults } = ask;
  return { startAt, maxResults, total: all.length, values: all.slice(startAt, startAt + maxResults) };
}
