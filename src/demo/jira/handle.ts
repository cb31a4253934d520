import type { HttpAnswer, HttpRequest } from '../http/message.ts';
import { createRouter } from '../http/router.ts';
import type { Throttle } from '../http/throttle.ts';
import type { BulkEdits } from './bulk-edits.ts';
import type { World } from './model.ts';
import { answerOf, Refusal } from './refusal.ts';
import { boardRoutes } from './routes/board.ts';
import { bulkEditRoutes } from './routes/bulk-edit.ts';
import { bulkReadRoutes } from './routes/bulk-reads.ts';
import { editRoutes } from './routes/edit.ts';
import { filterRoutes } from './routes/filter.ts';
import { issueRoutes } from './routes/issue.ts';
import { metadataRoutes } from './routes/metadata.ts';
import { permissionRoutes } from './routes/permissions.ts';
import { rankRoutes } from './routes/rank.ts';
import { searchRoutes } from './routes/search.ts';
import type { JiraRoute } from './routes/visit.ts';
import type { SignIn } from './sign-in.ts';
import type { Tokens } from './tokens.ts';

export interface Desk {
  readonly world: World;
  readonly tokens: Tokens;
  readonly bulkEdits: BulkEdits;
  readonly pageSize: number;
  readonly signIn: SignIn;
  /** null: nobody is throttled. */
  readonly throttle: Throttle | null;
  /** Told of every request that found its route. */
  readonly count: (route: JiraRoute) => void;
}

const routes: readonly JiraRoute[] = [
  ...metadataRoutes,
  ...permissionRoutes,
  ...searchRoutes,
  ...bulkReadRoutes,
  ...issueRoutes,
  ...editRoutes,
  ...bulkEditRoutes,
  ...boardRoutes,
  ...filterRoutes,
  ...rankRoutes,
];

/** Every request of the site passes here: throttle, route, sign-in, then the route's own handler. */
export function createHandler(desk: Desk): (request: HttpRequest) => HttpAnswer {
  const find = createRouter(routes.map(route => ({ ...route, handle: route })));
  return request => {
    try {
      refuseThrottled(desk, request);
      const found = find(request.method, request.path);
      if (found.kind === 'unknown') throw new Refusal(404, 'null for uri: ' + request.path);
      if (found.kind === 'wrong-method') {
        throw new Refusal(405, 'Method Not Allowed', { headers: { allow: found.allow.join(', ') } });
      }
      return visit(desk, { request, route: found.route.handle, params: found.params });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return answerOf(error, request.path.startsWith('/rest/api/3/bulk/') ? 'bulk' : 'collection');
    }
  };
}

function visit(
  desk: Desk,
  at: { readonly request: HttpRequest; readonly route: JiraRoute; readonly params: Readonly<Record<string, string>> },
): HttpAnswer {
  const { request, route, params } = at;
  desk.count(route);
  const signedIn = desk.signIn.check(request);
  if (!signedIn && route.anonymous !== true) throw desk.signIn.refusal();
  // Bulk edits go on by themselves: only their own polls see them waiting.
  if (!route.template.startsWith('/rest/api/3/bulk/queue/')) desk.bulkEdits.work();
  return route.handle({ ...desk, request, params, signedIn });
}

function refuseThrottled(desk: Desk, request: HttpRequest): void {
  const taken = desk.throttle?.take(`${request.method} ${request.path.replace(/\/\d+|\/[A-Z][A-Z0-9]*-\d+/g, '/x')}`);
  if (taken === undefined || taken.retryAfterSeconds === null) return;
  const reset = new Date(desk.world.clock.now().getTime() + taken.retryAfterSeconds * 1000).toISOString();
  throw new Refusal(429, 'Rate limit exceeded.', {
    headers: {
      'retry-after': String(taken.retryAfterSeconds),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': reset,
      'ratelimit-reason': 'jira-burst-based',
    },
  });
}
