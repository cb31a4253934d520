import { idOf, type BacklogItem, type ItemRef } from '../../item.ts';
import type { ReadOptions } from '../connector.ts';
import { readCursor, type Cursor } from './cursor.ts';
import { rememberInScope } from './memory.ts';
import type { JiraSession } from './session.ts';

/** From so many written items on, their echoes are read as ids first. */
const many = 100;

/**
 * The cursor after a round's own writes. Their versions are known, so their echoes are told by that; their histories are
 * read once more, in case somebody else came between the read and the write.
 */
export function settle(
  session: JiraSession,
  raw: unknown,
  written: readonly BacklogItem[],
  options: Pick<ReadOptions, 'now'>,
): { readonly cursor: Cursor; readonly touched: readonly ItemRef[] } {
  const cursor = readCursor(session, raw, options.now);
  for (const item of written) rememberInScope(session.memory, item);
  const own = written.map(item => idOf(item.ref));
  const newest = written.reduce((latest, item) => Math.max(latest, item.changedAt.getTime()), 0);
  const ownThrough = written.length > many ? Math.max(cursor.from, newest) : null;
  return { cursor: { from: cursor.from, own, recheck: true, ownThrough }, touched: [] };
}
