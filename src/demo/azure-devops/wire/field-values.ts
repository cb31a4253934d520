import { wireDate } from '../instants.ts';
import { parentOf, textOf, type Item, type Revision } from '../item.ts';
import type { Organisation } from '../organisation.ts';
import { projectAt } from '../organisation.ts';
import type { FieldMap, FieldValue } from '../records.ts';

const FOREVER = '9999-01-01T00:00:00Z';

/** Everything a revision says of itself: stored fields and the ones the service works out. */
export function fieldValues(organisation: Organisation, item: Item, revision: Revision): FieldMap {
  const [first] = item.revisions;
  const { fields } = revision;
  const next = item.revisions[revision.rev];
  const project = projectAt(organisation, textOf(fields, 'System.TeamProject'));
  const area = project.areas.at(textOf(fields, 'System.AreaPath'));
  const iteration = project.iterations.at(textOf(fields, 'System.IterationPath'));
  const parent = parentOf(item);
  return {
    'System.Id': item.id,
    'System.AreaId': area?.id ?? 0,
    'System.NodeName': area?.name ?? '',
    ...fields,
    'System.Rev': revision.rev,
    'System.RevisedDate': next === undefined ? FOREVER : wireDate(next.at),
    'System.AuthorizedDate': wireDate(revision.at),
    'System.IterationId': iteration?.id ?? 0,
    ...(first === undefined ? {} : { 'System.CreatedDate': wireDate(first.at), 'System.CreatedBy': first.by }),
    'System.ChangedDate': wireDate(revision.at),
    'System.ChangedBy': revision.by,
    'System.Watermark': revision.watermark,
    'System.IsDeleted': revision.deleted,
    'System.CommentCount': commentsUntil(item, revision.rev),
    ...(revision.comment === null ? {} : { 'System.History': revision.comment }),
    ...(parent === null ? {} : { 'System.Parent': parent }),
  };
}

function commentsUntil(item: Item, rev: number): number {
  return item.revisions.reduce((count, { rev: at, comment }) => count + (at <= rev && comment !== null ? 1 : 0), 0);
}

/** Fields that an answer leaves out unless they are named or everything is expanded (as recorded). */
const ONLY_ON_REQUEST: ReadonlySet<string> = new Set([
  'System.Id',
  'System.AreaId',
  'System.NodeName',
  'System.Rev',
  'System.RevisedDate',
  'System.AuthorizedDate',
  'System.IterationId',
  'System.Watermark',
  'System.IsDeleted',
]);

/** The fields of a plain answer. */
export function usualFields(values: FieldMap): FieldMap {
  return Object.fromEntries(Object.entries(values).filter(([ref]) => !ONLY_ON_REQUEST.has(ref)));
}

/** The named fields that have a value. */
export function namedFields(values: FieldMap, refs: readonly string[]): FieldMap {
  const picked: Record<string, FieldValue> = {};
  for (const ref of refs) {
    const value = values[ref];
    if (value !== undefined) picked[ref] = value;
  }
  return picked;
}
