import type { ItemRef } from '../item.ts';

/**
 * Items whose relative order changed between two orders of the same list: those outside at least one longest increasing
 * subsequence. Items in only one of the lists are left out.
 */
export function reordered(before: readonly ItemRef[], after: readonly ItemRef[]): ReadonlySet<ItemRef> {
  const place = new Map(before.map((ref, index) => [ref, index]));
  const common = after.filter(ref => place.has(ref));
  const sequence = common.map(ref => place.get(ref) ?? 0);
  const ending = longestEndingAt(sequence);
  // From the right, the longest run that starts here is the longest one that ends here of the mirrored sequence.
  const starting = longestEndingAt(sequence.map(v => -v).reverse()).reverse();
  const longest = ending.reduce((a, b) => Math.max(a, b), 0);

  const atLevel = new Map<number, number>();
  const onSome = sequence.map((_, i) => (ending[i] ?? 0) + (starting[i] ?? 0) - 1 === longest);
  onSome.forEach((on, i) => {
    const level = ending[i] ?? 0;
    if (on) atLevel.set(level, (atLevel.get(level) ?? 0) + 1);
  });
  return new Set(common.filter((_, i) => !(onSome[i] === true && atLevel.get(ending[i] ?? 0) === 1)));
}

/** Length of the longest strictly increasing subsequence that ends at each place. O(n log n). */
function longestEndingAt(sequence: readonly number[]): number[] {
  const tails: number[] = [];
  return sequence.map(value => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tails[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    tails[low] = value;
    return low + 1;
  });
}
