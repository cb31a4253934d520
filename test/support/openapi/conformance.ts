import { Ajv, type ValidateFunction } from 'ajv';
import * as formats from 'ajv-formats';
import type { Exchange } from '../../../src/demo/http/message.ts';
import type { ApiDocument, Operation, Parameter } from './document.ts';

export interface Conformance {
  /** What of this exchange does not fit the documents; empty when everything does. */
  problems(exchange: Exchange): readonly string[];
  /** The operation it belongs to; null when the documents do not know it. */
  operationOf(method: string, path: string): string | null;
}

export interface ConformanceOptions {
  /** Statuses that any operation may answer although its description does not list them. */
  readonly anyStatus: readonly number[];
  /** Azure DevOps compares paths without case. */
  readonly ignoreCase?: boolean;
}

/**
 * Checks whole exchanges: path, method, query and body of requests (good ones only: a refused request may be anything),
 * status and body of answers. Unknown query parameters, and properties that a closed schema does not list, are problems.
 */
export function createConformance(documents: readonly ApiDocument[], options: ConformanceOptions): Conformance {
  const ajv = createAjv(documents);
  const checks = new Map<string, ValidateFunction>();
  const check = (operation: Operation, pointer: string, value: unknown): readonly string[] => {
    const reference = `${operation.document}#${encodeURI(pointer)}`;
    const validate = checks.get(reference) ?? ajv.compile({ $ref: reference });
    checks.set(reference, validate);
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(error => {
      const what = error.params['additionalProperty'] as string | undefined;
      return `${error.instancePath} ${error.message ?? ''}${what === undefined ? '' : ` (${what})`}`;
    });
  };
  const find = (method: string, path: string): Operation | null => bestMatch(documents, { method, path, options });
  return {
    operationOf: (method, path) => find(method, path)?.name ?? null,
    problems(exchange) {
      const { request, answer } = exchange;
      const operation = find(request.method, request.path);
      if (operation === null) return [`${request.method} ${request.path} is not documented`];
      const found: string[] = [];
      const good = answer !== null && answer.status < 300;
      if (good)
        found.push(...queryProblems(ajv, operation, request.query), ...bodyProblems(operation, request.text, check));
      if (answer !== null) found.push(...answerProblems(operation, answer, { check, options }));
      return found.map(problem => `${operation.name} -> ${String(answer?.status)}: ${problem}`);
    },
  };
}

type Check = (operation: Operation, pointer: string, value: unknown) => readonly string[];

function createAjv(documents: readonly ApiDocument[]): Ajv {
  // `toString` is a property of history items; without ownProperties every object would seem to have it.
  const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true, ownProperties: true, logger: false });
  formats.default.default(ajv);
  // Jira writes offsets without a colon, which RFC 3339 does not allow.
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/);
  for (const format of ['url', 'URL', 'byte', 'binary', 'double', 'int64']) ajv.addFormat(format, true);
  for (const { name, content } of documents) ajv.addSchema(content, name);
  return ajv;
}

function bestMatch(
  documents: readonly ApiDocument[],
  at: { readonly method: string; readonly path: string; readonly options: ConformanceOptions },
): Operation | null {
  const segments = at.path.split('/').map(decodeURIComponent);
  const fits = (expected: string, actual: string): boolean =>
    expected.startsWith('{') ||
    (at.options.ignoreCase ? expected.toLowerCase() === actual.toLowerCase() : expected === actual);
  const literals = (operation: Operation): number => operation.segments.filter(step => !step.startsWith('{')).length;
  const matching = documents
    .flatMap(document => document.operations)
    .filter(
      operation =>
        operation.method === at.method &&
        operation.segments.length === segments.length &&
        operation.segments.every((expected, place) => fits(expected, segments[place] ?? '')),
    )
    .sort((a, b) => literals(b) - literals(a));
  return matching[0] ?? null;
}

function queryProblems(ajv: Ajv, operation: Operation, query: URLSearchParams): readonly string[] {
  const known = operation.parameters.filter(parameter => parameter.in === 'query');
  const problems = [...new Set(query.keys())]
    .filter(name => !known.some(parameter => parameter.name === name))
    .map(name => `query parameter ${name} is not documented`);
  for (const parameter of known) {
    const values = query.getAll(parameter.name);
    if (parameter.required && values.length === 0) problems.push(`query parameter ${parameter.name} is missing`);
    if (values.length > 0 && !valueFits(ajv, parameter, values))
      problems.push(`query parameter ${parameter.name} does not fit`);
  }
  return problems;
}

/** Lists come repeated or with commas; `object` stands for text where the vendor had no better word. */
function valueFits(ajv: Ajv, { schema }: Parameter, values: readonly string[]): boolean {
  if (schema['type'] === 'object') return true;
  if (schema['type'] === 'array') {
    const items = (schema['items'] ?? {}) as Parameter['schema'];
    return values.flatMap(value => value.split(',')).every(part => scalarFits(ajv, items, part));
  }
  return values.length === 1 && scalarFits(ajv, schema, values[0] ?? '');
}

function scalarFits(ajv: Ajv, schema: Parameter['schema'], text: string): boolean {
  if (schema['$ref'] !== undefined || schema['type'] === 'object') return true;
  if (schema['type'] === 'integer') return /^-?\d+$/.test(text);
  if (schema['type'] === 'boolean') return text === 'true' || text === 'false';
  return ajv.validate({ type: 'string', ...(schema['enum'] === undefined ? {} : { enum: schema['enum'] }) }, text);
}

function bodyProblems(operation: Operation, text: string, check: Check): readonly string[] {
  if (operation.body === null) return text === '' ? [] : ['a body is sent, none is documented'];
  if (text === '') return operation.body.required ? ['the body is missing'] : [];
  if (operation.body.pointer === null) return [];
  return check(operation, operation.body.pointer, JSON.parse(text)).map(problem => `request ${problem}`);
}

function answerProblems(
  operation: Operation,
  answer: NonNullable<Exchange['answer']>,
  { check, options }: { readonly check: Check; readonly options: ConformanceOptions },
): readonly string[] {
  const status = operation.responses.has(String(answer.status)) ? String(answer.status) : 'default';
  const pointer = operation.responses.get(status);
  if (pointer === undefined) return options.anyStatus.includes(answer.status) ? [] : ['the status is not documented'];
  if (answer.status === 204) return answer.body === '' ? [] : ['204 has a body'];
  if (pointer === null || answer.body === null) return [];
  if (!(answer.headers['content-type'] ?? '').startsWith('application/json')) return ['the answer is not JSON'];
  return check(operation, pointer, JSON.parse(answer.body)).map(problem => `answer ${problem}`);
}
