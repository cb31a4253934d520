import type { HttpAnswer, HttpRequest } from '../http/message.ts';
import type { Params } from '../http/router.ts';
import type { ServiceHooks } from './hooks/service-hooks.ts';
import type { Organisation } from './organisation.ts';
import type { Project, Team } from './project.ts';
import type { Resource } from './resources.ts';
import type { Switches } from './switches.ts';
import { badRequest } from './vendor-error.ts';

/** What stands before `_apis` in the path. */
export type Scope = 'organisation' | 'project' | 'team';

/** Everything a handler may look at. */
export interface Call {
  readonly organisation: Organisation;
  readonly switches: Switches;
  readonly hooks: ServiceHooks;
  /** `http://127.0.0.1:4711/acme` */
  readonly base: string;
  readonly request: HttpRequest;
  readonly params: Params;
  readonly project: Project | null;
  readonly team: Team | null;
  readonly query: Query;
  /** The parsed body; undefined when there was none. */
  readonly body: unknown;
}

export interface AdoRoute {
  readonly method: string;
  /** From `/_apis` on. */
  readonly template: string;
  readonly resource: Resource;
  readonly scopes: readonly Scope[];
  /** Query parameters the route takes, besides api-version. */
  readonly query?: readonly string[];
  /** `application/json` unless said otherwise. */
  readonly takes?: 'application/json-patch+json';
  readonly handle: (call: Call) => HttpAnswer;
}

/** Query parameters by name, without regard to case. */
export interface Query {
  text(name: string): string | null;
  /** Throws for anything but a whole number from 0 on. */
  count(name: string): number | null;
  flag(name: string): boolean;
  list(name: string): readonly string[] | null;
  /** Milliseconds. */
  instant(name: string): number | null;
}

/** Reads the query; refuses parameters that the route does not take. */
export function readQuery(search: URLSearchParams, known: readonly string[]): Query {
  const values = new Map([...search].map(([name, value]) => [name.toLowerCase(), value]));
  const taken = new Set([...known, 'api-version'].map(name => name.toLowerCase()));
  const stranger = [...values.keys()].find(name => !taken.has(name));
  if (stranger !== undefined) throw badRequest(`The query parameter "${stranger}" is not supported by this resource.`);
  const text = (name: string): string | null => values.get(name.toLowerCase()) ?? null;
  const wrong = (name: string): Error => badRequest(`The value "${text(name)}" of "${name}" is not valid.`);
  return {
    text,
    count(name) {
      const value = text(name);
      if (value === null) return null;
      if (!/^\d+$/.test(value)) throw wrong(name);
      return Number(value);
    },
    flag(name) {
      const value = text(name)?.toLowerCase() ?? 'false';
      if (value !== 'true' && value !== 'false') throw wrong(name);
      return value === 'true';
    },
    list: name =>
      text(name)
        ?.split(',')
        .filter(entry => entry !== '') ?? null,
    instant(name) {
      const value = text(name);
      if (value === null) return null;
      const at = Date.parse(value);
      if (Number.isNaN(at)) throw wrong(name);
      return at;
    },
  };
}

/** The body as an object with known keys only. */
export function readBody(body: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('You must pass a valid object in the body of the request.');
  }
  const record = body as Record<string, unknown>;
  const stranger = Object.keys(record).find(key => !known.includes(key));
  if (stranger !== undefined) throw badRequest(`The property "${stranger}" is not part of the request.`);
  return record;
}

/** The project of a route that only exists with one. */
export function projectOfCall(call: Call): Project {
  if (call.project === null) throw badRequest('A project name is required in order to perform this operation.');
  return call.project;
}

export function ok(json: unknown): HttpAnswer {
  return { status: 200, json };
}

/** The vendor's wrapper around lists. */
export function list(value: readonly unknown[]): HttpAnswer {
  return ok({ count: value.length, value });
}

/** A whole number from a path segment. */
export function idFrom(text: string | undefined): number {
  if (text === undefined || !/^\d+$/.test(text)) throw badRequest(`The value "${text ?? ''}" is not a work item id.`);
  return Number(text);
}
