import type { FeedEntry, ItemStore } from './item-store.ts';
import { latest, type LinkEvent } from './item.ts';
import { badRequest } from './vendor-error.ts';

/** Where a reader of a feed stands: after this watermark. Written `watermark;id;rev` for revisions, `watermark` for links. */
export interface Cursor {
  readonly watermark: number;
}

/** Reads a continuation token; refuses one it did not make. */
export function cursorFrom(token: string): Cursor {
  const match = /^(\d+)(?:;\d+;\d+)?$/.exec(token);
  if (match === null) {
    throw badRequest(`The continuation token "${token}" is not valid.`, 'ReportingInvalidContinuationTokenException');
  }
  return { watermark: Number(match[1]) };
}

export interface FeedQuery {
  /** null: from the beginning, or from `since`. */
  readonly after: Cursor | null;
  readonly since: number | null;
  readonly pageSize: number;
}

export interface FeedPage<Entry> {
  readonly entries: readonly Entry[];
  /** Given on the last page too: tomorrow's starting point. */
  readonly token: string;
  readonly isLast: boolean;
}

export interface RevisionQuery extends FeedQuery {
  readonly includeDeleted: boolean;
  readonly latestOnly: boolean;
  readonly commentsOnly: boolean;
  readonly accepts: (entry: FeedEntry) => boolean;
}

/** A page of revisions, oldest first. Link changes are not in it: they make no revision. */
export function revisionPage(store: ItemStore, query: RevisionQuery): FeedPage<FeedEntry> {
  const all = store.revisions;
  const start = startOf(all, query, entry => entry.revision.at);
  const entries: FeedEntry[] = [];
  let last = all[start - 1];
  let place = start;
  for (; place < all.length && entries.length < query.pageSize; place += 1) {
    const entry = all[place];
    if (entry === undefined) break;
    last = entry;
    if (isWanted(entry, query)) entries.push(entry);
  }
  while (place < all.length && !isWanted(all[place], query)) place += 1;
  const isLast = place >= all.length;
  // The last page reads on to the end, so that what was skipped is not looked at again.
  const end = isLast ? (all.at(-1) ?? last) : last;
  const { watermark = 0, item, revision } = end ?? {};
  return { entries, isLast, token: `${watermark};${item?.id ?? 0};${revision?.rev ?? 0}` };
}

function isWanted(entry: FeedEntry | undefined, query: RevisionQuery): boolean {
  if (entry === undefined) return false;
  const newest = latest(entry.item);
  if (newest.deleted && !query.includeDeleted) return false;
  if (query.latestOnly && entry.revision !== newest) return false;
  if (query.commentsOnly && entry.revision.comment === null) return false;
  return query.accepts(entry);
}

export interface LinkQuery extends FeedQuery {
  readonly accepts: (event: LinkEvent) => boolean;
}

/** A page of link changes, oldest first. */
export function linkPage(store: ItemStore, query: LinkQuery): FeedPage<LinkEvent> {
  const all = store.linkEvents;
  const start = startOf(all, query, event => event.at);
  const matching = all.slice(start).filter(query.accepts);
  const entries = matching.slice(0, query.pageSize);
  const isLast = matching.length <= query.pageSize;
  const end = isLast ? all.at(-1) : entries.at(-1);
  return { entries, isLast, token: String(Math.max(end?.watermark ?? 0, query.after?.watermark ?? 0)) };
}

/** Index of the first entry after the cursor, else not before the date. */
function startOf<Entry extends { readonly watermark: number }>(
  all: readonly Entry[],
  query: FeedQuery,
  at: (entry: Entry) => number,
): number {
  const { after, since } = query;
  if (after !== null) return lowerBound(all, entry => entry.watermark > after.watermark);
  return since === null ? 0 : lowerBound(all, entry => at(entry) >= since);
}

function lowerBound<Entry>(all: readonly Entry[], reached: (entry: Entry) => boolean): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = all[middle];
    if (entry !== undefined && reached(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}
