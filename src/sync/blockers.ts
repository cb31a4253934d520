import type { ItemRef } from '../item.ts';

export type Edge = readonly [blocked: ItemRef, blocker: ItemRef];
export type BlockedBy = ReadonlyMap<ItemRef, readonly ItemRef[]>;

/**
 * Blocker edges without circles: walking `order`, depth first, an edge that closes a circle is ignored.
 *
 * The order must not depend on where the items stand now. Cut by the list as it stands, the list would decide the cut, the
 * cut the list, and two items of one band that block each other would swap places every round.
 */
export function withoutCircles(
  order: readonly ItemRef[],
  blockedBy: BlockedBy,
): { readonly edges: BlockedBy; readonly ignored: readonly Edge[] } {
  const place = places(order);
  const edges = new Map<ItemRef, ItemRef[]>();
  const ignored: Edge[] = [];
  const blockersOf = (ref: ItemRef): readonly ItemRef[] =>
    [...new Set(blockedBy.get(ref) ?? [])].filter(b => place.has(b)).sort(byPlace(place));
  for (const step of walk(order, blockersOf)) {
    if (step.kind === 'circle') ignored.push(step.edge);
    else if (step.kind === 'edge') {
      const [blocked, blocker] = step.edge;
      const known = edges.get(blocked);
      if (known === undefined) edges.set(blocked, [blocker]);
      else known.push(blocker);
    }
  }
  return { edges, ignored };
}

/**
 * Walks a list and places each item's blockers, in list order and depth first, before the item itself. A blocker that is
 * not in the list is not placed, but what blocks it is: a must come after c also when what stands between them is held.
 */
export function placeBlockers(order: readonly ItemRef[], acyclic: BlockedBy): readonly ItemRef[] {
  if (acyclic.size === 0) return order;
  const place = places(order);
  const inListOrder = (ref: ItemRef): readonly ItemRef[] => [...(acyclic.get(ref) ?? [])].sort(byPlace(place));
  const placed: ItemRef[] = [];
  for (const step of walk(order, inListOrder)) if (step.kind === 'leave' && place.has(step.ref)) placed.push(step.ref);
  return placed;
}

function places(order: readonly ItemRef[]): ReadonlyMap<ItemRef, number> {
  return new Map(order.map((ref, index) => [ref, index]));
}

function byPlace(place: ReadonlyMap<ItemRef, number>): (a: ItemRef, b: ItemRef) => number {
  return (a, b) => (place.get(a) ?? -1) - (place.get(b) ?? -1);
}

type Step =
  { readonly kind: 'edge' | 'circle'; readonly edge: Edge } | { readonly kind: 'leave'; readonly ref: ItemRef };

/** Depth first with a stack of our own, since chains of blockers may be as long as the backlog. */
function* walk(starts: readonly ItemRef[], blockersOf: (ref: ItemRef) => readonly ItemRef[]): Generator<Step> {
  const done = new Set<ItemRef>();
  const onPath = new Set<ItemRef>();
  for (const start of starts) {
    if (done.has(start)) continue;
    const stack = [{ ref: start, blockers: blockersOf(start), at: 0 }];
    onPath.add(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const blocker = top.blockers[top.at++];
      if (blocker === undefined) {
        done.add(top.ref);
        onPath.delete(top.ref);
        stack.pop();
        yield { kind: 'leave', ref: top.ref };
      } else if (onPath.has(blocker)) yield { kind: 'circle', edge: [top.ref, blocker] };
      else {
        yield { kind: 'edge', edge: [top.ref, blocker] };
        if (done.has(blocker)) continue;
        onPath.add(blocker);
        stack.push({ ref: blocker, blockers: blockersOf(blocker), at: 0 });
      }
    }
  }
}
