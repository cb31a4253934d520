import type { Identity } from './identity.ts';
import type { Instants } from './instants.ts';
import { latest, linkFrom, type Item, type Link, type LinkEvent, type Revision, type Update } from './item.ts';
import type { FieldMap, SeedItem } from './records.ts';

/** A revision in the order in which the organisation saved it. */
export interface FeedEntry {
  readonly watermark: number;
  readonly item: Item;
  readonly revision: Revision;
}

export interface Save {
  readonly by: Identity;
  readonly fields: FieldMap;
  readonly comment?: string | null;
  readonly deleted?: boolean;
}

/** Something that happened to a work item, once it was saved. */
export interface ItemEvent {
  readonly item: Item;
  readonly update: Update;
}

/** All work items, and the two logs (revisions, links) that the reporting feeds read. */
export interface ItemStore {
  get(id: number): Item | null;
  all(): Iterable<Item>;
  create(save: Save): Item;
  /** Saves a further revision. */
  revise(item: Item, save: Save): Revision;
  /** Adds or removes a link: an update on both ends, never a revision. False: nothing to do. */
  link(link: Link, by: Identity, active: boolean): boolean;
  attach(item: Item, name: string, by: Identity): void;
  /** For good: nothing is left of it but link events. */
  destroy(item: Item): void;
  /** Takes items with their history, oldest revision of all first. */
  load(seeds: readonly SeedItem[]): void;
  /** Told of every update but loaded ones. */
  readonly listeners: ((event: ItemEvent) => void)[];
  /** Ascending by watermark and by time. */
  readonly revisions: readonly FeedEntry[];
  readonly linkEvents: readonly LinkEvent[];
}

/** What the store keeps, and the counters behind it. */
interface Shelf {
  readonly items: Map<number, Item>;
  revisions: FeedEntry[];
  readonly linkEvents: LinkEvent[];
  readonly listeners: ((event: ItemEvent) => void)[];
  /** Loaded history is no news. */
  loading: boolean;
  watermark: number;
  lastId: number;
}

/** An empty store. Watermarks and ids count from 1. */
export function createItemStore(instants: Instants): ItemStore {
  const shelf: Shelf = {
    items: new Map(),
    revisions: [],
    linkEvents: [],
    listeners: [],
    loading: false,
    watermark: 0,
    lastId: 0,
  };
  return {
    get: id => shelf.items.get(id) ?? null,
    all: () => shelf.items.values(),
    create(first) {
      const item = blankItem(shelf, shelf.lastId + 1);
      saveRevision(shelf, item, { ...first, at: instants.tick() });
      return item;
    },
    revise: (item, next) => saveRevision(shelf, item, { ...next, at: instants.tick() }),
    link: (link, by, active) => applyLink(shelf, { link, by, active, at: instants.tick() }),
    attach(item, name, by) {
      const { at } = saveRevision(shelf, item, { by, fields: latest(item).fields, at: instants.tick() });
      item.attachments.push({ name, url: `attachments/${item.id}-${item.attachments.length + 1}`, at });
    },
    destroy(item) {
      shelf.items.delete(item.id);
      shelf.revisions = shelf.revisions.filter(entry => entry.item !== item);
    },
    load(seeds) {
      shelf.loading = true;
      for (const at of loadSeeds(shelf, seeds)) instants.seen(at);
      shelf.loading = false;
    },
    get revisions() {
      return shelf.revisions;
    },
    linkEvents: shelf.linkEvents,
    listeners: shelf.listeners,
  };
}

function announce(shelf: Shelf, item: Item): void {
  const update = item.updates.at(-1);
  if (shelf.loading || update === undefined) return;
  for (const listener of shelf.listeners) listener({ item, update });
}

function blankItem(shelf: Shelf, id: number): Item {
  shelf.lastId = Math.max(shelf.lastId, id);
  const item: Item = { id, revisions: [], links: [], attachments: [], updates: [] };
  shelf.items.set(id, item);
  return item;
}

function saveRevision(shelf: Shelf, item: Item, save: Save & { readonly at: number }): Revision {
  const { at, by, fields } = save;
  shelf.watermark += 1;
  const { watermark } = shelf;
  const rev = item.revisions.length + 1;
  const revision = { rev, at, by, watermark, fields, comment: save.comment ?? null, deleted: save.deleted ?? false };
  item.revisions.push(revision);
  item.updates.push({ id: item.updates.length + 1, rev, at, by, kind: 'revision', link: null });
  shelf.revisions.push({ watermark, item, revision });
  announce(shelf, item);
  return revision;
}

/** False: the link is there already, or was not there, or an end is missing. */
function applyLink(shelf: Shelf, event: Omit<LinkEvent, 'watermark'>): boolean {
  const source = shelf.items.get(event.link.source);
  const target = shelf.items.get(event.link.target);
  if (source === undefined || target === undefined) return false;
  if (source.links.some(other => same(other, event.link)) === event.active) return false;
  shelf.watermark += 1;
  shelf.linkEvents.push({ ...event, watermark: shelf.watermark });
  for (const item of [source, target]) {
    if (event.active) item.links.push(event.link);
    else
      item.links.splice(
        item.links.findIndex(other => same(other, event.link)),
        1,
      );
    const { rev } = latest(item);
    const kind = event.active ? 'link-added' : 'link-removed';
    item.updates.push({ id: item.updates.length + 1, rev, at: event.at, by: event.by, kind, link: event.link });
    announce(shelf, item);
  }
  return true;
}

/** Saves seeded revisions in order of time; returns the times. */
function loadSeeds(shelf: Shelf, seeds: readonly SeedItem[]): readonly number[] {
  const entries = seeds.flatMap(seed =>
    seed.revisions.map(revision => ({ id: seed.id, revision, at: revision.at.getTime() })),
  );
  entries.sort((a, b) => a.at - b.at || a.id - b.id);
  for (const { id, revision, at } of entries) {
    const item = shelf.items.get(id) ?? blankItem(shelf, id);
    saveRevision(shelf, item, { by: revision.by, fields: revision.fields, comment: revision.comment ?? null, at });
  }
  for (const event of seededLinks(seeds, shelf.items)) applyLink(shelf, event);
  return entries.map(({ at }) => at);
}

function same(a: Link, b: Link): boolean {
  return a.type === b.type && a.source === b.source && a.target === b.target;
}

/** Links of loaded items: made when the younger of the two items was, since exports do not say when. */
function seededLinks(
  seeds: readonly SeedItem[],
  items: ReadonlyMap<number, Item>,
): readonly Omit<LinkEvent, 'watermark'>[] {
  const events = seeds.flatMap(seed =>
    (seed.links ?? []).flatMap(({ rel, target }) => {
      const link = linkFrom(seed.id, rel, target);
      const [here, there] = [items.get(seed.id)?.revisions[0], items.get(target)?.revisions[0]];
      if (link === null || here === undefined || there === undefined) return [];
      return [{ link, by: here.by, active: true, at: Math.max(here.at, there.at) }];
    }),
  );
  return events.sort((a, b) => a.at - b.at || a.link.source - b.link.source || a.link.target - b.link.target);
}
