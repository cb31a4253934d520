import { latest, type Item } from '../item.ts';
import { isReadable, type Organisation } from '../organisation.ts';
import type { Project, Team } from '../project.ts';
import { timeFrame } from '../tree.ts';
import { badRequest, VendorError } from '../vendor-error.ts';
import { fieldValues } from '../wire/field-values.ts';
import { compile, knownField, sortBy, type QueryContext } from './evaluate.ts';
import { WiqlError } from './lex.ts';
import { parseWiql, type Query } from './parse.ts';
import type { Field } from '../field-catalogue.ts';
import type { FieldMap } from '../records.ts';

export interface QueryRequest {
  readonly text: string;
  readonly project: Project | null;
  readonly team: Team | null;
  readonly timePrecision: boolean;
  readonly top: number | null;
}

export interface QueryAnswer {
  readonly columns: readonly Field[];
  readonly order: readonly { readonly field: Field; readonly descending: boolean }[];
  readonly ids: readonly number[];
}

/** Longest query text, as published under "Work tracking, process, and project limits". */
const LONGEST_QUERY = 32_000;

/** Runs a query over the items the token's owner may read. Refuses what the service refuses. */
export function runWiql(organisation: Organisation, request: QueryRequest): QueryAnswer {
  if (request.text.length > LONGEST_QUERY) {
    throw badRequest('The query text is longer than 32,000 characters.', 'WorkItemTrackingQueryTextTooLongException');
  }
  try {
    return run(organisation, request, parseWiql(request.text));
  } catch (error) {
    if (!(error instanceof WiqlError)) throw error;
    const code = error.message.startsWith('TF') ? '' : 'TF51006: ';
    throw new VendorError(
      400,
      'WorkItemTrackingQueryException',
      `${code}The query statement is not valid. ${error.message} The error is caused by «${error.near}».`.replace(
        /^The query statement is not valid\. (TF51005)/,
        '$1',
      ),
    );
  }
}

function run(organisation: Organisation, request: QueryRequest, query: Query): QueryAnswer {
  const context = contextOf(organisation, request);
  const test = compile(query.where, context);
  const sort = sortBy(query.order, context);
  const rows: FieldMap[] = [];
  for (const item of organisation.items.all()) {
    if (!isReadable(organisation, item)) continue;
    const values = valuesOf(organisation, item);
    if (test(values)) rows.push(values);
  }
  const { limits } = organisation;
  if (rows.length > limits.wiql && (request.top === null || request.top > limits.wiql)) throw tooMany(limits.wiql);
  rows.sort(sort);
  const kept = request.top === null ? rows : rows.slice(0, request.top);
  return {
    columns: query.columns.map(name => knownField(name, context)),
    order: query.order.map(({ field, descending }) => ({ field: knownField(field, context), descending })),
    ids: kept.map(values => Number(values['System.Id'])),
  };
}

const valuesOf = (organisation: Organisation, item: Item): FieldMap => fieldValues(organisation, item, latest(item));

function tooMany(limit: number): VendorError {
  return new VendorError(
    400,
    'WorkItemTrackingQueryResultSizeLimitExceededException',
    `VS402337: The number of work items returned exceeds the size limit of ${limit}. Change the query to return fewer items.`,
  );
}

function contextOf(organisation: Organisation, request: QueryRequest): QueryContext {
  const today = organisation.instants.now();
  return {
    fields: organisation.fields,
    timePrecision: request.timePrecision,
    macro(name, offset) {
      if (name === 'project') return request.project?.name ?? null;
      if (name === 'me') return organisation.owner.uniqueName;
      if (name === 'today') return new Date(today.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
      if (name !== 'currentiteration' || request.team === null) return null;
      const day = today.toISOString().slice(0, 10);
      return request.team.iterations.find(node => timeFrame(node, day) === 'current')?.path ?? null;
    },
  };
}
