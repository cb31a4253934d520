import { SharedItemsError } from '../errors.ts';
import type { ItemRef } from '../item.ts';
import type { ItemState } from './ports.ts';
import type { Round } from './round.ts';

/**
 * One item, one backlog: two that write would fight over it. Proof is that the other backlog has seen the item as it is now;
 * one that changed since may just have moved over here, and the other's next round finds out. Throws SharedItemsError.
 */
export async function refuseSharedItems(round: Round, states: ReadonlyMap<ItemRef, ItemState>): Promise<void> {
  const { settings, otherWriters } = round.request;
  if (otherWriters.length === 0) return;
  const held = await round.parts.state.holders(settings.connection, settings.name, [...states.keys()]);
  const suspects = [...held].filter(([, backlog]) => otherWriters.includes(backlog));
  if (suspects.length === 0) return;
  const seen = await versionsSeen(round, new Set(suspects.map(([, backlog]) => backlog)));
  const shared = suspects.filter(([ref, backlog]) => seen.get(backlog)?.get(ref) === states.get(ref)?.item.version);
  if (shared.length === 0) return;
  const named = shared.slice(0, 10).map(([ref, backlog]) => `${states.get(ref)?.item.key ?? ref} (also in ${backlog})`);
  const more = shared.length > named.length ? ` and ${shared.length - named.length} more` : '';
  throw new SharedItemsError(
    `Backlog ${settings.name} shares items with another backlog that writes: ${named.join(', ')}${more}. ` +
      'Narrow one of the two, or set one to mode: observe; nothing was written.',
  );
}

async function versionsSeen(
  round: Round,
  backlogs: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ReadonlyMap<ItemRef, string>>> {
  const seen = new Map<string, ReadonlyMap<ItemRef, string>>();
  for (const backlog of backlogs) {
    const snapshot = await round.parts.state.load(backlog);
    const items = [...(snapshot?.items ?? [])];
    seen.set(backlog, new Map(items.map(([ref, { item }]) => [ref, item.version])));
  }
  return seen;
}
