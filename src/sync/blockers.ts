/** [blocked, blocker], as numbers that stand for items. */
export type Link = readonly [blocked: number, blocker: number];
/** What must come before each item. Items are numbers here, since a backlog of names is slow to look up. */
export type Links = ReadonlyMap<number, readonly number[]>;

/**
 * Links without circles: walking the items as `compare` sorts them, depth first, a link that closes a circle is ignored.
 *
 * The comparison must not depend on where the items stand now. Cut by the list as it stands, the list would decide the cut,
 * the cut the list, and two items of one band that block each other would swap places every round.
 */
export function withoutCircles(
  links: Links,
  compare: (a: number, b: number) => number,
): { readonly kept: Links; readonly ignored: readonly Link[] } {
  const kept = new Map<number, number[]>();
  const ignored: Link[] = [];
  const blockersOf = (item: number): readonly number[] => [...new Set(links.get(item))].sort(compare);
  for (const step of walk([...links.keys()].sort(compare), blockersOf)) {
    if (step.kind === 'circle') ignored.push(step.link);
    if (step.kind !== 'link') continue;
    const [blocked, blocker] = step.link;
    const known = kept.get(blocked);
    if (known === undefined) kept.set(blocked, [blocker]);
    else known.push(blocker);
  }
  return { kept, ignored };
}

/**
 * Walks a list and places each item's blockers, in list order and depth first, before the item itself. A blocker that is
 * not in the list is not placed, but what blocks it is: a must come after c also when what stands between them is held.
 */
export function placeBlockers(order: readonly number[], acyclic: Links): readonly number[] {
  if (acyclic.size === 0) return order;
  const place = new Map(order.map((item, index) => [item, index]));
  const compare = (a: number, b: number): number => (place.get(a) ?? -1) - (place.get(b) ?? -1) || a - b;
  const blockersOf = (item: number): readonly number[] => {
    const blockers = acyclic.get(item);
    return blockers === undefined ? [] : [...blockers].sort(compare);
  };
  const placed: number[] = [];
  for (const step of walk(order, blockersOf)) if (step.kind === 'leave' && place.has(step.item)) placed.push(step.item);
  return placed;
}

type Step =
  { readonly kind: 'link' | 'circle'; readonly link: Link } | { readonly kind: 'leave'; readonly item: number };

/** Depth first with a stack of our own, since chains of blockers may be as long as the backlog. */
function* walk(starts: readonly number[], blockersOf: (item: number) => readonly number[]): Generator<Step> {
  const done = new Set<number>();
  const onPath = new Set<number>();
  for (const start of starts) {
    if (done.has(start)) continue;
    const stack = [{ item: start, blockers: blockersOf(start), at: 0 }];
    onPath.add(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const blocker = top.blockers[top.at++];
      if (blocker === undefined) {
        done.add(top.item);
        onPath.delete(top.item);
        stack.pop();
        yield { kind: 'leave', item: top.item };
      } else if (onPath.has(blocker)) yield { kind: 'circle', link: [top.item, blocker] };
      else {
        yield { kind: 'link', link: [top.item, blocker] };
        if (done.has(blocker)) continue;
        onPath.add(blocker);
        stack.push({ item: blocker, blockers: blockersOf(blocker), at: 0 });
      }
    }
  }
}
