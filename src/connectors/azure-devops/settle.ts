import { idOf, type BacklogItem, type ItemRef } from '../../item.ts';
import type { ReadOptions } from '../connector.ts';
import { cursorOf, readCursor } from './cursor.ts';
import { readRevisionPage } from './feeds.ts';
import type { BacklogParts } from './parts.ts';

/** Below this many written items their echoes cost the next round one page at most, so nothing is gained here. */
const worthwhile = 100;

/**
 * Moves the cursor past the revisions that our own writes have just made, so that the next round need not page through
 * them. Stops before the first page that holds anybody else's revision: that page is the next round's to read.
 */
export async function settle(
  raw: unknown,
  written: readonly BacklogItem[],
  parts: BacklogParts,
  options: ReadOptions,
): Promise<{ readonly cursor: unknown; readonly touched: readonly ItemRef[] }> {
  if (written.length < worthwhile) return { cursor: raw, touched: [] };
  const cursor = readCursor(raw, parts.scope);
  // A write under `test /rev` leaves no room for somebody else's revision below its own.
  const known = new Map(written.map(item => [Number(idOf(item.ref)), Number(item.version)]));
  let token = cursor.revisions;
  for (;;) {
    const page = await readRevisionPage(parts, token, options.signal);
    const ours = page.rows.every(row => row.rev <= (known.get(row.id) ?? 0));
    if (!ours || page.next === null) break;
    token = page.next;
    if (page.isLast) break;
  }
  return { cursor: cursorOf({ revisions: token, links: cursor.links }, parts.scope), touched: [] };
}
