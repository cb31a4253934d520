import type { ItemRef } from '../item.ts';

/**
 * Puts held items at their indices; the others flow around, in their order. Indices are clamped to the list. Where holds
 * collide they keep their relative order: each takes its index or the first free one after it, and is pushed up only by the
 * end of the list. `fixed` items are held where nothing may push them: their indices lie within the list, each its own.
 */
export function placeHeld(
  order: readonly ItemRef[],
  held: ReadonlyMap<ItemRef, number>,
  fixed: ReadonlyMap<ItemRef, number> = new Map(),
): readonly ItemRef[] {
  if (held.size === 0 && fixed.size === 0) return order;
  const taken = new Map([...fixed].map(([ref, index]) => [index, ref]));
  const position = new Map(order.map((ref, index) => [ref, index]));
  const free = order.flatMap((_, index) => (taken.has(index) ? [] : [index]));
  const wishes = [...held]
    .filter(([ref]) => position.has(ref) && !fixed.has(ref))
    .map(([ref, index]) => ({ ref, slot: firstAtLeast(free, index) }))
    .sort((a, b) => a.slot - b.slot || (position.get(a.ref) ?? 0) - (position.get(b.ref) ?? 0));
  const slots = slotsFor(
    wishes.map(wish => wish.slot),
    free.length,
  );
  wishes.forEach((wish, i) => taken.set(free[slots[i] as number] as number, wish.ref));
  const others = order.filter(ref => !held.has(ref) && !fixed.has(ref));
  let next = 0;
  return order.map((_, index) => taken.get(index) ?? (others[next++] as ItemRef));
}

/** Place among ascending numbers of the first that is not below `least`; the last place if all are. */
function firstAtLeast(numbers: readonly number[], least: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Distinct slots for ascending wishes: never before the wish unless the end of the list forces it. */
function slotsFor(wishes: readonly number[], length: number): readonly number[] {
  const slots = [...wishes];
  for (let i = 1; i < slots.length; i++) slots[i] = Math.max(slots[i] as number, (slots[i - 1] as number) + 1);
  for (let i = slots.length - 1, ceiling = length - 1; i >= 0; i--, ceiling--)
    slots[i] = Math.min(slots[i] as number, ceiling);
  return slots;
}
