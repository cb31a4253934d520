import type { BacklogItem } from '../item.ts';
import { readFactor } from './factors.ts';
import { roundHalfUp } from './half-up.ts';
import { figureOf } from './methods/method.ts';
import { classRoom } from './methods/moscow.ts';
import type { Model, Score, Staleness } from './model.ts';
import { prepareModel } from './terms.ts';

export interface ScoreContext {
  readonly now: Date;
  /** IANA zone whose calendar counts the days. */
  readonly zone: string;
  /** Calendar days since a person last did something meaningful to the item. */
  readonly idleDays: number;
  /** The item's own threshold, from which decay runs. */
  readonly staleAfterDays: number;
  /** Exempt items never decay. */
  readonly exempt: boolean;
  /** Factor name -> field, as people would look it up. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Scores one item with the common model. Pure: the same item, model and context always give the same score. */
export function scoreItem(item: BacklogItem, model: Model, context: ScoreContext): Score {
  const terms = model.factors.map(factor => ({ factor, reading: readFactor(item, factor, context) }));
  const { points, floor, raw, coverage, parts } = figureOf(terms, prepareModel(model));
  if (points === null) return { score: null, undecayed: null, raw, coverage, parts, floor };
  const undecayed = total(points, floor);
  const decay = context.exempt ? 1 : decayOf(context.idleDays, context.staleAfterDays, model.staleness);
  const score = decay === 1 ? undecayed : total(points * decay, floor);
  return { score, undecayed, raw, coverage, parts, floor };
}

/** `max(decayFloor, 2^(-max(0, idleDays - staleAfterDays) / half-life))`; 1 where the model has no half-life. */
export function decayOf(
  idleDays: number,
  staleAfterDays: number,
  rules: Pick<Staleness, 'decayHalfLifeDays' | 'decayFloor'>,
): number {
  if (rules.decayHalfLifeDays === null) return 1;
  const beyond = idleDays > staleAfterDays ? idleDays - staleAfterDays : 0;
  return Math.max(rules.decayFloor, 2 ** (-beyond / rules.decayHalfLifeDays));
}

/** moscow's weighted part is a quarter of its points and never reaches the next class. */
function total(points: number, floor: number | null): number {
  return roundHalfUp(floor === null ? points : floor + Math.min(classRoom, points / 4));
}
