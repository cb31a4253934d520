import { createCheapestGrid } from './fenwick.ts';

/** Which items should stay so that reaching the desired order is cheapest. */
export interface MovesQuestion {
  /** `have[i]`: the desired index of the item that stands at place i; a permutation of 0..n-1. */
  readonly have: readonly number[];
  /** Neighbours that one call can move (B), at least 1. */
  readonly perCall: number;
  /** Whole numbers, not negative; n^2 times their sum must stay an exact integer. */
  readonly priceItem: number;
  readonly priceCall: number;
  /** Desired indices of items that cannot stay, for they have no place of their own. */
  readonly cannotStay?: ReadonlySet<number>;
}

export interface MovesAnswer {
  /**
   * Desired indices of the items that stay, ascending. Of equally cheap sets one that moves the fewest items, and of
   * those the least as a list: the first index in which two lists differ decides.
   */
  readonly stay: readonly number[];
  readonly price: number;
  readonly items: number;
  readonly calls: number;
}

/**
 * The exact minimum, over all sets of items that stay in their relative order, of
 * `priceItem x items moved + priceCall x sum over gaps of ceil(gap / perCall)`, head and tail gaps included.
 *
 * Throws a RangeError when the question is not as described: a wrong answer would reorder somebody's backlog.
 */
export function cheapestMoves(question: MovesQuestion): MovesAnswer {
  check(question);
  const { have, perCall, priceItem, priceCall } = question;
  const n = have.length;
  const stay = stayingItems(question);
  const items = n - stay.length;
  const calls = callsAround(stay, n, perCall);
  return { stay, price: priceItem * items + priceCall * calls, items, calls };
}

/**
 * What stands in place at either end always stays: it saves a move and shortens a gap. Only what lies between is searched,
 * which is little on most days.
 */
function stayingItems(question: MovesQuestion): number[] {
  const { have, cannotStay } = question;
  const inPlace = (i: number): boolean => have[i] === i && cannotStay?.has(i) !== true;
  let head = 0;
  let tail = have.length;
  while (head < tail && inPlace(head)) head++;
  while (tail > head && inPlace(tail - 1)) tail--;
  const stay = Array.from({ length: head }, (_, i) => i);
  for (const b of stayingBetween(question, head, tail)) stay.push(b);
  for (let b = tail; b < have.length; b++) stay.push(b);
  return stay;
}

/** The items that stay among those in the places `head` to `tail`, the latter excluded. */
function stayingBetween(question: MovesQuestion, head: number, tail: number): number[] {
  const n = tail - head;
  // With more neighbours per call than items every gap is one call already; the grid need not be wider than that.
  const perCall = Math.min(question.perCall, Math.max(n, 1));
  // The least list alone would move three items where two are swapped at a distance of three. So among equal prices
  // fewer items move: one more item weighs less, n times over, than the smallest step of a price.
  const step = n + 1;
  const next = bestSuccessors({
    have: question.have.slice(head, tail).map(b => b - head),
    perCall,
    priceItem: question.priceItem * step + 1,
    priceCall: question.priceCall * step,
    cannotStay: new Set([...(question.cannotStay ?? [])].map(b => b - head)),
  });
  const stay: number[] = [];
  for (let b = next[n] as number; b >= 0; b = next[b] as number) stay.push(b + head);
  return stay;
}

function callsAround(stay: readonly number[], n: number, perCall: number): number {
  let calls = 0;
  let before = -1;
  for (const b of [...stay, n]) {
    calls += Math.ceil((b - before - 1) / perCall);
    before = b;
  }
  return calls;
}

/**
 * For each desired index, the next one that stays (-1: none); the first one stands at index n.
 *
 * Seen from the right, `g(a)` is the least cost of all that comes after a staying item with desired index a. With
 * `a + 1 = qa B + ra` and `b = qb B + rb`, the gap between stayers a < b costs `qb - qa` calls, and one more if rb > ra.
 * So the best next stayer has the least `g(b) + qb` among those to the right of a and above it in value, either with
 * rb <= ra, or with any residue at the price of one more call (too dear by that call where rb <= ra, hence harmless):
 * two minima over a corner of a grid. O(n log n log B).
 */
function bestSuccessors({ have, perCall, priceItem, priceCall, cannotStay }: MovesQuestion): Int32Array {
  const n = have.length;
  const next = new Int32Array(n + 1).fill(-1);
  const costs = new Float64Array(n);
  const near = createCheapestGrid(n, perCall, costs);
  const any = createCheapestGrid(n, 1, costs);

  /** Finds the best successor of a (-1: the head of the list), notes it, and returns g(a). */
  const settle = (a: number): number => {
    const start = a + 1;
    // Rows hold values from the top down, since only larger desired indices may follow.
    const row = n - 1 - start;
    const noneStay = priceCall * Math.ceil((n - start) / perCall);
    const close = near.cheapest(row, start % perCall);
    const far = any.cheapest(row, 0);
    if (far < 0) return noneStay;
    const closeCost = close < 0 ? Infinity : (costs[close] as number);
    const farCost = (costs[far] as number) + priceCall;
    const goingOn = Math.min(closeCost, farCost) - priceCall * Math.floor(start / perCall);
    if (goingOn >= noneStay) return noneStay;
    next[a < 0 ? n : a] = closeCost < farCost || (closeCost === farCost && close < far) ? close : far;
    return goingOn;
  };

  for (let i = n - 1; i >= 0; i--) {
    const b = have[i] as number;
    if (cannotStay?.has(b) === true) continue;
    // Staying saves the price of moving it.
    costs[b] = settle(b) - priceItem + priceCall * Math.floor(b / perCall);
    near.put(n - 1 - b, b % perCall, b);
    any.put(n - 1 - b, 0, b);
  }
  settle(-1);
  return next;
}

function check({ have, perCall, priceItem, priceCall }: MovesQuestion): void {
  const n = have.length;
  const seen = new Uint8Array(n);
  for (const b of have) {
    if (seen[b] !== 0)
      throw new RangeError(`the places of ${n} items are no permutation: ${b} is twice or out of range`);
    seen[b] = 1;
  }
  if (!Number.isInteger(perCall) || perCall < 1) throw new RangeError(`one call cannot move ${perCall} neighbours`);
  for (const price of [priceItem, priceCall]) {
    if (!Number.isInteger(price) || price < 0) throw new RangeError(`a price must be a whole number, not ${price}`);
  }
  if (!Number.isSafeInteger((priceItem + priceCall + 1) * (n + 1) * (n + 2) * 2)) {
    throw new RangeError(`prices ${priceItem} and ${priceCall} are too large to count ${n} items exactly`);
  }
}
