import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { daysBetween } from '../../src/calendar.ts';
import { absent, itemRef, value, type BacklogItem, type Priority, type Tracker } from '../../src/item.ts';
import { bandOf } from '../../src/scoring/bands.ts';
import type { Model } from '../../src/scoring/model.ts';
import { stageOf } from '../../src/scoring/staleness.ts';
import { anItem } from '../support/items.ts';
import { adoScheme, aFactor, aModel, jiraScheme, scored } from './builders.ts';

interface Example {
  readonly id: string;
  readonly tracker: Tracker;
  readonly priority: string | number;
  readonly value: number | null;
  readonly due: string | null;
  readonly demand: number;
  readonly effort: number | null;
  readonly clock: string;
  readonly idleDays: number;
  readonly score: number;
  readonly band: number;
  readonly stage: string;
}

interface Examples {
  readonly now: string;
  readonly model: {
    readonly weights: Readonly<Record<'value' | 'priority' | 'urgency' | 'demand' | 'effort', number>>;
    readonly valueScale: readonly [number, number];
    readonly effortScale: readonly [number, number];
    readonly demandScale: readonly [number, number];
    readonly horizonDays: number;
    readonly band: number;
    readonly aging: number;
    readonly stale: number;
    readonly prune: number;
    readonly pruneBelow: number;
  };
  readonly items: readonly Example[];
}

const file = new URL('../../../shared/worked-examples.json', import.meta.url);
const examples = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Examples) : null;

function modelOf({ model }: Examples): Model {
  const { weights } = model;
  return aModel({
    factors: [
      aFactor({ name: 'value', weight: weights.value, scale: model.valueScale }),
      aFactor({ name: 'priority', source: 'priority', weight: weights.priority }),
      aFactor({ name: 'urgency', source: 'urgency', weight: weights.urgency, horizonDays: model.horizonDays }),
      aFactor({ name: 'demand', source: 'demand', weight: weights.demand, scale: model.demandScale }),
      aFactor({ name: 'effort', source: 'effort', weight: weights.effort, scale: model.effortScale, cost: true }),
    ],
    band: model.band,
    staleness: {
      agingAfterDays: model.aging,
      staleAfterDays: model.stale,
      pruneAfterDays: model.prune,
      pruneBelowScore: model.pruneBelow,
    },
  });
}

function itemOf(example: Example): BacklogItem {
  const { priority, effort, due } = example;
  const named: Priority = {
    name: String(priority),
    scheme: example.tracker === 'jira' ? jiraScheme : adoScheme,
  };
  return anItem({
    ref: itemRef(example.tracker, example.id),
    priority: value(named),
    effort: effort === null ? absent : value(effort),
    due: due === null ? absent : value(due),
    demand: value(example.demand),
    inputs: { value: example.value === null ? absent : value(example.value) },
  });
}

describe.skipIf(examples === null)('scoring/score with the worked examples', () => {
  it.each(examples?.items ?? [])('item $id has its score, band, idle days and stage', example => {
    const { now, model: rules } = examples as Examples;
    const model = modelOf(examples as Examples);
    const item = itemOf(example);
    const at = new Date(now);

    const idleDays = daysBetween(new Date(example.clock), at, 'UTC');
    const score = scored(item, model, { now: at, idleDays });

    expect({
      idleDays,
      score: score.score,
      band: bandOf(score.score ?? NaN, rules.band, null, score.floor),
      stage: stageOf(item, idleDays, score.undecayed, model).stage,
    }).toEqual({ idleDays: example.idleDays, score: example.score, band: example.band, stage: example.stage });
  });
});
