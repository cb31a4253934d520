import type { HttpAnswer } from '../../http/message.ts';
import { asOf, latest, projectOf, type Item, type Revision } from '../item.ts';
import { knownField } from '../field-rules.ts';
import { readableItem } from '../organisation.ts';
import { resources } from '../resources.ts';
import { idFrom, list, ok, readBody, type AdoRoute, type Call } from '../route.ts';
import { badRequest, noSuchItem, VendorError } from '../vendor-error.ts';
import { updateWire } from '../wire/update.ts';
import { workItemWire, type Expand, type Shape } from '../wire/work-item.ts';

const scopes = ['organisation', 'project'] as const;
const MOST_IDS = 200;
/** In the order of their numbers: clients may send either. */
const EXPANSIONS: readonly Expand[] = ['none', 'relations', 'fields', 'links', 'all'];
const POLICIES = ['', 'fail', 'omit'];

/** Reading work items: one, several, their revisions and updates. */
export const readItemRoutes: readonly AdoRoute[] = [
  {
    method: 'GET',
    template: '/_apis/wit/workitems/{id}',
    resource: resources.workItems,
    scopes,
    query: ['fields', 'asOf', '$expand'],
    handle(call) {
      const wanted = {
        fields: call.query.list('fields'),
        expand: call.query.text('$expand'),
        asOf: call.query.instant('asOf'),
      };
      return ok(one(call, idFrom(call.params['id']), { shape: shapeOf(call, wanted), at: wanted.asOf }));
    },
  },
  {
    method: 'GET',
    template: '/_apis/wit/workitems',
    resource: resources.workItems,
    scopes,
    query: ['ids', 'fields', 'asOf', '$expand', 'errorPolicy'],
    handle: call =>
      several(call, {
        ids: (call.query.list('ids') ?? []).map(idFrom),
        fields: call.query.list('fields'),
        expand: call.query.text('$expand'),
        asOf: call.query.instant('asOf'),
        errorPolicy: call.query.text('errorPolicy'),
      }),
  },
  {
    method: 'POST',
    template: '/_apis/wit/workitemsbatch',
    resource: resources.batch,
    scopes,
    handle: batch,
  },
  {
    method: 'GET',
    template: '/_apis/wit/workItems/{id}/revisions',
    resource: resources.revisions,
    scopes,
    query: ['$top', '$skip', '$expand'],
    handle(call) {
      const item = itemOf(call, idFrom(call.params['id']));
      const shape = { ...shapeOf(call, { fields: null, expand: call.query.text('$expand') }), asRevision: true };
      return list(page(call, item.revisions).map(revision => workItemWire(call.organisation, item, revision, shape)));
    },
  },
  {
    method: 'GET',
    template: '/_apis/wit/workItems/{id}/revisions/{revisionNumber}',
    resource: resources.revisions,
    scopes,
    query: ['$expand'],
    handle(call) {
      const item = itemOf(call, idFrom(call.params['id']));
      const revision = item.revisions[idFrom(call.params['revisionNumber']) - 1];
      if (revision === undefined)
        throw new VendorError(404, 'WorkItemRevisionNotFoundException', 'The revision does not exist.');
      const shape = { ...shapeOf(call, { fields: null, expand: call.query.text('$expand') }), asRevision: true };
      return ok(workItemWire(call.organisation, item, revision, shape));
    },
  },
  {
    method: 'GET',
    template: '/_apis/wit/workItems/{id}/updates',
    resource: resources.updates,
    scopes,
    query: ['$top', '$skip'],
    handle(call) {
      const item = itemOf(call, idFrom(call.params['id']));
      return list(page(call, item.updates).map(update => updateWire(call.organisation, call.base, item, update)));
    },
  },
];

/** The item, if it is also in the project the URL names. */
export function itemOf(call: Call, id: number): Item {
  const item = readableItem(call.organisation, id);
  if (call.project !== null && projectOf(item) !== call.project.name) throw noSuchItem(id);
  return item;
}

function page<Entry>({ query }: Call, entries: readonly Entry[]): readonly Entry[] {
  const skip = query.count('$skip') ?? 0;
  return entries.slice(skip, skip + Math.min(query.count('$top') ?? MOST_IDS, MOST_IDS));
}

interface Wanted {
  readonly fields: readonly string[] | null;
  readonly expand: string | null;
}

/** Refuses unknown fields (TF51535) and fields together with an expansion that would add more of them. */
export function shapeOf(call: Call, { fields, expand }: Wanted): Shape {
  const named = (expand ?? 'none').toLowerCase();
  const kind = EXPANSIONS[Number(named)] ?? named;
  if (!isExpand(kind)) throw badRequest(`The value "${kind}" of "$expand" is not valid.`);
  if (fields !== null && kind !== 'none' && kind !== 'links') {
    throw badRequest(
      'The expand parameter can not be used with the fields parameter.',
      'ConflictingParametersException',
    );
  }
  return {
    base: call.base,
    expand: kind,
    fields: fields?.map(name => knownField(call.organisation, name).ref) ?? null,
  };
}

function isExpand(text: string): text is Expand {
  return EXPANSIONS.some(kind => kind === text);
}

function one(call: Call, id: number, { shape, at }: { shape: Shape; at: number | null }): unknown {
  const item = itemOf(call, id);
  const revision: Revision | null = at === null ? latest(item) : asOf(item, at);
  if (revision === null) throw noSuchItem(id);
  return workItemWire(call.organisation, item, revision, shape);
}

interface Several extends Wanted {
  readonly ids: readonly number[];
  readonly asOf: number | null;
  readonly errorPolicy: string | null;
}

function several(call: Call, wanted: Several): HttpAnswer {
  const { ids } = wanted;
  if (ids.length === 0)
    throw badRequest('TF51535: The list of work item ids is empty.', 'WorkItemIdsRequiredException');
  if (ids.length > MOST_IDS) {
    throw badRequest(
      `VS403474: You requested ${ids.length} work items, which exceeds the limit of ${MOST_IDS}. Reduce the number of requested work items and retry the operation.`,
    );
  }
  const asked = wanted.errorPolicy?.toLowerCase() ?? 'fail';
  const policy = POLICIES[Number(asked)] ?? asked;
  if (policy !== 'fail' && policy !== 'omit') throw badRequest(`The value "${policy}" of "errorPolicy" is not valid.`);
  const shape = shapeOf(call, wanted);
  return list(
    ids.map(id => {
      try {
        return one(call, id, { shape, at: wanted.asOf });
      } catch (error) {
        if (policy === 'omit' && error instanceof VendorError && error.status === 404) return null;
        throw error;
      }
    }),
  );
}

function batch(call: Call): HttpAnswer {
  const body = readBody(call.body, ['ids', 'fields', '$expand', 'asOf', 'errorPolicy']);
  const { ids, fields, asOf: instant, errorPolicy } = body;
  const words = (value: unknown): string | null =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  if (!Array.isArray(ids) || !ids.every(id => Number.isInteger(id)))
    throw badRequest('"ids" must be a list of whole numbers.');
  if (fields !== undefined && fields !== null && !isTexts(fields))
    throw badRequest('"fields" must be a list of names.');
  const at = typeof instant === 'string' ? Date.parse(instant) : null;
  if (Number.isNaN(at)) throw badRequest(`The value "${String(instant)}" of "asOf" is not valid.`);
  return several(call, {
    ids: ids as number[],
    fields: isTexts(fields) ? fields : null,
    expand: words(body['$expand']),
    asOf: at,
    errorPolicy: words(errorPolicy),
  });
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(entry => typeof entry === 'string');
}
