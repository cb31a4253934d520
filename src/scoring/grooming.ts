import type { BacklogItem } from '../item.ts';
import { readFactor } from './factors.ts';
import { listHas } from './fold.ts';
import type { Factor, Model, Part, Score, StageReading } from './model.ts';

export interface WantedLabel {
  /** With the model's prefix. */
  readonly name: string;
  /** A sentence for people. */
  readonly because: string;
}

export interface LabelInput {
  readonly item: BacklogItem;
  readonly model: Model;
  readonly score: Score;
  readonly stage: StageReading;
  readonly idleDays: number;
  /** False for items that are not flagged at all: started, in a sprint, out of scope. Default true. */
  readonly flaggable?: boolean;
}

/** The labels an item should bear, the stage first; at most one stage. */
export function wantedLabels(input: LabelInput): readonly WantedLabel[] {
  const { item, model, score, flaggable = true } = input;
  if (!flaggable) return [];
  const wanted: WantedLabel[] = [];
  const want = (name: string, because: string | null): void => {
    if (because !== null) wanted.push({ name: model.labelPrefix + name, because });
  };
  want(input.stage.stage, stageReason(input));
  want('needs-estimate', needsEstimate(item, model));
  want('needs-detail', needsDetail(item, model));
  want('needs-input', needsInput(score, model));
  return wanted;
}

/** Why the item needs an estimate (absent or unreadable effort), or null. */
export function needsEstimate(item: BacklogItem, model: Model): string | null {
  const rule = model.grooming.needsEstimate;
  if (rule === null || !concerns(rule.types, item)) return null;
  const factor = effortFactor(model);
  // Effort needs no calendar, so any instant and zone will do.
  const reading = readFactor(item, factor, { now: item.createdAt, zone: 'UTC' });
  if (reading.value === null) return 'it has no estimate';
  return reading.number === null ? `its estimate cannot be read: ${reading.problem ?? 'it is no number'}` : null;
}

/** Why the item needs a longer description, or null. */
export function needsDetail(item: BacklogItem, model: Model): string | null {
  const rule = model.grooming.needsDetail;
  if (rule === null || !concerns(rule.types, item) || item.words >= rule.minWords) return null;
  const words = item.words === 1 ? '1 word' : `${item.words} words`;
  return `its description has ${words}, fewer than ${rule.minWords}`;
}

/** Why the model cannot score the item, or null: it has a score, or nothing on the item itself is lacking. */
export function needsInput(score: Score, model: Model): string | null {
  if (score.score !== null) return null;
  const lacking = score.parts.filter(isLacking).map(part => part.factor);
  if (lacking.length === 0) return null;
  const without = `it has no usable ${inWords(lacking)}`;
  if (model.missing !== 'hold' || !isAveraged(model)) return `${without}, so it cannot be scored`;
  return `${without}: coverage ${percent(score.coverage)} where the model asks for ${percent(model.minCoverage)}`;
}

function stageReason({ stage, score, model, idleDays }: LabelInput): string | null {
  const { threshold } = stage;
  if (threshold === null) return null;
  const days = idleDays === 1 ? '1 day' : `${idleDays} days`;
  const idle = `no person has touched it for ${days} (${stage.stage} from ${threshold.days}, ${threshold.from})`;
  if (stage.stage !== 'prune') return idle;
  return `${idle} and its score ${score.undecayed} is below ${model.staleness.pruneBelowScore}`;
}

function isLacking(part: Part): boolean {
  return part.value === null || part.problem !== undefined;
}

function isAveraged(model: Model): boolean {
  return model.method === 'weighted' || model.method === 'moscow';
}

function concerns(types: readonly string[] | null, item: BacklogItem): boolean {
  return types === null || listHas(types, item.type);
}

/** The factor that reads the estimate, whatever the model calls it; a model without one still knows what zero means. */
function effortFactor(model: Model): Factor {
  const { factors } = model;
  return factors.find(f => f.source === 'effort') ?? factors.find(f => f.name === 'effort') ?? plainEffort;
}

const plainEffort: Factor = {
  name: 'effort',
  weight: 0,
  source: 'effort',
  scale: null,
  map: null,
  cost: true,
  horizonDays: 0,
  zeroIsEstimate: false,
};

function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}

function percent(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)} %`;
}
