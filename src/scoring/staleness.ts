import type { BacklogItem } from '../item.ts';
import { foldKeys, foldName, listHas } from './fold.ts';
import { levelOf } from './levels.ts';
import type { Level, Model, StageReading, StalenessThresholds } from './model.ts';

/** A number of days and where the model says so: `type Epic`, `priority highest`, `default`. */
export interface Threshold {
  readonly days: number;
  readonly from: string;
}

export interface Thresholds {
  /** null: aging is not configured for the item. */
  readonly aging: Threshold | null;
  readonly stale: Threshold;
  readonly prune: Threshold;
}

/** The thresholds of one item. Each resolves alone, most specific first: type, then priority, then default. */
export function thresholdsFor(item: BacklogItem, model: Model): Thresholds {
  const rules = model.staleness;
  const byType = foldKeys(rules.byType).get(foldName(item.type));
  const level = levelOfItem(item);
  const byPriority = level === null ? undefined : rules.byPriority[level];
  const resolve = (name: keyof StalenessThresholds): Threshold | null => {
    const ofType = byType?.[name];
    if (ofType !== undefined) return { days: ofType, from: `type ${item.type}` };
    const ofPriority = byPriority?.[name];
    if (ofPriority !== undefined) return { days: ofPriority, from: `priority ${level}` };
    const ofDefault = rules[name];
    return ofDefault === undefined ? null : { days: ofDefault, from: 'default' };
  };
  return {
    aging: resolve('agingAfterDays'),
    stale: resolve('staleAfterDays') ?? { days: rules.staleAfterDays, from: 'default' },
    prune: resolve('pruneAfterDays') ?? { days: rules.pruneAfterDays, from: 'default' },
  };
}

/** What exempts an item from every stage and from decay, e.g. `label frozen`; null: nothing does. */
export function exemptionOf(item: BacklogItem, model: Model): string | null {
  const { labels, types, priorities } = model.staleness.exempt;
  const label = item.labels.find(name => listHas(labels, name));
  if (label !== undefined) return `label ${label}`;
  if (listHas(types, item.type)) return `type ${item.type}`;
  if (priorities.length === 0) return null;
  const level = levelOfItem(item);
  return level !== null && priorities.includes(level) ? `priority ${level}` : null;
}

/**
 * The furthest stage whose own threshold and every earlier configured one are reached (`>=`, calendar days). `prune` also
 * asks for an undecayed score below the model's limit; an item without a score is never pruned.
 */
export function stageOf(
  item: BacklogItem,
  idleDays: number,
  undecayedScore: number | null,
  model: Model,
): StageReading {
  const exempt = exemptionOf(item, model);
  if (exempt !== null) return { stage: 'fresh', threshold: null, exempt };
  const { aging, stale, prune } = thresholdsFor(item, model);
  const fresh: StageReading = { stage: 'fresh', threshold: null, exempt: null };
  if (aging !== null && !(idleDays >= aging.days)) return fresh;
  if (!(idleDays >= stale.days)) return aging === null ? fresh : { stage: 'aging', threshold: aging, exempt: null };
  const poor = undecayedScore !== null && undecayedScore < model.staleness.pruneBelowScore;
  if (poor && idleDays >= prune.days) return { stage: 'prune', threshold: prune, exempt: null };
  return { stage: 'stale', threshold: stale, exempt: null };
}

/**
 * How many days back the history must reach so that every clock older than that means the same; null: to creation.
 * Decay stops at its floor after `staleAfterDays + half-life x log2(1 / decayFloor)`; a floor of 0 is never reached.
 */
export function largestThreshold(model: Model): number | null {
  const rules = model.staleness;
  const sets: readonly StalenessThresholds[] = [
    rules,
    ...Object.values(rules.byType),
    ...Object.values(rules.byPriority),
  ];
  let largest = 0;
  let stale = 0;
  for (const set of sets) {
    largest = Math.max(largest, set.agingAfterDays ?? 0, set.staleAfterDays ?? 0, set.pruneAfterDays ?? 0);
    stale = Math.max(stale, set.staleAfterDays ?? 0);
  }
  if (rules.decayHalfLifeDays === null) return Math.ceil(largest);
  if (rules.decayFloor <= 0) return null;
  const span = rules.decayHalfLifeDays * Math.max(0, Math.log2(1 / rules.decayFloor));
  return Math.ceil(Math.max(largest, stale + span));
}

function levelOfItem(item: BacklogItem): Level | null {
  return item.priority.kind === 'value' ? levelOf(item.priority.value) : null;
}
