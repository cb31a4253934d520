import type { ItemRef } from '../item.ts';
import { placeBlockers, withoutCircles, type Link, type Links } from './blockers.ts';
import { compareRefs } from './current-order.ts';
import { placeHeld } from './holds.ts';

export type Edge = readonly [blocked: ItemRef, blocker: ItemRef];

export interface OrderQuestion {
  /** Eligible items as they stand, each once. */
  readonly current: readonly ItemRef[];
  /** Band after hysteresis, or the score itself where the model orders strictly; higher comes first. */
  readonly bandOf: ReadonlyMap<ItemRef, number>;
  /** What must come before each item; blockers that are not among `current` have no say. */
  readonly blockedBy: ReadonlyMap<ItemRef, readonly ItemRef[]>;
  /** Items that keep an index (from 0), with that index. */
  readonly held: ReadonlyMap<ItemRef, number>;
  /** Items that nothing may move from the index (from 0) at which they stand; nothing held pushes them. */
  readonly fixed?: ReadonlyMap<ItemRef, number>;
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
  const { current, bandOf, held, fixed = new Map<ItemRef, number>() } = question;
  const refOf = (item: number): ItemRef => current[item] as ItemRef;
  const edgeOf = ([blocked, blocker]: Link): Edge => [refOf(blocked), refOf(blocker)];
  const bands = Float64Array.from(current, ref => bandOf.get(ref) ?? 0);
  const byBand = (a: number, b: number): number => (bands[b] as number) - (bands[a] as number);

  const links = linksAmong(question);
  const { kept, ignored } = withoutCircles(links, (a, b) => byBand(a, b) || compareRefs(refOf(a), refOf(b)));
  const items = current.map((_, item) => item);
  const stays = (item: number): boolean => held.has(refOf(item)) || fixed.has(refOf(item));
  const flowing = settle(
    items.filter(item => !stays(item)),
    byBand,
    kept,
  );
  const order = placeHeld([...flowing, ...items.filter(stays)].map(refOf), held, fixed);
  const refLinks = [...kept].flatMap(([blocked, blockers]) => blockers.map(blocker => edgeOf([blocked, blocker])));
  return { order, ignoredEdges: ignored.map(edgeOf), breaches: breachesOf(order, refLinks) };
}

/** Blockers among the items at hand, by place in the current order. */
function linksAmong({ current, blockedBy }: OrderQuestion): Links {
  if (blockedBy.size === 0) return new Map();
  const place = new Map(current.map((ref, item) => [ref, item]));
  const links = new Map<number, number[]>();
  for (const [ref, blockers] of blockedBy) {
    const blocked = place.get(ref);
    if (blocked === undefined) continue;
    const known = blockers.flatMap(blocker => place.get(blocker) ?? []);
    if (known.length > 0) links.set(blocked, known);
  }
  return links;
}

/** Passes until the order repeats itself: two or three do; the bound only keeps a surprise from hanging. */
function settle(start: readonly number[], byBand: (a: number, b: number) => number, links: Links): readonly number[] {
  let order = start;
  for (let pass = 0; pass <= start.length; pass++) {
    const next = placeBlockers([...order].sort(byBand), links);
    if (next.every((item, index) => order[index] === item)) return order;
    order = next;
  }
  return order;
}

function breachesOf(order: readonly ItemRef[], edges: readonly Edge[]): readonly Edge[] {
  if (edges.length === 0) return [];
  const place = new Map(order.map((ref, index) => [ref, index]));
  const placeOf = (ref: ItemRef): number => place.get(ref) ?? -1;
  return edges
    .filter(([blocked, blocker]) => placeOf(blocker) > placeOf(blocked))
    .sort(([a, x], [b, y]) => placeOf(a) - placeOf(b) || placeOf(x) - placeOf(y));
}
