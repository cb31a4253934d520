import { cheapestMoves, type MovesQuestion } from './rank-moves.ts';

/**
 * Desired indices of the items that stay, ascending, where some must: the cheapest moves among the others. Items that must
 * stay cut both orders into parts; whatever stays besides lies in the same part of both, so each part is a question of
 * its own. Throws a RangeError when the two orders disagree about those that must stay.
 */
export function cheapestAround(question: MovesQuestion & { readonly fixed: ReadonlySet<number> }): readonly number[] {
  const { have, fixed } = question;
  if (fixed.size === 0) return cheapestMoves(question).stay;
  const places = have.flatMap((index, place) => (fixed.has(index) ? [place] : []));
  if (new Set(have).size < have.length || have.some(index => !(index >= 0 && index < have.length))) {
    throw new RangeError('the places are no permutation of the desired indices');
  }
  const stay: number[] = [];
  let last = { place: -1, index: -1 };
  for (const place of [...places, have.length]) {
    const index = have[place] ?? have.length;
    if (index <= last.index)
      throw new RangeError('items that must not be moved stand in another order than is desired');
    stay.push(...stayingBetween(question, last, { place, index }));
    if (place < have.length) stay.push(index);
    last = { place, index };
  }
  return stay;
}

interface Cut {
  readonly place: number;
  readonly index: number;
}

/** The part strictly between two cuts. What comes into it from elsewhere cannot stay. */
function stayingBetween(question: MovesQuestion, from: Cut, to: Cut): readonly number[] {
  const length = to.index - from.index - 1;
  if (length === 0) return [];
  const first = from.index + 1;
  const inside = question.have
    .slice(from.place + 1, to.place)
    .filter(index => index > from.index && index < to.index)
    .map(index => index - first);
  const known = new Set(inside);
  const incoming = Array.from({ length }, (_, i) => i).filter(i => !known.has(i));
  // A fixed item stays even if it has no place of its own.
  const unfit = [...(question.cannotStay ?? [])].filter(i => i > from.index && i < to.index).map(i => i - first);
  const { stay } = cheapestMoves({
    ...question,
    have: [...inside, ...incoming],
    cannotStay: new Set([...incoming, ...unfit]),
  });
  return stay.map(index => index + first);
}
