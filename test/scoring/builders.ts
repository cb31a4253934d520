import { value, type BacklogItem, type Reading } from '../../src/item.ts';
import { builtinModel, plainFactor } from '../../src/scoring/builtin.ts';
import type { Factor, Model, Score, Staleness } from '../../src/scoring/model.ts';
import { scoreItem, type ScoreContext } from '../../src/scoring/score.ts';
import { anItem } from '../support/items.ts';

export const now = new Date('2026-03-30T10:00:00Z');
export const jiraScheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
export const adoScheme = ['1', '2', '3', '4'];

export function aFactor(over: Partial<Factor> = {}): Factor {
  return { ...plainFactor, name: 'value', ...over };
}

/** A field factor on 0..10 by name and weight. */
export function aScale(name: string, weight = 1, over: Partial<Factor> = {}): Factor {
  return aFactor({ name, weight, scale: [0, 10], ...over });
}

/** The built-in model, staleness without overrides and exemptions; name only what the test is about. */
export function aModel(
  over: Partial<Omit<Model, 'staleness'>> & { readonly staleness?: Partial<Staleness> } = {},
): Model {
  const { staleness, ...rest } = over;
  const plain = { byPriority: {}, byType: {}, exempt: { labels: [], types: [], priorities: [] } };
  return { ...builtinModel, ...rest, staleness: { ...builtinModel.staleness, ...plain, ...staleness } };
}

/** An item whose fields hold these raw values; null: the field is empty. */
export function holding(inputs: Readonly<Record<string, number | string | null>>): BacklogItem {
  const entries = Object.entries(inputs).map(([name, raw]): [string, Reading<number | string>] => [
    name,
    raw === null ? { kind: 'absent' } : value(raw),
  ]);
  return anItem({ inputs: Object.fromEntries(entries) });
}

export function scored(item: BacklogItem, model: Model, over: Partial<ScoreContext> = {}): Score {
  return scoreItem(item, model, {
    now,
    zone: 'UTC',
    idleDays: 0,
    staleAfterDays: 90,
    exempt: false,
    sources: {},
    ...over,
  });
}
