import { idOf, type Activity, type BacklogItem, type ItemRef } from '../../item.ts';
import type { ReadOptions } from '../connector.ts';
import { jiraTime, readCursor, type Cursor } from './cursor.ts';
import { historyBatch, readHistories } from './histories.ts';
import { rememberInScope } from './memory.ts';
import { chunks } from './pages.ts';
import type { JiraSession } from './session.ts';

/** From so many written items on, their echoes are read as ids first, and their histories at once. */
const many = 50;
/** `Date` headers have whole seconds, and clocks are corrected by them. */
const imprecisionMs = 5_000;
const ownKinds = new Set(['rank', 'labels', 'score', 'explanation']);

/**
 * The cursor after a round's own writes. Their versions are known, so their echoes are told by that. Somebody else may
 * have come between the read and the write: of a few written items the next read looks at the histories once more; of
 * many they are looked at here, so that a quiet next round stays cheap, and those that somebody touched are named.
 */
export async function settle(
  session: JiraSession,
  raw: unknown,
  written: readonly BacklogItem[],
  options: Pick<ReadOptions, 'now' | 'signal'>,
): Promise<{ readonly cursor: Cursor; readonly touched: readonly ItemRef[] }> {
  const cursor = readCursor(session, raw, options.now);
  for (const item of written) rememberInScope(session.memory, item);
  const own = written.map(item => idOf(item.ref));
  if (written.length <= many)
    return { cursor: { from: cursor.from, own, recheck: true, ownThrough: null }, touched: [] };
  const newest = written.reduce((latest, item) => Math.max(latest, item.changedAt.getTime()), 0);
  const touched: ItemRef[] = [];
  const since = jiraTime(session, options.now) - imprecisionMs;
  for (const ids of chunks(own, historyBatch)) {
    const histories = await readHistories(session, ids, options.signal);
    for (const [ref, entries] of histories) if (isTouched(entries, since, session.self().id)) touched.push(ref);
  }
  return { cursor: { from: cursor.from, own, recheck: false, ownThrough: Math.max(cursor.from, newest) }, touched };
}

/** Whether anything since then is not certainly ours. One round ranks an item once; a second rank entry is a person's. */
function isTouched(entries: readonly Activity[], since: number, self: string): boolean {
  const fresh = entries.filter(entry => entry.at.getTime() >= since);
  const ours = fresh.filter(({ actor, fields }) => actor?.id === self && fields.every(f => ownKinds.has(f.kind)));
  const ranked = ours.filter(({ fields }) => fields.some(field => field.kind === 'rank'));
  return ours.length < fresh.length || ranked.length > 1;
}
