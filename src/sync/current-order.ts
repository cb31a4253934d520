import { idOf, type BacklogItem, type ItemRef } from '../item.ts';

type Ordered = Pick<BacklogItem, 'ref' | 'order'>;

/**
 * Refs in the order the tracker shows them, each once: as an authoritative list has them where one was read, and what that
 * list lacks after it; else by order value: rank strings bytewise, numbers ascending, items without a value last, ties by
 * id. The order in which the items arrive changes nothing.
 */
export function orderItems(items: readonly Ordered[], authoritative: readonly ItemRef[] | null): readonly ItemRef[] {
  const byValue = [...items].sort(compareItems).map(item => item.ref);
  if (authoritative === null) return [...new Set(byValue)];
  const known = new Set(byValue);
  return [...new Set([...authoritative.filter(ref => known.has(ref)), ...byValue])];
}

/** Orders refs of one tracker by their numeric id, of any length; never equal for different refs. */
export function compareRefs(a: ItemRef, b: ItemRef): number {
  const [left, right] = [idOf(a), idOf(b)];
  return left.length - right.length || compareText(left, right) || compareText(a, b);
}

function compareItems(a: Ordered, b: Ordered): number {
  return compareOrders(a.order, b.order) || compareRefs(a.ref, b.ref);
}

function compareOrders(a: BacklogItem['order'], b: BacklogItem['order']): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  // LexoRank compares bytewise; its characters are ASCII, so code units are bytes.
  return compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether order values alone give this order: not while rank buckets are mixed, nor where items share a value. */
export function valuesTell(items: readonly BacklogItem[], order: readonly ItemRef[]): boolean {
  return orderItems(items, null).every((ref, index) => ref === order[index]);
}
