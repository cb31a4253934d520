import type { Identity } from './identity.ts';
import type { FieldMap } from './records.ts';

/** One saved state of a work item. */
export interface Revision {
  readonly rev: number;
  readonly at: number;
  readonly by: Identity;
  /** Unique in the organisation, ascending with time: what the reporting feed is read by. */
  readonly watermark: number;
  readonly fields: FieldMap;
  readonly comment: string | null;
  readonly deleted: boolean;
}

/** A link between two items, seen from both. Hierarchy: the source is the parent. */
export interface Link {
  readonly type: LinkType;
  readonly source: number;
  readonly target: number;
}

export interface LinkType {
  /** `System.LinkTypes.Hierarchy` */
  readonly ref: string;
  readonly forward: string;
  readonly reverse: string;
  /** False for Related, which reads the same from both ends. */
  readonly directed: boolean;
}

export interface LinkEvent {
  readonly watermark: number;
  readonly at: number;
  readonly by: Identity;
  readonly link: Link;
  readonly active: boolean;
}

/** One entry of an item's update list: a revision, or a link change that repeats the revision before. */
export interface Update {
  readonly id: number;
  readonly rev: number;
  readonly at: number;
  readonly by: Identity;
  readonly kind: 'revision' | 'link-added' | 'link-removed' | 'attached';
  readonly link: Link | null;
}

export interface Attachment {
  readonly name: string;
  readonly url: string;
  readonly at: number;
}

/** A work item with its history. Changed only by the item store. */
export interface Item {
  readonly id: number;
  readonly revisions: Revision[];
  readonly links: Link[];
  readonly attachments: Attachment[];
  readonly updates: Update[];
}

export function latest(item: Item): Revision {
  const revision = item.revisions.at(-1);
  if (revision === undefined) throw new Error(`Work item ${item.id} has no revision.`);
  return revision;
}

/** The revision that was current at an instant, or null before the item was created. */
export function asOf(item: Item, at: number): Revision | null {
  return item.revisions.findLast(revision => revision.at <= at) ?? null;
}

export function textOf(fields: FieldMap, ref: string): string {
  const value = fields[ref];
  return typeof value === 'string' ? value : '';
}

export function numberOf(fields: FieldMap, ref: string): number | null {
  const value = fields[ref];
  return typeof value === 'number' ? value : null;
}

export const typeOf = (item: Item): string => textOf(latest(item).fields, 'System.WorkItemType');
export const projectOf = (item: Item): string => textOf(latest(item).fields, 'System.TeamProject');

/** The id of the parent an item has now, or null. */
export function parentOf(item: Item): number | null {
  return item.links.find(({ type, target }) => type === HIERARCHY && target === item.id)?.source ?? null;
}

function linkType(ref: string, forward: string, reverse: string): LinkType {
  return { ref, forward, reverse, directed: true };
}

export const HIERARCHY = linkType('System.LinkTypes.Hierarchy', 'Child', 'Parent');

/** Link types of every organisation, as recorded from `GET _apis/wit/workitemrelationtypes`. */
export const LINK_TYPES: readonly LinkType[] = [
  HIERARCHY,
  linkType('System.LinkTypes.Dependency', 'Successor', 'Predecessor'),
  linkType('System.LinkTypes.Duplicate', 'Duplicate', 'Duplicate Of'),
  linkType('Microsoft.VSTS.Common.TestedBy', 'Tested By', 'Tests'),
  linkType('Microsoft.VSTS.Common.Affects', 'Affects', 'Affected By'),
  linkType('Microsoft.VSTS.TestCase.SharedStepReferencedBy', 'Referenced By', 'Test Case'),
  { ref: 'System.LinkTypes.Related', forward: 'Related', reverse: 'Related', directed: false },
];

/** The link that a relation of an item means: `{ rel: '...-Reverse', target }` seen from `id`. Null: no such type. */
export function linkFrom(id: number, rel: string, other: number): Link | null {
  for (const type of LINK_TYPES) {
    if (!type.directed && rel === type.ref) return { type, source: Math.min(id, other), target: Math.max(id, other) };
    if (type.directed && rel === `${type.ref}-Forward`) return { type, source: id, target: other };
    if (type.directed && rel === `${type.ref}-Reverse`) return { type, source: other, target: id };
  }
  return null;
}

/** How a link is called from one of its ends. */
export function relOf(link: Link, id: number): { readonly rel: string; readonly name: string; readonly other: number } {
  const { type, source, target } = link;
  const forward = source === id;
  const other = forward ? target : source;
  if (!type.directed) return { rel: type.ref, name: type.forward, other };
  return { rel: `${type.ref}-${forward ? 'Forward' : 'Reverse'}`, name: forward ? type.forward : type.reverse, other };
}
