import { relOf, latest, textOf, type Item, type Revision } from '../item.ts';
import { wireDate } from '../instants.ts';
import type { Organisation } from '../organisation.ts';
import { projectOfItem } from '../organisation.ts';
import { fieldValues, namedFields, usualFields } from './field-values.ts';
import { identityWire, valueWire } from './identity-wire.ts';

export type Expand = 'none' | 'relations' | 'fields' | 'links' | 'all';

export interface Shape {
  /** `http://127.0.0.1:4711/acme` */
  readonly base: string;
  readonly expand: Expand;
  /** Reference names; null: the usual ones. */
  readonly fields: readonly string[] | null;
  /** Whether the url names a revision, as in revision lists. */
  readonly asRevision?: boolean;
}

/** A work item, or one of its revisions, as the service writes it. */
export function workItemWire(organisation: Organisation, item: Item, revision: Revision, shape: Shape): unknown {
  const { base, expand } = shape;
  const values = fieldValues(organisation, item, revision);
  const everything = expand === 'all' || expand === 'fields';
  const chosen = shape.fields !== null ? namedFields(values, shape.fields) : everything ? values : usualFields(values);
  const fields = Object.fromEntries(
    Object.entries(chosen).map(([ref, value]) => [ref, valueWire(value, who => identityWire(base, who))]),
  );
  const home = `${base}/${projectOfItem(organisation, item).id}/_apis/wit`;
  const url = `${home}/workItems/${item.id}${shape.asRevision === true ? `/revisions/${revision.rev}` : ''}`;
  const relations = expand === 'relations' || expand === 'all' ? relationsWire(item, home) : null;
  return {
    id: item.id,
    rev: revision.rev,
    fields,
    ...(relations === null || relations.length === 0 ? {} : { relations }),
    ...(expand === 'links' || expand === 'all' ? { _links: linksWire(item, home, base) } : {}),
    url,
  };
}

/** Links and attachments of an item as they are now. */
export function relationsWire(item: Item, home: string): readonly unknown[] {
  const links = item.links.map(link => {
    const { rel, name, other } = relOf(link, item.id);
    return { rel, url: `${home}/workItems/${other}`, attributes: { isLocked: false, name } };
  });
  const files = item.attachments.map(({ name, url, at }, index) => ({
    rel: 'AttachedFile',
    url: `${home}/${url}`,
    attributes: {
      authorizedDate: wireDate(at),
      id: item.id * 100 + index,
      resourceCreatedDate: wireDate(at),
      resourceModifiedDate: wireDate(at),
      revisedDate: '9999-01-01T00:00:00Z',
      resourceSize: 1024,
      name,
    },
  }));
  return [...links, ...files];
}

function linksWire(item: Item, home: string, base: string): unknown {
  const self = `${home}/workItems/${item.id}`;
  const type = encodeURIComponent(textOf(latest(item).fields, 'System.WorkItemType'));
  return {
    self: { href: self },
    workItemUpdates: { href: `${self}/updates` },
    workItemRevisions: { href: `${self}/revisions` },
    workItemComments: { href: `${self}/comments` },
    html: { href: `${home.slice(0, -'/_apis/wit'.length)}/_workitems/edit/${item.id}` },
    workItemType: { href: `${home}/workItemTypes/${type}` },
    fields: { href: `${base}/_apis/wit/fields` },
  };
}
