import type { ItemRef } from '../item.ts';

export interface OrderBack {
  /** Eligible items as they stand. */
  readonly current: readonly ItemRef[];
  /** Eligible items as they stood before the round that is undone. */
  readonly before: readonly ItemRef[];
  /** Those that the round moved, and that still stand where Winnow put them. */
  readonly back: ReadonlySet<ItemRef>;
  /** Those that somebody has moved since, or a later round: no good as neighbours to put others beside. */
  readonly displaced: ReadonlySet<ItemRef>;
}

/**
 * The order with those items back beside their old neighbours: each right below the nearest item that stood above it and
 * has not been moved since, or else right above the nearest one below. All others keep their relative order. When nobody
 * moved anything since, this is the order from before the round.
 */
export function orderBack(question: OrderBack): readonly ItemRef[] {
  const { current, back } = question;
  const standing = new Set(current);
  const before = question.before.filter(ref => standing.has(ref));
  const returning = new Set(before.filter(ref => back.has(ref)));
  const list = createList(current.filter(ref => !returning.has(ref)));
  const anchors = anchorsOf(question, before);
  let above: ItemRef | null = null;
  before.forEach((ref, i) => {
    if (back.has(ref)) {
      if (above !== null) list.putAfter(above, ref);
      else list.putBefore(before.slice(i + 1).find(other => anchors.has(other)) ?? null, ref);
      above = ref;
    } else if (anchors.has(ref)) above = ref;
  });
  return list.all();
}

/** Neighbours that stayed; if there are none at all, whatever else stands must do. */
function anchorsOf({ back, displaced }: OrderBack, before: readonly ItemRef[]): ReadonlySet<ItemRef> {
  const others = before.filter(ref => !back.has(ref));
  const stayed = others.filter(ref => !displaced.has(ref));
  return new Set(stayed.length > 0 ? stayed : others);
}

/** A linked list, so that thousands of items are put back in as many steps. */
function createList(start: readonly ItemRef[]) {
  const next = new Map<ItemRef | null, ItemRef>();
  const previous = new Map<ItemRef, ItemRef | null>();
  const link = (above: ItemRef | null, below: ItemRef | undefined): void => {
    if (below === undefined) next.delete(above);
    else {
      next.set(above, below);
      previous.set(below, above);
    }
  };
  start.forEach((ref, i) => link(start[i - 1] ?? null, ref));
  const putAfter = (above: ItemRef | null, ref: ItemRef): void => {
    const below = next.get(above);
    link(above, ref);
    link(ref, below);
  };
  return {
    putAfter,
    /** null: at the head. */
    putBefore: (below: ItemRef | null, ref: ItemRef) =>
      putAfter(below === null ? null : (previous.get(below) ?? null), ref),
    all(): readonly ItemRef[] {
      const refs: ItemRef[] = [];
      for (let ref = next.get(null); ref !== undefined; ref = next.get(ref)) refs.push(ref);
      return refs;
    },
  };
}
