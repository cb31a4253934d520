import { idOf, type BacklogItem, type ItemRef } from '../../item.ts';
import type { ChangesEnd, ChangesFrom, ReadItem, ReadOptions, TakePage } from '../connector.ts';
import { mostReconciled, readScopeIds } from './ask-issues.ts';
import { collectChanged } from './collect-changed.ts';
import { cursorAt, readCursor } from './cursor.ts';
import { readHistories } from './histories.ts';
import { hiddenProjects } from './permissions.ts';
import { whichAreInScope } from './membership.ts';
import { recallScope, recentlyWritten, rememberInScope, rememberProjects } from './memory.ts';
import { bucketOf, completeHistory } from './read-all.ts';
import type { JiraSession } from './session.ts';
import { refOf, toItem } from './to-item.ts';

/**
 * What changed since the cursor, and `also`. Nothing changed: one request. Otherwise two more: which of the changed are
 * in the scope now, and their histories. Issues that left are noticed because the search goes over the board's filter, or
 * the query's projects, which hold more than the scope.
 */
export async function readChanges(
  session: JiraSession,
  from: ChangesFrom,
  options: ReadOptions,
  take: TakePage,
): Promise<ChangesEnd> {
  const cursor = readCursor(session, from.cursor, options.now);
  recallScope(session.memory, from.known.values());
  session.memory.readAt = session.clock.now().getTime();
  const also = from.also.map(idOf);
  const reconcile = [...new Set([...also, ...recentlyWritten(session.memory, options.now)])].slice(0, mostReconciled);
  const found = await collectChanged(session, { cursor, also, reconcile, signal: options.signal });
  const items = found.issues.map(issue => toItem(issue, session.items));

  const moved = items.filter(item => from.known.get(item.ref)?.version !== item.version);
  const members = await membersAmong(session, moved, options.signal);
  const left = moved.filter(item => !members.has(item.ref) && from.known.has(item.ref)).map(item => item.ref);
  left.push(...(await goneAmong(session, found.missing.map(refOf), from, options.signal)));

  const again = [...also, ...(cursor.recheck ? cursor.own : [])].filter(id => !found.missing.includes(id)).map(refOf);
  const read = await withHistories(session, { items, moved, members, again, from }, options);
  if (read.length > 0) await take(read);
  await rememberProjects(session);
  return {
    cursor: cursorAt(session, options.now, cursor),
    order: await orderIfNeeded(session, read, from, options),
    left,
  };
}

/** Items to be taken: changed and in scope, or named in `also`; and own writes that somebody may have come after. */
async function withHistories(
  session: JiraSession,
  read: {
    readonly items: readonly BacklogItem[];
    readonly moved: readonly BacklogItem[];
    readonly members: ReadonlySet<ItemRef>;
    /** To be read whether or not they changed. */
    readonly again: readonly ItemRef[];
    readonly from: ChangesFrom;
  },
  options: ReadOptions,
): Promise<readonly ReadItem[]> {
  const { moved, members, from } = read;
  const taken = new Map(moved.filter(item => members.has(item.ref)).map(item => [item.ref, item]));
  const unmoved = new Map(read.items.filter(item => !moved.includes(item)).map(item => [item.ref, item]));
  for (const ref of read.again) {
    const item = unmoved.get(ref) ?? from.known.get(ref);
    if (item !== undefined && !taken.has(ref) && !moved.some(other => other.ref === ref)) taken.set(ref, item);
  }
  if (taken.size === 0) return [];
  const histories = await readHistories(session, [...taken.keys()].map(idOf), options.signal);
  options.progress({ what: 'reading changed issues', done: taken.size, of: taken.size });
  return [...taken.values()].map(item => ({ item, history: completeHistory(histories.get(item.ref)) }));
}

/** What was searched is wider than the scope: a board's filter, or a query's projects. */
async function membersAmong(
  session: JiraSession,
  moved: readonly BacklogItem[],
  signal: AbortSignal,
): Promise<ReadonlySet<ItemRef>> {
  if (moved.length === 0) return new Set();
  const ids = await whichAreInScope(
    session,
    moved.map(item => idOf(item.ref)),
    { signal, fresh: moved.length <= mostReconciled },
  );
  const members = moved.filter(item => ids.has(idOf(item.ref)));
  for (const item of moved) session.memory.inScope.delete(item.ref);
  for (const item of members) rememberInScope(session.memory, item);
  return new Set(members.map(item => item.ref));
}

/** Of known items that could not be read by id: those that are certainly deleted. The others stay as they are. */
async function goneAmong(
  session: JiraSession,
  missing: readonly ItemRef[],
  from: ChangesFrom,
  signal: AbortSignal,
): Promise<readonly ItemRef[]> {
  const known = missing.filter(ref => from.known.has(ref));
  if (known.length === 0) return [];
  const hidden = await hiddenProjects(session, signal);
  return hidden !== null && hidden.length === 0 ? known : [];
}

/** Ranks of different buckets, or none at all, do not tell the order: then the ids are read in the tracker's order. */
async function orderIfNeeded(
  session: JiraSession,
  read: readonly ReadItem[],
  from: ChangesFrom,
  options: ReadOptions,
): Promise<readonly ItemRef[] | null> {
  if (read.length === 0) return null;
  const buckets = new Set([...from.known.values()].map(item => bucketOf(item.order)));
  for (const { item } of read) buckets.add(bucketOf(item.order));
  if (buckets.size <= 1 && !buckets.has(null)) return null;
  const ids = await readScopeIds(session, {
    what: 'reading the order of the backlog',
    signal: options.signal,
    jql: null,
    reconcile: recentlyWritten(session.memory, options.now),
  });
  return ids.map(refOf);
}
