import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import * as formats from 'ajv-formats';

/**
 * Where answers of the service are known to differ from its own specification. Everything else must fit, unknown
 * members included.
 */
export const SPEC_DEFECTS: readonly { readonly what: string; readonly instead: string }[] = [
  { what: 'a response schema of type array', instead: 'the service wraps lists as { count, value }' },
  {
    what: 'no property is marked as nullable',
    instead: 'the service answers null for absent values (rel, source, dates)',
  },
  {
    what: '{ type: object } without properties',
    instead: 'stands for any value: text and numbers in `fields`, attributes',
  },
  { what: 'ReferenceLinks { links }', instead: '`_links` holds the links directly, by name' },
  {
    what: 'StreamedBatch.values of type "string T"',
    instead: 'a generic placeholder: revisions and links are objects',
  },
  { what: 'IdentityReference.id beside IdentityRef', instead: 'the two definitions of `id` are merged' },
  { what: 'array items of WorkItem', instead: 'errorPolicy omit puts null where an item cannot be read' },
  { what: '7.1 omits `multilineFieldsFormat`', instead: 'recorded since 2026; the emulator leaves it out' },
];

type Schema = { readonly [key: string]: unknown };

interface Spec {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses?: Readonly<Record<string, { schema?: Schema }>> }>>>
  >;
  readonly definitions: Readonly<Record<string, Schema>>;
}

export interface Documented {
  readonly template: string;
  /** Problems of the body; empty when it fits. */
  problems(body: unknown): readonly string[];
}

export interface Swagger {
  /** The operation behind a request below the organisation, or null when the files do not describe it. */
  find(method: string, path: string): Documented | null;
}

/** Loads Swagger 2 files (which begin with a byte order mark). */
export function loadSwagger(files: readonly string[]): Swagger {
  const specs = files.map(file => JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as Spec);
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default.default(ajv);
  // Absolute links, numbers and dates are checked by the rest of the suite.
  for (const format of ['int32', 'int64', 'double']) ajv.addFormat(format, true);
  const checks = new Map<Schema, ValidateFunction>();
  const operations = specs.flatMap(spec =>
    Object.entries(spec.paths).flatMap(([template, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        spec,
        template,
        method,
        schema: operation.responses?.['200']?.schema,
      })),
    ),
  );
  return {
    find(method, path) {
      const rest = fromApis(path);
      const fitting = operations.filter(
        entry => entry.method.toUpperCase() === method && matches(entry.template, rest),
      );
      // A literal segment says more than a parameter.
      const [hit] = fitting.sort((a, b) => literals(b.template) - literals(a.template));
      if (hit?.schema === undefined) return null;
      const check =
        checks.get(hit.schema) ??
        ajv.compile({
          ...closed(hit.schema, hit.spec.definitions),
          definitions: closedAll(hit.spec.definitions),
        });
      checks.set(hit.schema, check);
      return {
        template: hit.template,
        problems(body) {
          const wrapped =
            hit.schema?.['type'] === 'array' && typeof body === 'object' && body !== null && 'value' in body;
          if (check(wrapped ? body.value : body)) return [];
          return (check.errors ?? []).map(
            ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
          );
        },
      };
    },
  };
}

function fromApis(path: string): readonly string[] {
  const clean = path.split('?')[0] ?? '';
  return clean
    .slice(clean.toLowerCase().indexOf('/_apis/'))
    .toLowerCase()
    .split('/')
    .filter(part => part !== '');
}

function matches(template: string, rest: readonly string[]): boolean {
  const parts = fromApis(template);
  // `{path}` of classification nodes may span several segments, or none.
  const open = parts.at(-1) === '{path}';
  if (open ? rest.length < parts.length - 1 : rest.length !== parts.length) return false;
  return parts.every((part, index) => {
    const actual = rest[index] ?? '';
    if (part.startsWith('$')) return actual.startsWith('$') || actual.startsWith('%24');
    return part.startsWith('{') ? true : part === actual;
  });
}

const literals = (template: string): number => fromApis(template).filter(part => !part.startsWith('{')).length;

const LOOSE = new Set(['ReferenceLinks']);

/** Definitions that refuse what they do not name. */
function closedAll(definitions: Spec['definitions']): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [
      name,
      LOOSE.has(name) ? {} : nullable(closedObject(schema, definitions)),
    ]),
  );
}

const nullable = (schema: Schema): Schema => ({ anyOf: [{ type: 'null' }, schema] });

function closedObject(schema: Schema, definitions: Spec['definitions']): Schema {
  const properties = propertiesOf(schema, definitions);
  const entries = Object.entries(properties).map(([name, property]) => [name, nullable(closed(property, definitions))]);
  if (entries.length === 0) return {};
  // The one placeholder whose meaning another definition gives.
  if (schema === definitions['ReportingWorkItemRevisionsBatch']) {
    entries.push(['values', { type: 'array', items: { $ref: '#/definitions/WorkItem' } }]);
  }
  return { type: 'object', properties: Object.fromEntries(entries), additionalProperties: false };
}

/** Own and inherited properties of a definition. */
function propertiesOf(schema: Schema, definitions: Spec['definitions']): Readonly<Record<string, Schema>> {
  const parents = (schema['allOf'] ?? []) as readonly { readonly $ref?: string }[];
  const inherited = parents.map(({ $ref }) =>
    propertiesOf(definitions[$ref?.split('/').at(-1) ?? ''] ?? {}, definitions),
  );
  return Object.assign({}, ...inherited, schema['properties']) as Readonly<Record<string, Schema>>;
}

function closed(schema: Schema, definitions: Spec['definitions']): Schema {
  if (typeof schema['$ref'] === 'string') return { $ref: schema['$ref'] };
  if (schema['type'] === 'array') {
    const items = schema['items'] as Schema;
    return { type: 'array', items: items['format'] === 'T' ? {} : closed(items, definitions) };
  }
  if (typeof schema['additionalProperties'] === 'object') {
    return {
      type: 'object',
      additionalProperties: nullable(closed(schema['additionalProperties'] as Schema, definitions)),
    };
  }
  if (schema['type'] === 'object') return {};
  const { type, format, enum: choices } = schema;
  return {
    type,
    ...(format === undefined || format === 'T' ? {} : { format }),
    ...(choices === undefined ? {} : { enum: choices }),
  };
}
