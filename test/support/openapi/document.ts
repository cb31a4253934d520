import { readFileSync } from 'node:fs';

/** Vendor documents, OpenAPI 3.0 or Swagger 2.0, brought into one shape. */

export type Json = Readonly<Record<string, unknown>>;

/** A place where a vendor's document is known to be wrong, and what is right. */
export interface Amendment {
  /** JSON pointer of the value to replace. */
  readonly pointer: string;
  readonly value: unknown;
  readonly why: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Json;
}

export interface Operation {
  /** `jira-platform-v3.json GET /rest/api/3/field` */
  readonly name: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly parameters: readonly Parameter[];
  /** JSON pointer of the request body's schema in its document; null: no body. */
  readonly body: { readonly pointer: string | null; readonly required: boolean } | null;
  /** Status -> JSON pointer of its schema; null: nothing is said about its body. */
  readonly responses: ReadonlyMap<string, string | null>;
  readonly document: string;
}

export interface ApiDocument {
  readonly name: string;
  readonly content: Json;
  readonly operations: readonly Operation[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'options', 'head'];

/** Reads a document and mends it. Throws on an amendment that points nowhere: the vendor may have mended it too. */
export function readDocument(path: string, name: string, amendments: readonly Amendment[] = []): ApiDocument {
  const content = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) as Json;
  for (const { pointer, value } of amendments) replace(content, pointer, value);
  const swagger = content['swagger'] === '2.0';
  const base = swagger ? String(content['basePath'] ?? '').replace(/\/$/, '') : '';
  const operations = Object.entries(object(content['paths'])).flatMap(([path, item]) =>
    METHODS.filter(method => method in object(item)).map(method =>
      operationOf({ content, name, base, path, method, swagger }),
    ),
  );
  return { name, content, operations };
}

interface Place {
  readonly content: Json;
  readonly name: string;
  readonly base: string;
  readonly path: string;
  readonly method: string;
  readonly swagger: boolean;
}

function operationOf(place: Place): Operation {
  const item = object(object(place.content['paths'])[place.path]);
  const operation = object(item[place.method]);
  const at = `/paths/${escaped(place.path)}/${place.method}`;
  const declared = [...array(item['parameters']), ...array(operation['parameters'])].map(raw => resolve(place, raw));
  return {
    name: `${place.name} ${place.method.toUpperCase()} ${place.path}`,
    method: place.method.toUpperCase(),
    segments: `${place.base}${place.path}`.split('/'),
    parameters: declared.filter(one => one['in'] !== 'body').map(parameterOf),
    body: place.swagger ? swaggerBody(operation, at) : openBody(operation, at),
    responses: new Map(
      Object.entries(object(operation['responses'])).map(([status, response]) => [
        status,
        schemaPointer(object(response), `${at}/responses/${status}`, place.swagger),
      ]),
    ),
    document: place.name,
  };
}

function parameterOf(raw: Json): Parameter {
  const schema = 'schema' in raw ? object(raw['schema']) : raw;
  return { name: String(raw['name']), in: String(raw['in']), required: raw['required'] === true, schema };
}

function openBody(operation: Json, at: string): Operation['body'] {
  const body = operation['requestBody'];
  if (body === undefined) return null;
  return {
    pointer: schemaPointer(object(body), `${at}/requestBody`, false),
    required: object(body)['required'] === true,
  };
}

function swaggerBody(operation: Json, at: string): Operation['body'] {
  const place = array(operation['parameters']).findIndex(one => object(one)['in'] === 'body');
  if (place < 0) return null;
  const required = object(array(operation['parameters'])[place])['required'] === true;
  return { pointer: `${at}/parameters/${place}/schema`, required };
}

/** An empty schema says nothing, as a missing one. */
function schemaPointer(holder: Json, at: string, swagger: boolean): string | null {
  if (swagger) return holder['schema'] === undefined ? null : `${at}/schema`;
  const schema = object(object(holder['content'])['application/json'])['schema'];
  return Object.keys(object(schema)).length === 0 ? null : `${at}/content/application~1json/schema`;
}

function resolve(place: Place, raw: unknown): Json {
  const reference = object(raw)['$ref'];
  if (typeof reference !== 'string') return object(raw);
  const steps = reference.replace(/^#\//, '').split('/');
  return steps.reduce<Json>((at, step) => object(at[step]), place.content);
}

function replace(content: Json, pointer: string, value: unknown): void {
  const steps = pointer
    .slice(1)
    .split('/')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  const holder = steps.reduce<Json>((at, step) => object(at[step]), content) as Record<string, unknown>;
  if (!(last in holder)) throw new Error(`Nothing to amend at ${pointer}.`);
  holder[last] = value;
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
