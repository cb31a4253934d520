/** Chance that repeats: the same seed gives the same backlog. */
export interface Chance {
  /** 0 <= x < 1 */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** True in `share` of all cases. */
  hits(share: number): boolean;
  of<T>(list: readonly T[]): T;
}

/** The mulberry32 generator. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    whole,
    hits: share => next() < share,
    of(list) {
      const [first] = list;
      if (first === undefined) throw new Error('Nothing to choose from.');
      return list[whole(0, list.length - 1)] ?? first;
    },
  };
}
