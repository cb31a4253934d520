import { existsSync, readFileSync } from 'node:fs';

/** Checks requests against Jira's official OpenAPI documents where these lie beside the checkout; elsewhere says yes. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}
interface Operation {
  readonly deprecated?: boolean;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const folder = new URL('../../../../../shared/specs/', import.meta.url);
const documents = ['jira-platform-v3.json', 'jira-software-agile-1.0.json'].flatMap(name => {
  const file = new URL(name, folder);
  return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as Document] : [];
});

export const hasOpenApi = documents.length === 2;

/** What is wrong with a request; empty when all is documented and nothing is deprecated. */
export function undocumented(request: {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}): readonly string[] {
  if (!hasOpenApi) return [];
  for (const document of documents) {
    for (const [template, operations] of Object.entries(document.paths)) {
      const operation = operations[request.method.toLowerCase()];
      const pattern = `^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`;
      if (operation !== undefined && new RegExp(pattern).test(request.path)) {
        return complaints(operation, document, request);
      }
    }
  }
  return [`${request.method} ${request.path} is not documented`];
}

function complaints(
  operation: Operation,
  document: Document,
  request: { readonly query: URLSearchParams; readonly body: unknown },
): readonly string[] {
  const found: string[] = operation.deprecated === true ? ['the operation is deprecated'] : [];
  const known = new Set((operation.parameters ?? []).filter(p => p.in === 'query').map(p => p.name));
  for (const name of request.query.keys()) if (!known.has(name)) found.push(`no query parameter ${name}`);
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (typeof request.body !== 'object' || request.body === null) return found;
  if (schema === undefined) return [...found, 'no body is documented'];
  // Any JSON, as a property's value is.
  if (Object.keys(schema).length === 0) return found;
  const { names, required } = propertiesOf(schema, document);
  for (const name of Object.keys(request.body)) if (!names.has(name)) found.push(`no body property ${name}`);
  for (const name of required) if (!(name in request.body)) found.push(`body property ${name} is missing`);
  return found;
}

function propertiesOf(
  schema: Schema,
  document: Document,
): { readonly names: ReadonlySet<string>; readonly required: readonly string[] } {
  if (schema.$ref !== undefined) {
    return propertiesOf(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, document);
  }
  const parts = (schema.allOf ?? []).map(part => propertiesOf(part, document));
  return {
    names: new Set([...Object.keys(schema.properties ?? {}), ...parts.flatMap(part => [...part.names])]),
    required: [...(schema.required ?? []), ...parts.flatMap(part => part.required)],
  };
}
