import type { ItemRef } from '../../item.ts';
import { longestRising } from './longest-rising.ts';

/** One eligible item, in the order that is wanted. */
export interface Place {
  readonly ref: ItemRef;
  /** What it holds now; null: nothing, so it stands behind all that hold something. */
  readonly order: number | null;
  /** Whether it is to be moved here. */
  readonly moves: boolean;
  /** Not to be written for the sake of others: it keeps its value, or its lack of one. */
  readonly fixed: boolean;
}

/** The usual distance between new neighbours at either end of the list. */
const step = 1_000;
/** Room kept between two values, as a share of their size: some 15 significant digits survive every transport. */
const margin = 2 ** -46;

interface Slot {
  readonly ref: ItemRef;
  /** The value that stays; null: needs a value. */
  value: number | null;
  readonly fixed: boolean;
}

/**
 * Order values that put items where they are wanted: between the neighbours that stay, evenly. Azure DevOps' order field
 * is a double, ascending. Where a gap has no room left, as few neighbours as possible are spread anew. Items without a
 * value that must stand before others get one too. Returns only the values to be written; an item that finds no room between
 * two fixed neighbours gets none.
 */
export function placeItems(wanted: readonly Place[]): ReadonlyMap<ItemRef, number> {
  const slots = slotsOf(wanted);
  const had = new Map(slots.map(({ ref, value }) => [ref, value]));
  const hopeless = new Set<number>();
  for (let gap = crampedGap(slots, hopeless); gap !== null; gap = crampedGap(slots, hopeless)) {
    const given = widened(slots, gap);
    for (const slot of given) slot.value = null;
    if (given.length === 0) hopeless.add(gap.from);
  }
  const written = new Map<ItemRef, number>();
  for (const gap of gapsOf(slots)) {
    if (hopeless.has(gap.from)) continue;
    const values = spread(valueAt(slots, gap.from), valueAt(slots, gap.to), gap.to - gap.from - 1);
    values.forEach((value, i) => {
      const slot = slots[gap.from + 1 + i];
      if (slot !== undefined && had.get(slot.ref) !== value) written.set(slot.ref, value);
    });
  }
  return written;
}

/**
 * Items that stay where they are keep their value, as far as those values rise in the wanted order; of others, only what
 * moves and what stands empty before something else needs a value.
 */
function slotsOf(wanted: readonly Place[]): Slot[] {
  const staying = compatible(wanted.filter(place => !place.moves && place.order !== null));
  const rising = longestRising(staying.map(place => place.order ?? 0));
  const anchors = new Set(rising.map(i => staying[i]?.ref));
  const needed = wanted.findLastIndex(place => place.moves || anchors.has(place.ref));
  return wanted.flatMap((place, i): Slot[] => {
    const { ref, fixed } = place;
    if (anchors.has(ref)) return [{ ref, value: place.order, fixed }];
    if (place.moves) return [{ ref, value: null, fixed }];
    return place.order === null && i < needed && !fixed ? [{ ref, value: null, fixed }] : [];
  });
}

/** Staying items without those whose values contradict a fixed one's: so the fixed ones are among the longest rising. */
function compatible(staying: readonly Place[]): readonly Place[] {
  if (!staying.some(place => place.fixed)) return staying;
  const above = staying.map(() => -Infinity);
  const below = staying.map(() => Infinity);
  let highest = -Infinity;
  staying.forEach((place, i) => {
    above[i] = highest;
    if (place.fixed) highest = Math.max(highest, place.order ?? highest);
  });
  let lowest = Infinity;
  for (let i = staying.length - 1; i >= 0; i--) {
    below[i] = lowest;
    const place = staying[i];
    if (place?.fixed === true) lowest = Math.min(lowest, place.order ?? lowest);
  }
  return staying.filter((place, i) => {
    const value = place.order ?? 0;
    return place.fixed || (value > (above[i] as number) && value < (below[i] as number));
  });
}

/** Slots strictly between `from` and `to` need values; -1 and the length stand for the open ends. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

function gapsOf(slots: readonly Slot[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let from = -1;
  for (let i = 0; i <= slots.length; i++) {
    if (i < slots.length && slots[i]?.value === null) continue;
    if (i - from > 1) gaps.push({ from, to: i });
    from = i;
  }
  return gaps;
}

function valueAt(slots: readonly Slot[], index: number): number | null {
  return slots[index]?.value ?? null;
}

function crampedGap(slots: readonly Slot[], hopeless: ReadonlySet<number>): Gap | null {
  return gapsOf(slots).find(gap => !hopeless.has(gap.from) && !fits(slots, gap, 1)) ?? null;
}

function fits(slots: readonly Slot[], { from, to }: Gap, roomier: number): boolean {
  const low = valueAt(slots, from);
  const high = valueAt(slots, to);
  if (low === null || high === null) return true;
  const least = margin * Math.max(1, Math.abs(low), Math.abs(high));
  return (high - low) / (to - from) >= least * roomier;
}

/** So many neighbours are tried one by one; a denser list is widened by leaps, on both sides alike. */
const triedSingly = 32;

/**
 * The staying slots to give up around a cramped gap: the fewest whose place leaves room, and room for later moves. Fixed ones
 * are never given up, nor passed; none: there is no room between two of them.
 */
function widened(slots: readonly Slot[], gap: Gap): readonly Slot[] {
  const roomier = 1_024;
  for (let extra = 1; extra <= slots.length; extra = extra < triedSingly ? extra + 1 : Math.ceil(extra * 1.5)) {
    for (const left of splitsOf(extra)) {
      const from = anchorBefore(slots, gap.from, left);
      const to = anchorAfter(slots, gap.to, extra - left);
      if (!fits(slots, { from, to }, roomier)) continue;
      const within = slots.slice(from + 1, to).filter(slot => slot.value !== null);
      if (within.length > 0) return within;
    }
  }
  const from = anchorBefore(slots, gap.from, slots.length);
  const to = anchorAfter(slots, gap.to, slots.length);
  const all = slots.slice(from + 1, to).filter(slot => slot.value !== null);
  return fits(slots, { from, to }, 1) ? all : [];
}

/** How many of the extra neighbours to take from above: half of them first, then ever less evenly. */
function splitsOf(extra: number): readonly number[] {
  const half = extra >> 1;
  if (extra > triedSingly) return [half];
  return Array.from({ length: extra + 1 }, (_, i) => i).sort((a, b) => Math.abs(a - half) - Math.abs(b - half));
}

function anchorBefore(slots: readonly Slot[], index: number, count: number): number {
  let at = index;
  for (let skipped = 0; at >= 0 && slots[at]?.fixed === false && skipped < count; skipped++) {
    at--;
    while (at >= 0 && slots[at]?.value === null) at--;
  }
  return at;
}

function anchorAfter(slots: readonly Slot[], index: number, count: number): number {
  let at = index;
  for (let skipped = 0; at < slots.length && slots[at]?.fixed === false && skipped < count; skipped++) {
    at++;
    while (at < slots.length && slots[at]?.value === null) at++;
  }
  return at;
}

/** `count` values strictly between two ends, either of which may be open; whole numbers where there is room for them. */
function spread(low: number | null, high: number | null, count: number): readonly number[] {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  if (low !== null && high !== null) {
    const width = (high - low) / (count + 1);
    return numbers.map(i => (width >= 4 ? Math.round(low + width * i) : low + width * i));
  }
  if (low !== null) return numbers.map(i => low + distanceFrom(low) * i);
  if (high !== null) return numbers.map(i => high - headDistance(high, count) * (count + 1 - i));
  return numbers.map(i => step * i);
}

/** Far enough to be seen beside a large value. */
function distanceFrom(value: number): number {
  return Math.max(step, Math.abs(value) * margin * 1_024);
}

/** At the head values stay positive while there is room, as the service's own do. */
function headDistance(high: number, count: number): number {
  const room = Math.floor(high / (count + 1));
  return room >= 1 ? Math.min(step, room) : distanceFrom(high);
}
