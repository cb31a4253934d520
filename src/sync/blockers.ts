import type { ItemRef } from '../item.ts';

export type Edge = readonly [blocked: ItemRef, blocker: ItemRef];
type BlockedBy = ReadonlyMap<ItemRef, readonly ItemRef[]>;

/**
 * Blocker edges without circles. Which edge of a circle is cut follows from the ids alone: cut by the order of the list,
 * the list would decide the cut, the cut the list, and two items that block each other would swap places every round.
 */
export function withoutCircles(blockedBy: BlockedBy): { readonly edges: BlockedBy; readonly ignored: readonly Edge[] } {
  const edges = new Map<ItemRef, ItemRef[]>();
  const ignored: Edge[] = [];
  const visit = walk([...blockedBy.keys()].sort(), ref => [...new Set(blockedBy.get(ref) ?? [])].sort());
  for (const step of visit) {
    if (step.kind === 'circle') ignored.push(step.edge);
    else if (step.kind === 'edge') edges.set(step.edge[0], [...(edges.get(step.edge[0]) ?? []), step.edge[1]]);
  }
  return { edges, ignored };
}

/** Walks a list and places each item's blockers, in list order and depth first, before the item itself. */
export function placeBlockers(order: readonly ItemRef[], acyclic: BlockedBy): readonly ItemRef[] {
  if (acyclic.size === 0) return order;
  const place = new Map(order.map((ref, index) => [ref, index]));
  const inList = (ref: ItemRef): readonly ItemRef[] =>
    (acyclic.get(ref) ?? []).filter(b => place.has(b)).sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
  return [...walk(order, inList)].flatMap(step => (step.kind === 'leave' ? [step.ref] : []));
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
