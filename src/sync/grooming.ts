import { dayOf } from '../calendar.ts';
import type { Desired } from './desire.ts';

/** How the grooming of a backlog stands. */
export interface Grooming {
  /** Epoch day in the backlog's time zone. */
  readonly day: number;
  /** Ranked items. */
  readonly items: number;
  /** Of those, how many bear which of our labels, or would. */
  readonly labels: Readonly<Record<string, number>>;
}

/** Counts what a round wants to flag, whether or not it was let. Pure. */
export function groomingOf(
  { current, assessments }: Pick<Desired, 'current' | 'assessments'>,
  now: Date,
  timezone: string,
): Grooming {
  const labels: Record<string, number> = {};
  for (const ref of current) {
    for (const { name } of assessments.get(ref)?.labels ?? []) labels[name] = (labels[name] ?? 0) + 1;
  }
  return { day: dayOf(now, timezone), items: current.length, labels };
}
