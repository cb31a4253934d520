import type { HttpAnswer } from '../../http/message.ts';
import { saveEdits } from '../change-item.ts';
import { wireDate } from '../instants.ts';
import { latest, projectOf, textOf, typeOf, type Item } from '../item.ts';
import { readableItem, type Organisation } from '../organisation.ts';
import { resources } from '../resources.ts';
import { idFrom, list, ok, readBody, type AdoRoute, type Call } from '../route.ts';
import { badRequest, noSuchItem } from '../vendor-error.ts';
import { identityText, identityWire } from '../wire/identity-wire.ts';
import { workItemWire } from '../wire/work-item.ts';
import { itemOf } from './read-items.ts';

const scopes = ['organisation', 'project'] as const;

/** Comments, deletion, the recycle bin. */
export const lifeRoutes: readonly AdoRoute[] = [
  {
    method: 'GET',
    template: '/_apis/wit/workItems/{workItemId}/comments',
    resource: resources.comments,
    scopes: ['project'],
    query: ['$top', 'continuationToken', 'includeDeleted', '$expand', 'order', 'ids'],
    handle: comments,
  },
  {
    method: 'POST',
    template: '/_apis/wit/workItems/{workItemId}/comments',
    resource: resources.comments,
    scopes: ['project'],
    handle: addComment,
  },
  {
    method: 'DELETE',
    template: '/_apis/wit/workitems/{id}',
    resource: resources.workItems,
    scopes,
    query: ['destroy'],
    handle(call) {
      const item = itemOf(call, idFrom(call.params['id']));
      if (call.query.flag('destroy')) throw badRequest('You do not have permission to destroy work items.');
      setDeleted(call.organisation, item, { deleted: true, by: call.organisation.owner });
      return ok(deletedWire(call, item));
    },
  },
  {
    method: 'GET',
    template: '/_apis/wit/recyclebin',
    resource: resources.recycleBin,
    scopes,
    query: ['ids'],
    handle: recycleBin,
  },
  {
    method: 'GET',
    template: '/_apis/wit/recyclebin/{id}',
    resource: resources.recycleBin,
    scopes,
    handle: call => ok(deletedWire(call, binned(call))),
  },
  {
    method: 'PATCH',
    template: '/_apis/wit/recyclebin/{id}',
    resource: resources.recycleBin,
    scopes,
    handle(call) {
      const item = binned(call);
      if (readBody(call.body, ['isDeleted'])['isDeleted'] !== false) throw badRequest('"isDeleted" must be false.');
      setDeleted(call.organisation, item, { deleted: false, by: call.organisation.owner });
      return ok(deletedWire(call, item));
    },
  },
];

/** To the recycle bin or back: a revision either way. */
export function setDeleted(
  organisation: Organisation,
  item: Item,
  { deleted, by }: { readonly deleted: boolean; readonly by: Organisation['owner'] },
): void {
  organisation.items.revise(item, { by, fields: latest(item).fields, deleted });
}

function binned(call: Call): Item {
  const id = idFrom(call.params['id']);
  const item = call.organisation.items.get(id);
  if (item === null || !latest(item).deleted || call.organisation.hidden.has(id)) throw noSuchItem(id);
  return item;
}

function deletedWire(call: Call, item: Item): unknown {
  const { organisation, base } = call;
  const last = latest(item);
  return {
    id: item.id,
    code: 200,
    type: typeOf(item),
    name: textOf(last.fields, 'System.Title'),
    project: projectOf(item),
    deletedDate: wireDate(last.at),
    deletedBy: identityText(last.by),
    url: `${base}/_apis/wit/recyclebin/${item.id}`,
    resource: workItemWire(organisation, item, last, { base, expand: 'none', fields: null }),
  };
}

function recycleBin(call: Call): HttpAnswer {
  const { organisation, project, base } = call;
  const wanted = call.query.list('ids')?.map(Number) ?? null;
  const gone = [...organisation.items.all()].filter(
    item =>
      latest(item).deleted &&
      !organisation.hidden.has(item.id) &&
      (project === null || projectOf(item) === project.name) &&
      (wanted === null || wanted.includes(item.id)),
  );
  if (wanted !== null) return list(gone.map(item => deletedWire(call, item)));
  return list(gone.map(({ id }) => ({ id, url: `${base}/_apis/wit/recyclebin/${id}` })));
}

function comments(call: Call): HttpAnswer {
  const item = itemOf(call, idFrom(call.params['workItemId']));
  const all = commentsOf(call, item);
  const skip = Number(call.query.text('continuationToken') ?? 0);
  const newestFirst = call.query.text('order')?.toLowerCase() !== 'asc';
  const ordered = newestFirst ? all.toReversed() : all;
  const page = ordered.slice(skip, skip + (call.query.count('$top') ?? 200));
  const more = skip + page.length < all.length;
  const next = String(skip + page.length);
  const url = commentsUrl(call, item);
  return ok({
    totalCount: all.length,
    count: page.length,
    comments: page,
    ...(more ? { continuationToken: next, nextPage: `${url}?continuationToken=${next}` } : {}),
    url,
  });
}

function commentsUrl({ base, project }: Call, item: Item): string {
  return `${base}/${project?.id ?? ''}/_apis/wit/workItems/${item.id}/comments`;
}

function commentsOf(call: Call, item: Item): readonly Readonly<Record<string, unknown>>[] {
  const url = commentsUrl(call, item);
  return item.revisions.flatMap(({ comment, at, by, watermark }) => {
    if (comment === null) return [];
    const who = identityWire(call.base, by);
    const when = wireDate(at);
    return [
      {
        workItemId: item.id,
        id: watermark,
        version: 1,
        text: comment,
        createdBy: who,
        createdDate: when,
        modifiedBy: who,
        modifiedDate: when,
        format: 'html',
        url: `${url}/${watermark}`,
      },
    ];
  });
}

function addComment(call: Call): HttpAnswer {
  const item = readableItem(call.organisation, idFrom(call.params['workItemId']));
  const { text } = readBody(call.body, ['text']);
  if (typeof text !== 'string' || text === '') throw badRequest('The text of the comment is empty.');
  saveEdits(call.organisation, item, { edits: { 'System.History': text }, by: call.organisation.owner });
  return ok(commentsOf(call, item).at(-1));
}
