import { ShortReadError } from '../../errors.ts';
import { idOf, type BacklogItem, type ItemRef } from '../../item.ts';
import type { ChangesEnd, ChangesFrom, ReadItem, ReadOptions, TakePage } from '../connector.ts';
import { continueHistory } from './continue-history.ts';
import { cursorOf, readCursor } from './cursor.ts';
import { readLinks, readRevisions, type RevisionRow } from './feeds.ts';
import { fieldNames } from './field-plan.ts';
import { isInScope, type Fields } from './in-scope.ts';
import { noteCovered, noteItem, type Known } from './known.ts';
import { applyLinks } from './links.ts';
import { memoOf } from './memo.ts';
import { fatesOf } from './missing.ts';
import type { BacklogParts } from './parts.ts';
import { readBatch } from './read-batch.ts';
import { sprintOf } from './sprint.ts';
import { refOf, type WorkItem } from './to-item.ts';

type Rows = ReadonlyMap<number, readonly RevisionRow[]>;

/** Both feeds since the cursor (two calls when nothing happened), then by id what they touch. */
export async function readChanges(
  opened: BacklogParts,
  known: Known,
  args: {
    readonly from: ChangesFrom;
    readonly options: ReadOptions;
    readonly take: TakePage;
    /** The backlog's parts, with team settings that know what these revisions name. */
    readonly renew: (rows: Iterable<Fields>) => Promise<BacklogParts>;
  },
): Promise<ChangesEnd> {
  const { from, options, take, renew } = args;
  const { signal } = options;
  recall(from.known.values(), known);
  const fed = await readFeeds(opened, known, readCursor(from.cursor, opened.scope), signal);
  const { rows, relinked } = fed;
  const parts = await renew([...rows.values()].flatMap(told => told.slice(-1)).map(({ fields }) => fields));
  // Other states than the snapshot was read with: then items that made no revision may be in or out as well.
  readCursor(from.cursor, parts.scope);
  const candidates = candidatesOf({ parts, from, rows, relinked });
  const works = await readBatch(candidates, parts, { signal });
  const members = candidates.flatMap(id => {
    const work = works.get(id);
    return work !== undefined && isInScope(work.fields, parts.scope) ? [work] : [];
  });
  const left = await leftOf({ parts, from, rows, candidates, works, signal });
  const also = new Set(from.also);
  const page = await Promise.all(
    members.map(work => {
      const before = from.known.get(refOf(work.id)) ?? null;
      const told = rows.get(work.id) ?? [];
      return continueHistory(work, { parts, known, before, rows: told, asked: also.has(refOf(work.id)), options });
    }),
  );
  noteCovered(page, known.covered);
  await take([...page, ...driftedSprints(parts, { from, options, read: new Set(candidates) })]);
  return { cursor: cursorOf(fed.tokens, parts.scope), order: null, left };
}

interface Fed {
  readonly rows: Rows;
  /** Items whose links changed. */
  readonly relinked: ReadonlySet<number>;
  readonly tokens: { readonly revisions: string; readonly links: string };
}

async function readFeeds(
  parts: BacklogParts,
  known: Known,
  cursor: { readonly revisions: string; readonly links: string },
  signal: AbortSignal,
): Promise<Fed> {
  const rows = new Map<number, RevisionRow[]>();
  const relinked = new Set<number>();
  const [revisions, links] = await Promise.all([
    readRevisions(parts, { token: cursor.revisions }, signal, page => {
      for (const row of page) rows.set(row.id, [...(rows.get(row.id) ?? []), row]);
    }),
    readLinks(parts, { token: cursor.links }, signal, page => {
      for (const id of applyLinks(page, known.blockers, parts.blockerLinkTypes)) relinked.add(id);
    }),
  ]);
  return { rows, relinked, tokens: { revisions, links } };
}

/** The snapshot is the truth about links and histories told so far, whatever this process remembers. */
function recall(items: Iterable<BacklogItem>, known: Known): void {
  for (const item of items) {
    known.blockers.set(Number(idOf(item.ref)), new Set(item.blockedBy.map(ref => Number(idOf(ref)))));
    noteItem(item, known.covered);
  }
}

/** Ids to be read: changed known items, items that may be entering, new parents or blockers, and what was asked for. */
function candidatesOf(args: {
  readonly parts: BacklogParts;
  readonly from: ChangesFrom;
  readonly rows: Rows;
  readonly relinked: ReadonlySet<number>;
}): readonly number[] {
  const { parts, from, rows, relinked } = args;
  const ids = new Set(from.also.map(ref => Number(idOf(ref))));
  for (const [id, told] of rows) {
    const item = from.known.get(refOf(id));
    if (item === undefined) {
      const last = told.at(-1);
      if (last !== undefined && isInScope(last.fields, parts.scope)) ids.add(id);
      continue;
    }
    // Echoes of our own writes: the item was read back after them.
    const memo = memoOf(item);
    const isNews = memo === null || !memo.sure || told.some(({ rev }) => rev > memo.rev);
    if (isNews) ids.add(id);
  }
  for (const id of relinked) if (from.known.has(refOf(id))) ids.add(id);
  return [...ids].sort((a, b) => a - b);
}

/** Known items that are out of scope now, or gone. One that cannot be read, and may only be hidden, fails the read. */
async function leftOf(args: {
  readonly parts: BacklogParts;
  readonly from: ChangesFrom;
  readonly rows: Rows;
  readonly candidates: readonly number[];
  readonly works: ReadonlyMap<number, WorkItem>;
  readonly signal: AbortSignal;
}): Promise<readonly ItemRef[]> {
  const { parts, from, rows, works } = args;
  const left: ItemRef[] = [];
  const unread: number[] = [];
  for (const id of args.candidates.filter(id => from.known.has(refOf(id)))) {
    const work = works.get(id);
    if (work !== undefined) {
      if (!isInScope(work.fields, parts.scope)) left.push(refOf(id));
    } else if (rows.get(id)?.at(-1)?.fields[fieldNames.deleted] === true) left.push(refOf(id));
    else unread.push(id);
  }
  if (unread.length === 0) return left;
  for (const [id, fate] of await fatesOf(unread, parts, args.signal)) {
    if (fate.kind === 'unknown') throw new ShortReadError(`The changes cannot be read in full: ${fate.why}.`);
    left.push(refOf(id));
  }
  return left;
}

/** Iterations begin and end without anybody touching an item. */
function driftedSprints(
  parts: BacklogParts,
  args: { readonly from: ChangesFrom; readonly options: ReadOptions; readonly read: ReadonlySet<number> },
): readonly ReadItem[] {
  const drifted: ReadItem[] = [];
  for (const item of args.from.known.values()) {
    if (args.read.has(Number(idOf(item.ref)))) continue;
    const path = memoOf(item)?.fields[fieldNames.iteration];
    if (typeof path !== 'string') continue;
    const sprint = sprintOf(path, parts.scope, { now: args.options.now, zone: parts.zone });
    if (sprint === item.sprint) continue;
    drifted.push({ item: { ...item, sprint }, history: { since: null, before: null, continues: true, entries: [] } });
  }
  return drifted;
}
