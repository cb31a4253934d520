import type { ItemRef } from '../item.ts';
import { cheapestAround } from './moves-around.ts';

export interface PlannedMove {
  readonly ref: ItemRef;
  /** 1-based places among eligible items, before and after. */
  readonly from: number;
  readonly to: number;
  /** The neighbour above in the desired order; null for the head. */
  readonly after: ItemRef | null;
}

/**
 * The cheapest moves from one order of the same items to another, top of the list first: carried out in this order, each
 * puts its item right after `after`. Throws a RangeError when the two orders do not hold the same items, each once.
 */
export function planMoves(question: {
  readonly current: readonly ItemRef[];
  readonly desired: readonly ItemRef[];
  readonly perCall: number;
  readonly prices: { readonly item: number; readonly call: number };
  /** Items that have no place of their own: never among those that stay, unless nothing moves at all. */
  readonly unanchored: ReadonlySet<ItemRef>;
  /** Items that must not move, with or without a place of their own; both orders have them in the same sequence. */
  readonly fixed?: ReadonlySet<ItemRef>;
}): readonly PlannedMove[] {
  const { current, desired, perCall, prices, unanchored, fixed = new Set<ItemRef>() } = question;
  if (current.length !== desired.length) {
    throw new RangeError(`${current.length} items cannot be brought into an order of ${desired.length}`);
  }
  if (desired.every((ref, index) => current[index] === ref)) return [];
  const index = new Map(desired.map((ref, i) => [ref, i]));
  const was = new Map(current.map((ref, i) => [ref, i]));
  const placesOf = (refs: ReadonlySet<ItemRef>): Set<number> => new Set([...refs].flatMap(ref => index.get(ref) ?? []));
  const stay = cheapestAround({
    have: current.map(ref => index.get(ref) as number),
    perCall,
    priceItem: prices.item,
    priceCall: prices.call,
    cannotStay: placesOf(unanchored),
    fixed: placesOf(fixed),
  });
  const staying = new Set(stay);
  return desired.flatMap((ref, i) =>
    staying.has(i) ? [] : [{ ref, from: (was.get(ref) ?? 0) + 1, to: i + 1, after: desired[i - 1] ?? null }],
  );
}
