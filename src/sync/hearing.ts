import type { ItemRef } from '../item.ts';
import type { ItemState, Snapshot } from './ports.ts';

/** How many changes by people a round found that were announced, and which nobody had announced. */
export interface Heard {
  readonly announced: number;
  readonly missed: readonly ItemRef[];
}

/** Deliveries may take a while; a change as young as this may still be announced. */
export const youngMs = 5 * 60_000;

/**
 * Webhook honesty: compares what a round read with what was announced to it. Only changes by people since the last read
 * count: what Winnow wrote, and what has no person in it, says nothing. null without a last read to compare with. Pure.
 */
export function hearingOf(
  read: {
    readonly snapshot: Snapshot | null;
    readonly states: ReadonlyMap<ItemRef, ItemState>;
    readonly changed: ReadonlySet<ItemRef>;
  },
  announced: readonly ItemRef[],
  trackerNow: Date,
): Heard | null {
  const { snapshot, states, changed } = read;
  if (snapshot === null) return null;
  const known = new Set(announced);
  let heard = 0;
  const missed: ItemRef[] = [];
  for (const ref of [...changed].sort()) {
    const state = states.get(ref);
    const at = state === undefined ? null : changedByPerson(state, snapshot.items.get(ref) ?? null, snapshot);
    if (at === null) continue;
    if (known.has(ref)) heard++;
    else if (trackerNow.getTime() - at.getTime() >= youngMs) missed.push(ref);
  }
  return { announced: heard, missed };
}

/** When a person changed an item since the last read; null: nobody did. An item new to the scope counts if it was made since. */
function changedByPerson(now: ItemState, before: ItemState | null, { meta }: Snapshot): Date | null {
  if (before === null) return now.item.createdAt >= meta.takenAt ? now.item.createdAt : null;
  if (now.personAt === null || now.personAt < meta.takenAt) return null;
  return before.personAt === null || now.personAt > before.personAt ? now.personAt : null;
}
