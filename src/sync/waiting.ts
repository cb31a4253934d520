import type { GuardName } from '../change.ts';
import type { ItemRef } from '../item.ts';
import type { HoldRequests } from './assessment.ts';
import type { ItemState } from './ports.ts';

/** Guards that keep one item from being moved for a while. */
const suspending: ReadonlySet<GuardName> = new Set(['quiet', 'write-budget', 'quarantine']);

/** Items that must not be moved in this round, whatever else holds them, with the guard that says so. */
export function waitingItems(
  current: readonly ItemRef[],
  suspended: HoldRequests['suspended'],
): ReadonlyMap<ItemRef, GuardName> {
  const waiting = new Map<ItemRef, GuardName>();
  for (const ref of current) {
    const guard = suspended.get(ref)?.guard;
    if (guard !== undefined && suspending.has(guard)) waiting.set(ref, guard);
  }
  return waiting;
}

/**
 * Items that stay exactly where they stand because an item waits, with their index. That is the item itself, and those that
 * share its order value as far as they stand between two that wait: nothing can be put between equal values. Nothing can be
 * put below an item without a value either, unless it is given one; so below one that waits everything stays.
 */
export function fixedPlaces(
  current: readonly ItemRef[],
  waiting: ReadonlyMap<ItemRef, GuardName>,
  states: ReadonlyMap<ItemRef, ItemState>,
): ReadonlyMap<ItemRef, number> {
  const fixed = new Map<ItemRef, number>();
  const orderAt = (index: number) => states.get(current[index] as ItemRef)?.item.order ?? null;
  let last = -1;
  for (let index = 0; index < current.length; index++) {
    const ref = current[index] as ItemRef;
    if (!waiting.has(ref)) continue;
    const own = orderAt(index);
    const from = last >= 0 && orderAt(last) === own ? last + 1 : index;
    const to = own === null ? current.length - 1 : index;
    for (let at = from; at <= to; at++) fixed.set(current[at] as ItemRef, at);
    last = index;
  }
  return fixed;
}
