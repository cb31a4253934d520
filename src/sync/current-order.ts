import { idOf, type BacklogItem, type ItemRef } from '../item.ts';

/**
 * Refs in the order the tracker shows them: an authoritative list where one was read, else by order value: rank strings
 * bytewise, numbers ascending, items without a value last, ties by id.
 */
export function orderItems(
  items: readonly BacklogItem[],
  authoritative: readonly ItemRef[] | null,
): readonly ItemRef[] {
  if (authoritative !== null) {
    const known = new Set(items.map(item => item.ref));
    return authoritative.filter(ref => known.has(ref));
  }
  return [...items].sort(compareItems).map(item => item.ref);
}

function compareItems(a: BacklogItem, b: BacklogItem): number {
  return compareOrders(a.order, b.order) || compareIds(idOf(a.ref), idOf(b.ref));
}

function compareOrders(a: BacklogItem['order'], b: BacklogItem['order']): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  // LexoRank compares bytewise; its characters are ASCII, so code units are bytes.
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** Numeric ids of any length. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
