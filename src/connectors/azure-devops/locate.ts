import { idOf, type BacklogItem, type ItemRef } from '../../item.ts';
import type { ReadOptions, Whereabouts } from '../connector.ts';
import { isInScope } from './in-scope.ts';
import type { Known } from './known.ts';
import { blockersOf } from './links.ts';
import { fatesOf } from './missing.ts';
import type { BacklogParts } from './parts.ts';
import { readBatch } from './read-batch.ts';
import { comparable, revisionOf } from './revisions.ts';
import { toItem, type WorkItem } from './to-item.ts';

/** Where items are, read by id. */
export async function locate(
  refs: readonly ItemRef[],
  parts: BacklogParts,
  known: Known,
  options: ReadOptions,
): Promise<ReadonlyMap<ItemRef, Whereabouts>> {
  const ids = [...new Set(refs.map(ref => Number(idOf(ref))))];
  const works = await readBatch(ids, parts, options);
  const missing = ids.filter(id => !works.has(id));
  const fates = missing.length === 0 ? new Map() : await fatesOf(missing, parts, options.signal);
  const found = new Map<ItemRef, Whereabouts>();
  for (const ref of refs) {
    const id = Number(idOf(ref));
    const work = works.get(id);
    const fate = fates.get(id);
    if (work !== undefined) {
      const item = itemAsRead(work, parts, known, options.now);
      found.set(ref, { state: isInScope(work.fields, parts.scope) ? 'in-scope' : 'out-of-scope', item });
    } else found.set(ref, fate?.kind === 'gone' ? { state: 'gone' } : { state: 'unknown', why: fate?.why ?? 'unread' });
  }
  return found;
}

/** An item read outside the feed: its history is known up to here only if nothing but our own writes came in between. */
export function itemAsRead(work: WorkItem, parts: BacklogParts, known: Known, now: Date): BacklogItem {
  const { scope, plan, url, zone } = parts;
  const fields = comparable(revisionOf(work, plan)?.fields ?? {});
  const memo = { rev: work.rev, sure: known.covered.get(work.id) === work.rev, fields };
  return toItem(work, blockersOf(work.id, known.blockers), memo, { scope, plan, url, zone, now });
}
