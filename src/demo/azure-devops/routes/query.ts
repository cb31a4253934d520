import { resources } from '../resources.ts';
import { ok, readBody, type AdoRoute, type Call } from '../route.ts';
import type { Field } from '../field-catalogue.ts';
import { badRequest } from '../vendor-error.ts';
import { wireDate } from '../instants.ts';
import { runWiql } from '../wiql/run.ts';

export const queryRoutes: readonly AdoRoute[] = [
  {
    method: 'POST',
    template: '/_apis/wit/wiql',
    resource: resources.wiql,
    scopes: ['organisation', 'project', 'team'],
    query: ['timePrecision', '$top'],
    handle: query,
  },
];

function query(call: Call): ReturnType<typeof ok> {
  const { organisation, base, project, team } = call;
  const text = readBody(call.body, ['query'])['query'];
  if (typeof text !== 'string' || text.trim() === '')
    throw badRequest('The query is empty.', 'WorkItemTrackingQueryException');
  const top = call.query.count('$top');
  const answer = runWiql(organisation, { text, project, team, top, timePrecision: call.query.flag('timePrecision') });
  const column = ({ ref, name }: Field): unknown => ({
    referenceName: ref,
    name,
    url: `${base}/_apis/wit/fields/${ref}`,
  });
  return ok({
    queryType: 'flat',
    queryResultType: 'workItem',
    asOf: wireDate(organisation.instants.now().getTime()),
    columns: answer.columns.map(column),
    ...(answer.order.length === 0
      ? {}
      : { sortColumns: answer.order.map(({ field, descending }) => ({ field: column(field), descending })) }),
    workItems: answer.ids.map(id => ({ id, url: `${base}/_apis/wit/workItems/${id}` })),
  });
}
