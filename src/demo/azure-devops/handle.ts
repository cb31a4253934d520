import type { HttpAnswer, HttpRequest } from '../http/message.ts';
import { createRouter } from '../http/router.ts';
import { apiVersion } from './api-version.ts';
import type { ServiceHooks } from './hooks/service-hooks.ts';
import { guidOf } from './identity.ts';
import { projectAt, teamAt, type Organisation } from './organisation.ts';
import { locationWire, resources } from './resources.ts';
import { list, readQuery, type AdoRoute, type Scope } from './route.ts';
import { coreRoutes } from './routes/core.ts';
import { hookRoutes } from './routes/hooks.ts';
import { lifeRoutes } from './routes/life.ts';
import { metadataRoutes } from './routes/metadata.ts';
import { queryRoutes } from './routes/query.ts';
import { readItemRoutes } from './routes/read-items.ts';
import { reportingRoutes } from './routes/reporting.ts';
import { teamSettingsRoutes } from './routes/team-settings.ts';
import { workRoutes } from './routes/work.ts';
import { writeItemRoutes } from './routes/write-items.ts';
import { checkSignIn, throttled } from './sign-in.ts';
import type { Switches } from './switches.ts';
import { badRequest, errorAnswer, VendorError } from './vendor-error.ts';

const routes: readonly AdoRoute[] = [
  ...coreRoutes,
  ...queryRoutes,
  ...readItemRoutes,
  ...writeItemRoutes,
  ...reportingRoutes,
  ...metadataRoutes,
  ...lifeRoutes,
  ...workRoutes,
  ...teamSettingsRoutes,
  ...hookRoutes,
];

export interface Served {
  readonly organisation: Organisation;
  readonly switches: Switches;
  readonly hooks: ServiceHooks;
  readonly pat: string;
  /** Known only after the port is. */
  readonly base: () => string;
}

/** Answers requests as the service would: sign-in, throttling, routes, the error envelope, ids for support. */
export function createHandler(served: Served): (request: HttpRequest) => HttpAnswer {
  const router = createRouter(
    routes.map(route => ({ method: route.method, template: route.template, handle: route })),
    { ignoreCase: true },
  );
  let count = 0;
  return request => {
    count += 1;
    const answer = answerTo(served, router, request);
    const activity = guidOf(`activity ${count}`);
    return {
      ...answer,
      headers: {
        'cache-control': 'no-cache',
        activityid: activity,
        'x-vss-e2eid': activity,
        'x-tfs-session': guidOf('session'),
        ...answer.headers,
      },
    };
  };
}

type Router = ReturnType<typeof createRouter<AdoRoute>>;

function answerTo(served: Served, router: Router, request: HttpRequest): HttpAnswer {
  const refused = checkSignIn(request, served);
  if (refused !== null) return refused;
  const throttle = served.switches.takeThrottle();
  if (throttle?.kind === 'refuse') return throttled(throttle.retryAfterSeconds);
  const answer = routed(served, router, request);
  if (throttle === null) return answer;
  return { ...answer, headers: { ...answer.headers, ...throttled(throttle.retryAfterSeconds).headers } };
}

function routed(served: Served, router: Router, request: HttpRequest): HttpAnswer {
  try {
    return dispatch(served, router, request);
  } catch (error) {
    if (error instanceof VendorError) return errorAnswer(error);
    throw error;
  }
}

interface Address {
  readonly scope: Scope;
  readonly before: readonly string[];
  /** From `/_apis` on. */
  readonly rest: string;
}

/** `/acme/Payments/Payments%20Team/_apis/wit/wiql` in its parts; null when it is not of this organisation. */
function addressOf(path: string, organisation: Organisation): Address | null {
  const segments = path.split('/').filter(segment => segment !== '');
  const place = segments.findIndex(segment => segment.toLowerCase() === '_apis');
  const [name, ...before] = segments.slice(0, Math.max(place, 0)).map(decoded);
  if (place < 1 || name?.toLowerCase() !== organisation.name.toLowerCase() || before.length > 2) return null;
  const scope = (['organisation', 'project', 'team'] as const)[before.length] ?? 'organisation';
  return { scope, before, rest: `/${segments.slice(place).join('/')}` };
}

/** A segment with a broken escape names nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

function dispatch(served: Served, router: Router, request: HttpRequest): HttpAnswer {
  const { organisation, switches, hooks } = served;
  const address = addressOf(request.path, organisation);
  if (address === null) return noController(request);
  if (request.method === 'OPTIONS') return locations(address, request);
  const found = router(request.method, address.rest);
  if (found.kind === 'unknown') return noController(request);
  if (found.kind === 'wrong-method') return wrongMethod(request, found.allow);
  const route = found.route.handle;
  const [projectName, teamName] = address.before;
  const project = projectName === undefined ? null : projectAt(organisation, projectName);
  if (!route.scopes.includes(address.scope)) {
    if (address.scope === 'organisation')
      throw badRequest('A project name is required in order to perform this operation.');
    return noController(request);
  }
  const team = project === null || teamName === undefined ? null : teamAt(project, teamName);
  const version = apiVersion(request, route.resource);
  const query = readQuery(request.query, route.query ?? []);
  const body = readContent(request, route);
  const call = {
    organisation,
    switches,
    hooks,
    base: served.base(),
    request,
    params: found.params,
    project,
    team,
    query,
    body,
  };
  const answer = route.handle(call);
  return {
    ...answer,
    headers: { 'content-type': `application/json; charset=utf-8; api-version=${version}`, ...answer.headers },
  };
}

/** The body, if it is of the content type that the route takes. */
function readContent(request: HttpRequest, route: AdoRoute): unknown {
  if (request.method === 'GET' || request.method === 'DELETE' || request.text === '') return undefined;
  const wanted = route.takes ?? 'application/json';
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== wanted) {
    throw new VendorError(
      415,
      'VssUnsupportedMediaTypeException',
      `TF400898: The request has the content type "${type}"; this resource takes "${wanted}".`,
    );
  }
  try {
    return JSON.parse(request.text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest('TF400898: The request body is not valid JSON.');
    throw error;
  }
}

/** `OPTIONS _apis/<area>`: where the area's resources are, in which versions. */
function locations(address: Address, request: HttpRequest): HttpAnswer {
  const [, , area] = address.rest.split('/');
  if (address.scope !== 'organisation') return noController(request);
  const known = Object.values(resources);
  const rows = area === undefined ? known : known.filter(entry => entry.area.toLowerCase() === area.toLowerCase());
  return list(rows.map(locationWire));
}

/** Plain text, as recorded: not every 404 of the service is its JSON envelope. */
function noController({ path }: HttpRequest): HttpAnswer {
  const text = `The controller for path '${path}' was not found or does not implement IController.`;
  return {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-tfs-serviceerror': encodeURIComponent(text) },
    text,
  };
}

function wrongMethod({ method }: HttpRequest, allow: readonly string[]): HttpAnswer {
  return {
    status: 405,
    headers: { allow: allow.join(', ') },
    json: { count: 1, value: { Message: `The requested resource does not support http method '${method}'.` } },
  };
}
