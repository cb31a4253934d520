import type { ItemRef } from '../item.ts';
import type { RankedByPerson } from './ports.ts';

/** Two orders of one list, and who ranked what in between. */
export interface DragQuestion {
  /** As the last round left it. */
  readonly before: readonly ItemRef[];
  readonly after: readonly ItemRef[];
  /** An item's newest rank-only entry by a person that the last round did not know yet, or null. */
  readonly rankedBy: (ref: ItemRef) => RankedByPerson | null;
}

/** Rank entries of one call lie this close together. */
const momentMs = 2_000;

/**
 * Items that a person dragged: their relative order changed, and a person ranked them. Ranking one item may make the
 * tracker rank its neighbours too (Azure DevOps gives unranked ones a value): of several entries by one person at one
 * moment, those whose order need not have changed are such echoes.
 */
export function draggedItems({ before, after, rankedBy }: DragQuestion): ReadonlyMap<ItemRef, RankedByPerson> {
  const { some, all } = movedBetween(before, after);
  const candidates = [...some].flatMap(ref => {
    const ranked = rankedBy(ref);
    return ranked === null ? [] : [{ ref, ranked }];
  });
  const place = new Map(before.map((ref, index) => [ref, index]));
  const rose = ({ ref }: Candidate): boolean => after.indexOf(ref) < (place.get(ref) ?? 0);
  return new Map(
    moments(candidates).flatMap(moment => {
      if (moment.length === 1) return moment.map(({ ref, ranked }) => [ref, ranked] as const);
      const certain = moment.filter(({ ref }) => all.has(ref));
      const held = moment.filter(({ ranked }) => ranked.entered !== true);
      const chosen = certain.length > 0 ? certain : held.length > 0 ? held : moment.filter(rose);
      return chosen.map(({ ref, ranked }) => [ref, ranked] as const);
    }),
  );
}

interface Candidate {
  readonly ref: ItemRef;
  readonly ranked: RankedByPerson;
}

/** Candidates by person and moment. */
function moments(candidates: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const groups: Candidate[][] = [];
  const open = new Map<string, Candidate[]>();
  for (const candidate of [...candidates].sort((a, b) => a.ranked.at.getTime() - b.ranked.at.getTime())) {
    const group = open.get(candidate.ranked.who);
    const last = group?.at(-1);
    if (last !== undefined && candidate.ranked.at.getTime() - last.ranked.at.getTime() <= momentMs) {
      group?.push(candidate);
      continue;
    }
    const next = [candidate];
    open.set(candidate.ranked.who, next);
    groups.push(next);
  }
  return groups;
}

/** Items outside at least one longest increasing subsequence of the two orders. Items in only one of them are left out. */
export function reordered(before: readonly ItemRef[], after: readonly ItemRef[]): ReadonlySet<ItemRef> {
  return movedBetween(before, after).some;
}

/** `some`: outside at least one longest increasing subsequence. `all`: outside every one, so it certainly moved. */
function movedBetween(
  before: readonly ItemRef[],
  after: readonly ItemRef[],
): { readonly some: ReadonlySet<ItemRef>; readonly all: ReadonlySet<ItemRef> } {
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
  return {
    some: new Set(common.filter((_, i) => !(onSome[i] === true && atLevel.get(ending[i] ?? 0) === 1))),
    all: new Set(common.filter((_, i) => onSome[i] !== true)),
  };
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
