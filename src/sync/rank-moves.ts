import { createMinGrid } from './fenwick.ts';

/** Which items should stay so that reaching the desired order is cheapest. */
export interface MovesQuestion {
  /** `have[i]`: the desired index of the item that stands at place i; a permutation of 0..n-1. */
  readonly have: readonly number[];
  /** Neighbours that one call can move (B). */
  readonly perCall: number;
  /** Small whole numbers, not negative: n^2 times a price must stay an exact integer. */
  readonly priceItem: number;
  readonly priceCall: number;
  /** Desired indices of items that cannot stay, for they have no place of their own. */
  readonly cannotStay?: ReadonlySet<number>;
}

export interface MovesAnswer {
  /** Desired indices of the items that stay, ascending; of equally cheap sets the largest, then the least as a list. */
  readonly stay: readonly number[];
  readonly price: number;
  readonly items: number;
  readonly calls: number;
}

/**
 * The exact minimum, over all sets of items that stay in their relative order, of
 * `priceItem x items moved + priceCall x sum over gaps of ceil(gap / perCall)`, head and tail gaps included.
 *
 * Seen from the right, `g(a)` is the least cost of all that comes after a staying item with desired index a. With
 * `a + 1 = qa B + ra` and `b = qb B + rb`, the gap between stayers a < b costs `qb - qa` calls, and one more if rb > ra.
 * So the best next stayer is the least `g(b) + qb` among those to the right of a and above it in value, either with
 * rb <= ra, or with any residue at the price of one more call: two prefix minima. O(n log n log B).
 */
export function cheapestMoves(question: MovesQuestion): MovesAnswer {
  const { have, perCall, priceItem, priceCall } = question;
  // Among equal prices fewer items move: a moved item weighs less than the smallest step of any price.
  const step = have.length + 1;
  const next = bestSuccessors({ ...question, priceItem: priceItem * step + 1, priceCall: priceCall * step });
  const stay: number[] = [];
  for (let b = next[have.length] as number; b >= 0; b = next[b] as number) stay.push(b);
  const items = have.length - stay.length;
  const calls = [...stay, have.length].reduce(
    (sum, b, i) => sum + Math.ceil((b - (stay[i - 1] ?? -1) - 1) / perCall),
    0,
  );
  return { stay, price: priceItem * items + priceCall * calls, items, calls };
}

/** For each desired index, the next one that stays (-1: none); the first one stands at index n. */
function bestSuccessors({ have, perCall, priceItem, priceCall, cannotStay }: MovesQuestion): Int32Array {
  const n = have.length;
  const next = new Int32Array(n + 1).fill(-1);
  // Rows hold values from the top down, since only larger desired indices may follow; cost and index share one number,
  // so that among equal costs the smallest index wins.
  const near = createMinGrid(n, perCall);
  const any = createMinGrid(n, 1);
  const scale = n + 1;

  const settle = (a: number): number => {
    const start = a + 1;
    const quotient = Math.floor(start / perCall);
    const residue = start % perCall;
    const row = n - 1 - start;
    const toEnd = priceCall * Math.ceil((n - start) / perCall);
    const best = row < 0 ? Infinity : Math.min(near.least(row, residue), any.least(row, 0) + priceCall * scale);
    if (best === Infinity) return toEnd;
    const cost = Math.floor(best / scale);
    const goingOn = cost - priceCall * quotient;
    if (goingOn >= toEnd) return toEnd;
    next[a < 0 ? n : a] = best - cost * scale;
    return goingOn;
  };

  for (let i = n - 1; i >= 0; i--) {
    const b = have[i] as number;
    if (cannotStay?.has(b) === true) continue;
    // Staying saves the price of moving it.
    const key = (settle(b) - priceItem + priceCall * Math.floor(b / perCall)) * scale + b;
    near.lower(n - 1 - b, b % perCall, key);
    any.lower(n - 1 - b, 0, key);
  }
  settle(-1);
  return next;
}
