import type { ItemRef } from '../item.ts';

/**
 * Puts held items at their indices; the others flow around, in their order. Indices are clamped to the list. Where holds
 * collide they keep their relative order: each takes its index or the first free one after it, and is pushed up only by the
 * end of the list.
 */
export function placeHeld(order: readonly ItemRef[], held: ReadonlyMap<ItemRef, number>): readonly ItemRef[] {
  if (held.size === 0) return order;
  const position = new Map(order.map((ref, index) => [ref, index]));
  const wishes = [...held]
    .filter(([ref]) => position.has(ref))
    .map(([ref, index]) => ({ ref, index: Math.max(0, Math.min(index, order.length - 1)) }))
    .sort((a, b) => a.index - b.index || (position.get(a.ref) ?? 0) - (position.get(b.ref) ?? 0));
  const slots = slotsFor(
    wishes.map(wish => wish.index),
    order.length,
  );
  const taken = new Map(wishes.map((wish, i) => [slots[i] as number, wish.ref]));
  const others = order.filter(ref => !held.has(ref));
  let next = 0;
  return order.map((_, index) => taken.get(index) ?? (others[next++] as ItemRef));
}

/** Distinct slots for ascending wishes: never before the wish unless the end of the list forces it. */
function slotsFor(wishes: readonly number[], length: number): readonly number[] {
  const slots = [...wishes];
  for (let i = 1; i < slots.length; i++) slots[i] = Math.max(slots[i] as number, (slots[i - 1] as number) + 1);
  for (let i = slots.length - 1, ceiling = length - 1; i >= 0; i--, ceiling--)
    slots[i] = Math.min(slots[i] as number, ceiling);
  return slots;
}
