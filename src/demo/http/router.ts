import type { HttpAnswer, HttpRequest } from './message.ts';

/** Path parameters by name, percent-decoded. */
export type Params = Readonly<Record<string, string>>;

export interface Route<Handler> {
  readonly method: string;
  /** As in the vendor's specification: `/rest/api/3/issue/{issueIdOrKey}`. */
  readonly template: string;
  readonly handle: Handler;
}

export type RouteHandler = (request: HttpRequest, params: Params) => HttpAnswer | Promise<HttpAnswer>;

export type Found<Handler> =
  | { readonly kind: 'found'; readonly route: Route<Handler>; readonly params: Params }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'unknown' };

interface Compiled<Handler> {
  readonly route: Route<Handler>;
  readonly segments: readonly string[];
}

/**
 * Finds the route of a request. A literal segment wins over a parameter; `ignoreCase` compares literals as Azure DevOps
 * does. A path with a broken percent escape is unknown.
 */
export function createRouter<Handler>(
  routes: readonly Route<Handler>[],
  options: { readonly ignoreCase?: boolean } = {},
): (method: string, path: string) => Found<Handler> {
  const same = (a: string, b: string): boolean =>
    a === b || (options.ignoreCase === true && a.toLowerCase() === b.toLowerCase());
  const compiled = routes
    .map(route => ({ route, segments: route.template.split('/') }))
    .sort((a, b) => literals(b.segments) - literals(a.segments));
  return (method, path) => {
    const segments = path.split('/');
    const matching = compiled.flatMap(candidate => {
      const params = match(candidate, segments, same);
      return params === null ? [] : [{ route: candidate.route, params }];
    });
    const hit = matching.find(({ route }) => route.method === method);
    if (hit !== undefined) return { kind: 'found', ...hit };
    if (matching.length === 0) return { kind: 'unknown' };
    return { kind: 'wrong-method', allow: [...new Set(matching.map(({ route }) => route.method))] };
  };
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

function literals(segments: readonly string[]): number {
  return segments.filter(segment => !isParameter(segment)).length;
}

function match<Handler>(
  candidate: Compiled<Handler>,
  segments: readonly string[],
  same: (a: string, b: string) => boolean,
): Params | null {
  if (candidate.segments.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [place, expected] of candidate.segments.entries()) {
    const actual = decoded(segments[place] ?? '');
    if (actual === null) return null;
    if (!isParameter(expected)) {
      if (!same(expected, actual)) return null;
    } else if (actual === '') return null;
    else params[expected.slice(1, -1)] = actual;
  }
  return params;
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
