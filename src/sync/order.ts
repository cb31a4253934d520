import type { ItemRef } from '../item.ts';
import { placeBlockers, withoutCircles, type Edge } from './blockers.ts';
import { placeHeld } from './holds.ts';

export interface OrderQuestion {
  /** Eligible items as they stand. */
  readonly current: readonly ItemRef[];
  /** Band after hysteresis, or the score itself where the model orders strictly; higher comes first. */
  readonly bandOf: ReadonlyMap<ItemRef, number>;
  /** Eligible blockers of each item. */
  readonly blockedBy: ReadonlyMap<ItemRef, readonly ItemRef[]>;
  /** Items that keep an index (from 0), with that index. */
  readonly held: ReadonlyMap<ItemRef, number>;
}

export interface OrderAnswer {
  readonly order: readonly ItemRef[];
  /** Edges that close a cycle: [blocked, blocker]. */
  readonly ignoredEdges: readonly Edge[];
  /** A held item stands above its blocker: [blocked, blocker]. */
  readonly breaches: readonly Edge[];
}

/**
 * The order a backlog should have: by band, inside a band as the team has it, blockers before what they block, held items
 * where they are. Sorting and placing blockers are repeated until nothing changes, for one pass is not stable.
 */
export function desiredOrder(question: OrderQuestion): OrderAnswer {
  const { current, bandOf, blockedBy, held } = question;
  const flowing = current.filter(ref => !held.has(ref));
  const { edges, ignored } = withoutCircles(blockedBy);
  const order = placeHeld([...settle(flowing, bandOf, edges), ...current.filter(ref => held.has(ref))], held);
  const place = new Map(order.map((ref, index) => [ref, index]));
  const breaches = [...edges].flatMap(([blocked, blockers]) =>
    blockers
      .filter(blocker => (place.get(blocker) ?? -1) > (place.get(blocked) ?? 0))
      .map((blocker): Edge => [blocked, blocker]),
  );
  return { order, ignoredEdges: ignored, breaches };
}

/** Passes until the order repeats itself; the bound is never met in practice and only keeps a surprise from hanging. */
function settle(
  start: readonly ItemRef[],
  bandOf: ReadonlyMap<ItemRef, number>,
  blockedBy: ReadonlyMap<ItemRef, readonly ItemRef[]>,
): readonly ItemRef[] {
  let order = start;
  for (let pass = 0; pass <= start.length; pass++) {
    const sorted = [...order].sort((a, b) => (bandOf.get(b) ?? 0) - (bandOf.get(a) ?? 0));
    const next = placeBlockers(sorted, blockedBy);
    if (next.every((ref, index) => order[index] === ref)) return order;
    order = next;
  }
  return order;
}
