import { jsonOf, type HttpRequest } from '../http/message.ts';
import { isObject, type Json } from './json.ts';
import { Refusal } from './refusal.ts';

/** Reading requests strictly: what the vendor does not know is refused, so that no typo passes unseen. */

type QueryKind = 'text' | 'whole' | 'flag' | 'list' | 'wholes';

export interface Query {
  text(name: string): string | null;
  whole(name: string, otherwise: number): number;
  flag(name: string, otherwise: boolean): boolean;
  /** Repeated parameters and commas both separate; null when absent. */
  list(name: string): readonly string[] | null;
}

/** Throws a refusal (400) on parameters that are unknown, repeated or of the wrong kind. */
export function readQuery(request: HttpRequest, shape: Readonly<Record<string, QueryKind>>): Query {
  const { query } = request;
  for (const name of new Set(query.keys())) {
    const kind = shape[name];
    if (kind === undefined) throw new Refusal(400, `Unknown query parameter '${name}'.`);
    const values = query.getAll(name);
    if (values.length > 1 && kind !== 'list' && kind !== 'wholes') throw new Refusal(400, `'${name}' is given twice.`);
    for (const value of values) check(name, kind, value);
  }
  return {
    text: name => query.get(name),
    whole: (name, otherwise) => (query.has(name) ? Number(query.get(name)) : otherwise),
    flag: (name, otherwise) => (query.has(name) ? query.get(name) === 'true' : otherwise),
    list: name => (query.has(name) ? split(query.getAll(name)) : null),
  };
}

function split(values: readonly string[]): readonly string[] {
  return values
    .flatMap(value => value.split(','))
    .map(part => part.trim())
    .filter(part => part !== '');
}

function check(name: string, kind: QueryKind, value: string): void {
  const fits = {
    text: () => true,
    whole: () => /^\d+$/.test(value),
    flag: () => value === 'true' || value === 'false',
    list: () => true,
    wholes: () => split([value]).every(part => /^\d+$/.test(part)),
  }[kind];
  if (!fits()) throw new Refusal(400, `The value '${value}' of '${name}' is not valid.`);
}

type BodyKind = 'text' | 'whole' | 'flag' | 'texts' | 'wholes' | 'object' | 'objects' | 'any';

/** A `!` behind the kind marks a required property. */
export type BodyShape = Readonly<Record<string, BodyKind | `${BodyKind}!`>>;

/** The JSON object of a request. Throws a refusal: 415 when it is not sent as JSON, else 400. */
export function readBody(request: HttpRequest, shape: BodyShape): Json {
  const body = readJson(request);
  if (!isObject(body))
    throw new Refusal(400, 'Invalid request payload. Refer to the REST API documentation and try again.');
  checkObject(body, shape);
  return body;
}

/** Any JSON value. */
export function readJson(request: HttpRequest): unknown {
  const type = request.headers['content-type'] ?? '';
  if (!type.toLowerCase().startsWith('application/json')) throw new Refusal(415, 'Unsupported Media Type');
  try {
    const value = jsonOf(request.text);
    if (value !== undefined) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal(400, 'There was an error parsing JSON. Check that your request body is valid.');
}

/** Throws a refusal (400) on properties that are unknown, missing or of the wrong kind. */
export function checkObject(body: Json, shape: BodyShape): void {
  for (const [name, value] of Object.entries(body)) {
    const kind = shape[name];
    if (kind === undefined) throw new Refusal(400, `Unrecognized property: "${name}".`);
    if (value !== null && !isKind(kind.replace('!', '') as BodyKind, value)) {
      throw new Refusal(400, `Property "${name}" has the wrong type.`);
    }
  }
  for (const [name, kind] of Object.entries(shape)) {
    if (kind.endsWith('!') && (body[name] === undefined || body[name] === null)) {
      throw new Refusal(400, `Property "${name}" is required.`);
    }
  }
}

function isKind(kind: BodyKind, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'whole':
      return Number.isInteger(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'texts':
      return Array.isArray(value) && value.every(entry => typeof entry === 'string');
    case 'wholes':
      return Array.isArray(value) && value.every(entry => Number.isInteger(entry));
    case 'object':
      return isObject(value);
    case 'objects':
      return Array.isArray(value) && value.every(isObject);
    case 'any':
      return true;
    default:
      return kind satisfies never;
  }
}
