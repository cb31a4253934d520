import { largestThreshold } from '../scoring/staleness.ts';
import type { Model } from '../scoring/model.ts';
import type { Problem } from './problem.ts';

/** A year and a bit, so that "a year ago" can still be asked. */
const usualDays = 400;
/** Clocks are compared by calendar dates in many zones, and rounds may be late. */
const spareDays = 7;

interface Needed {
  readonly days: number;
  readonly model: string;
}

/** How long the journal must be kept so that own writes are recognised as far back as any model looks. */
function neededDays(models: readonly Model[]): Needed {
  return models.reduce<Needed>(
    (most, model) => {
      const days = (largestThreshold(model) ?? 0) + spareDays;
      return days > most.days ? { days, model: model.name } : most;
    },
    { days: spareDays, model: '' },
  );
}

/** As configured, or long enough by itself. */
export function journalDaysOf(configured: number | undefined, models: readonly Model[]): number {
  return configured ?? Math.max(usualDays, neededDays(models).days);
}

/** A journal shorter than a model's memory would take Winnow's own old writes for people's. */
export function checkJournalDays(configured: number | undefined, models: readonly Model[]): readonly Problem[] {
  const { days, model } = neededDays(models);
  if (configured === undefined || configured >= days) return [];
  const message = `must be at least ${days}: model ${model} looks back ${days - spareDays} days, and the journal tells Winnow's own writes from people's`;
  return [{ path: ['service', 'journalDays'], message }];
}
