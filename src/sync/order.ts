import type { ItemRef } from '../item.ts';
import { placeBlockers, withoutCircles, type BlockedBy, type Edge } from './blockers.ts';
import { compareRefs } from './current-order.ts';
import { placeHeld } from './holds.ts';

export interface OrderQuestion {
  /** Eligible items as they stand. */
  readonly current: readonly ItemRef[];
  /** Band after hysteresis, or the score itself where the model orders strictly; higher comes first. */
  readonly bandOf: ReadonlyMap<ItemRef, number>;
  /** What must come before each item; blockers that are not among `current` have no say. */
  readonly blockedBy: BlockedBy;
  /** Items that keep an index (from 0), with that index. */
  readonly held: ReadonlyMap<ItemRef, number>;
}

export interface OrderAnswer {
  readonly order: readonly ItemRef[];
  /** Edges that close a cycle: [blocked, blocker]. */
  readonly ignoredEdges: readonly Edge[];
  /** A hold keeps an item above its blocker, or a blocker below what it blocks: [blocked, blocker]. */
  readonly breaches: readonly Edge[];
}

/**
 * The order a backlog should have: by band, inside a band as the team has it, blockers before what they block, held items
 * where they are. Sorting and placing blockers are repeated until nothing changes, for one pass is not stable.
 *
 * Held items take no part in sorting: a hold shifts its neighbours across it, and an item sorted by such a neighbour would
 * climb one place further every round.
 */
export function desiredOrder(question: OrderQuestion): OrderAnswer {
  const { current, bandOf, blockedBy, held } = question;
  const byBandAndId = [...current].sort((a, b) => byBand(bandOf)(a, b) || compareRefs(a, b));
  const { edges, ignored } = withoutCircles(byBandAndId, blockedBy);
  const flowing = current.filter(ref => !held.has(ref));
  const staying = current.filter(ref => held.has(ref));
  const order = placeHeld([...settle(flowing, bandOf, edges), ...staying], held);
  return { order, ignoredEdges: ignored, breaches: breachesOf(order, edges) };
}

function breachesOf(order: readonly ItemRef[], edges: BlockedBy): readonly Edge[] {
  const place = new Map(order.map((ref, index) => [ref, index]));
  return order.flatMap((blocked, index) =>
    (edges.get(blocked) ?? [])
      .filter(blocker => (place.get(blocker) ?? -1) > index)
      .map((blocker): Edge => [blocked, blocker]),
  );
}

/** Passes until the order repeats itself: two or three do; the bound only keeps a surprise from hanging. */
function settle(
  start: readonly ItemRef[],
  bandOf: ReadonlyMap<ItemRef, number>,
  edges: BlockedBy,
): readonly ItemRef[] {
  let order = start;
  for (let pass = 0; pass <= start.length; pass++) {
    const next = placeBlockers([...order].sort(byBand(bandOf)), edges);
    if (next.every((ref, index) => order[index] === ref)) return order;
    order = next;
  }
  return order;
}

function byBand(bandOf: ReadonlyMap<ItemRef, number>): (a: ItemRef, b: ItemRef) => number {
  return (a, b) => (bandOf.get(b) ?? 0) - (bandOf.get(a) ?? 0);
}
