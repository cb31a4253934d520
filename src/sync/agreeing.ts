import type { ItemRef } from '../item.ts';
import { desiredOrder, type OrderQuestion } from './order.ts';

export interface AgreeingQuestion extends Pick<OrderQuestion, 'current' | 'blockedBy' | 'held'> {
  /** Band, or the score itself where the model orders strictly; items without one are held, and have no say. */
  readonly bandOf: ReadonlyMap<ItemRef, number>;
  /** Items that a person has just put where they stand; none of them is held yet. */
  readonly dragged: ReadonlySet<ItemRef>;
}

/**
 * Dragged items that stand where the model would have them: such a drag needs no hold. Either nothing would move the item,
 * or it stands among the places that its band will take, which is all that can be said while the rest of the backlog is not
 * in order yet. Held items stand outside the bands and are not counted. Pure.
 */
export function agreeing(question: AgreeingQuestion): ReadonlySet<ItemRef> {
  const { current, bandOf, held, dragged } = question;
  if (dragged.size === 0) return new Set();
  const { order } = desiredOrder(question);
  const flowing = current.filter(ref => bandOf.has(ref) && !held.has(ref));
  const bands = flowing.map(ref => bandOf.get(ref) as number);
  const among = new Map(flowing.map((ref, index) => [ref, index]));
  return new Set(
    [...dragged].filter(ref => {
      const [band, index] = [bandOf.get(ref), among.get(ref)];
      if (band === undefined || index === undefined) return false;
      const above = bands.filter(other => other > band).length;
      const alike = bands.filter(other => other === band).length;
      return (index >= above && index < above + alike) || order[current.indexOf(ref)] === ref;
    }),
  );
}
