import type { HttpAnswer } from '../../http/message.ts';
import { cursorFrom, linkPage, revisionPage } from '../feeds.ts';
import { knownField } from '../field-rules.ts';
import { wireDate } from '../instants.ts';
import type { FeedEntry } from '../item-store.ts';
import { projectOf, textOf, typeOf } from '../item.ts';
import type { FieldMap } from '../records.ts';
import { resources } from '../resources.ts';
import { ok, readBody, type AdoRoute, type Call, type Query } from '../route.ts';
import { splitTags } from '../tags.ts';
import { badRequest } from '../vendor-error.ts';
import { fieldValues, namedFields } from '../wire/field-values.ts';
import { identityText, identityWire, valueWire } from '../wire/identity-wire.ts';
import { guidOf } from '../identity.ts';

const scopes = ['organisation', 'project'] as const;
const position = ['continuationToken', 'startDateTime'];

/** The feeds made for mirroring: every revision, every link change. */
export const reportingRoutes: readonly AdoRoute[] = [
  {
    method: 'GET',
    template: '/_apis/wit/reporting/workitemrevisions',
    resource: resources.reportingRevisions,
    scopes,
    query: [
      ...position,
      'fields',
      'types',
      'includeIdentityRef',
      'includeDeleted',
      'includeTagRef',
      'includeLatestOnly',
      '$expand',
      'includeDiscussionChangesOnly',
      '$maxPageSize',
    ],
    handle: call => revisions(call, filterFromQuery(call.query)),
  },
  {
    method: 'POST',
    template: '/_apis/wit/reporting/workitemrevisions',
    resource: resources.reportingRevisions,
    scopes,
    query: [...position, '$expand'],
    handle: call => revisions(call, filterFromBody(call.body)),
  },
  {
    method: 'GET',
    template: '/_apis/wit/reporting/workitemlinks',
    resource: resources.reportingLinks,
    scopes,
    query: [...position, 'linkTypes', 'types'],
    handle: links,
  },
];

interface Filter {
  readonly fields: readonly string[] | null;
  readonly types: readonly string[] | null;
  readonly includeIdentityRef: boolean;
  readonly includeDeleted: boolean;
  readonly includeTagRef: boolean;
  readonly includeLatestOnly: boolean;
  readonly commentsOnly: boolean;
  readonly pageSize: number | null;
}

function filterFromQuery(query: Query): Filter {
  return {
    fields: query.list('fields'),
    types: query.list('types'),
    includeIdentityRef: query.flag('includeIdentityRef'),
    includeDeleted: query.flag('includeDeleted'),
    includeTagRef: query.flag('includeTagRef'),
    includeLatestOnly: query.flag('includeLatestOnly'),
    commentsOnly: query.flag('includeDiscussionChangesOnly'),
    pageSize: query.count('$maxPageSize'),
  };
}

const FLAGS = ['includeIdentityRef', 'includeDeleted', 'includeTagRef', 'includeLatestOnly'] as const;

function filterFromBody(body: unknown): Filter {
  const record = readBody(body, ['fields', 'types', ...FLAGS]);
  const texts = (name: string): readonly string[] | null => {
    const value = record[name];
    if (value === undefined || value === null) return null;
    if (!Array.isArray(value)) throw badRequest(`"${name}" must be a list of names.`);
    return value.map(String);
  };
  const flag = (name: (typeof FLAGS)[number]): boolean => {
    const value = record[name] ?? false;
    if (typeof value !== 'boolean') throw badRequest(`"${name}" must be true or false.`);
    return value;
  };
  return {
    fields: texts('fields'),
    types: texts('types'),
    includeIdentityRef: flag('includeIdentityRef'),
    includeDeleted: flag('includeDeleted'),
    includeTagRef: flag('includeTagRef'),
    includeLatestOnly: flag('includeLatestOnly'),
    commentsOnly: false,
    pageSize: null,
  };
}

/** Where to start; a token is never joined by a date. */
function startOf({ query }: Call): { after: ReturnType<typeof cursorFrom> | null; since: number | null } {
  const token = query.text('continuationToken');
  const since = query.instant('startDateTime');
  if (token !== null && token !== '' && since !== null) {
    throw badRequest(
      'The parameters continuationToken and startDateTime cannot be used together.',
      'ConflictingParametersException',
    );
  }
  return { after: token === null || token === '' ? null : cursorFrom(token), since };
}

function revisions(call: Call, filter: Filter): HttpAnswer {
  const { organisation, project } = call;
  const refs = filter.fields?.map(name => knownField(organisation, name).ref) ?? null;
  const types = filter.types === null ? null : new Set(filter.types.map(type => type.toLowerCase()));
  const page = revisionPage(organisation.items, {
    ...startOf(call),
    pageSize: Math.min(filter.pageSize ?? organisation.limits.feedPage, organisation.limits.feedPage),
    includeDeleted: filter.includeDeleted,
    latestOnly: filter.includeLatestOnly,
    commentsOnly: filter.commentsOnly,
    accepts: ({ item }) =>
      !organisation.hidden.has(item.id) &&
      (project === null || projectOf(item) === project.name) &&
      (types === null || types.has(typeOf(item).toLowerCase())),
  });
  return ok({
    values: page.entries.map(entry => revisionWire(call, entry, { filter, refs })),
    nextLink: nextLink(call, page.token),
    continuationToken: page.token,
    isLastBatch: page.isLast,
  });
}

const LONG_TEXTS = new Set(['html', 'history', 'plainText']);

function revisionWire(
  call: Call,
  entry: FeedEntry,
  wanted: { filter: Filter; refs: readonly string[] | null },
): unknown {
  const { organisation, base } = call;
  const { item, revision } = entry;
  const values = reported(fieldValues(organisation, item, revision), call, wanted.refs);
  const form = wanted.filter.includeIdentityRef
    ? (who: Parameters<typeof identityText>[0]) => identityWire(base, who)
    : identityText;
  const fields: Record<string, unknown> = {};
  for (const [ref, value] of Object.entries(values)) fields[ref] = valueWire(value, form);
  if (wanted.filter.includeTagRef && typeof fields['System.Tags'] === 'string') {
    fields['System.Tags'] = splitTags(fields['System.Tags']).map(name => ({
      id: guidOf(`tag ${name.toLowerCase()}`),
      name,
    }));
  }
  return { id: item.id, rev: revision.rev, fields };
}

/** The named fields; unnamed ones come without long texts unless `$expand=fields`. Links are another feed's business. */
function reported(values: FieldMap, { organisation, query }: Call, refs: readonly string[] | null): FieldMap {
  const { 'System.Parent': _parent, ...own } = values;
  if (refs !== null) return namedFields(own, refs);
  if (query.text('$expand')?.toLowerCase() === 'fields') return own;
  return Object.fromEntries(
    Object.entries(own).filter(
      ([ref]) => ref === 'System.Tags' || !LONG_TEXTS.has(organisation.fields.find(ref)?.type ?? ''),
    ),
  );
}

function nextLink({ base, project, request, query }: Call, token: string): string {
  const scope = project === null ? '' : `/${project.id}`;
  const rest = new URLSearchParams(request.query);
  for (const name of ['continuationToken', 'startDateTime']) rest.delete(name);
  const path = request.path.slice(request.path.toLowerCase().indexOf('/_apis/'));
  const version = query.text('api-version') ?? '7.1';
  rest.set('api-version', version);
  return `${base}${scope}${path}?continuationToken=${token}&${rest.toString()}`;
}

function links(call: Call): HttpAnswer {
  const { organisation, project, query } = call;
  const wanted = query.list('linkTypes')?.map(type => type.replace(/-(Forward|Reverse)$/i, '').toLowerCase()) ?? null;
  const types = query.list('types')?.map(type => type.toLowerCase()) ?? null;
  const page = linkPage(organisation.items, {
    ...startOf(call),
    pageSize: organisation.limits.feedPage,
    accepts({ link }) {
      if (wanted !== null && !wanted.includes(link.type.ref.toLowerCase())) return false;
      const source = organisation.items.get(link.source);
      if (source === null || organisation.hidden.has(link.source)) return false;
      if (project !== null && projectOf(source) !== project.name) return false;
      return (
        types === null ||
        types.includes(textOf(source.revisions.at(-1)?.fields ?? {}, 'System.WorkItemType').toLowerCase())
      );
    },
  });
  return ok({
    values: page.entries.map(({ link, at, active }) => ({
      rel: link.type.ref,
      sourceId: link.source,
      targetId: link.target,
      changedDate: wireDate(at),
      isActive: active,
    })),
    nextLink: nextLink(call, page.token),
    continuationToken: page.token,
    isLastBatch: page.isLast,
  });
}
