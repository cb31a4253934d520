import { idOf, type BacklogItem, type ItemRef, type Activity } from '../../item.ts';
import type { ReadOptions } from '../connector.ts';
import { readRevisions } from './feeds.ts';
import { readItemRevisions } from './item-revisions.ts';
import type { BacklogParts } from './parts.ts';
import { readPredecessors, wholeSecond } from './read-all.ts';
import { activitiesOf, revisionOf } from './revisions.ts';
import { createWindowHistory } from './window-history.ts';

/**
 * Histories of a few items by one pass over the feed from an instant on, however many items they are. The feed may lag
 * behind: an item that it does not tell up to its present revision is asked for its own revisions.
 */
export async function readHistories(
  items: readonly BacklogItem[],
  parts: BacklogParts,
  options: ReadOptions,
): Promise<ReadonlyMap<ItemRef, readonly Activity[]>> {
  if (items.length === 0) return new Map();
  const since = options.historySince === null ? null : wholeSecond(options.historySince);
  const wanted = new Map(items.map(item => [Number(idOf(item.ref)), item]));
  const history = createWindowHistory(since, parts.plan);
  await readRevisions(parts, since === null ? null : { since }, options.signal, rows => {
    for (const row of rows) {
      const revision = wanted.has(row.id) ? revisionOf(row, parts.plan) : null;
      if (revision !== null) history.add(row.id, revision);
    }
  });
  await readPredecessors(parts, history, wanted.keys(), options.signal);
  const found = new Map<ItemRef, readonly Activity[]>();
  for (const [id, item] of wanted) {
    const quiet = since !== null && item.changedAt < since;
    const told = (history.last(id)?.rev ?? 0) >= Number(item.version);
    const entries =
      quiet || told
        ? history.historyOf(id, item.changedAt).entries
        : activitiesOf(null, await readItemRevisions(id, 0, parts, options.signal), parts.plan);
    found.set(item.ref, entries);
  }
  return found;
}
