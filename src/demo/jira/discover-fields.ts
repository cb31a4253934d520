import { customField, systemFields, type CustomKind } from './field-list.ts';
import { arrayOf, isObject, objectOf, textOf } from './json.ts';
import { isRank } from './lexorank.ts';
import type { RawIssue } from './load.ts';
import type { FieldDefinition } from './model.ts';

/** What the custom fields of an export are; exports name them by number only. */
export interface Discovered {
  readonly fields: Map<string, FieldDefinition>;
  /** The field by which the site ranks. */
  readonly rankField: string;
  readonly sprintField: string;
  readonly storyPointsField: string | null;
}

/** Values looked at per field: enough to tell a kind. */
const SAMPLE = 50;

/**
 * Definitions from values. Two rank fields: the newer id ranks, the other is what an upgrade left behind. Story points are
 * the number field whose values agree with the history of "Story Points", unless `names` says so.
 */
export function discoverFields(records: readonly RawIssue[]): Discovered {
  const values = sampleValues(records);
  const names = namesOf(records);
  const kinds = new Map([...values].map(([id, sample]): [string, CustomKind] => [id, kindOf(sample)]));
  const newest = (kind: CustomKind): string | null =>
    [...kinds]
      .filter(([, other]) => other === kind)
      .map(([id]) => id)
      .sort(byNumber)
      .at(-1) ?? null;
  const rankField = newest('rank') ?? free('customfield_10019', kinds);
  const sprintField = newest('sprint') ?? free('customfield_10020', kinds);
  const named = [...names].find(([, name]) => /^story points?( estimate)?$/i.test(name))?.[0];
  const storyPointsField = named ?? votedStoryPoints(records, kinds);
  const titles = new Map<string, string>([...names, [rankField, 'Rank'], [sprintField, 'Sprint']]);
  if (storyPointsField !== null) {
    titles.set(storyPointsField, names.get(storyPointsField) ?? 'Story Points');
    kinds.set(storyPointsField, 'number');
  }
  kinds.set(rankField, 'rank').set(sprintField, 'sprint');
  const fields = new Map(systemFields().map(field => [field.id, field]));
  for (const id of [...new Set([...kinds.keys(), ...names.keys()])].filter(isCustom).sort(byNumber)) {
    const kind = kinds.get(id) ?? 'unknown';
    const usual = kind === 'rank' ? 'Rank (Obsolete)' : `Field ${id.slice('customfield_'.length)}`;
    fields.set(id, customField(id, titles.get(id) ?? usual, kind));
  }
  return { fields, rankField, sprintField, storyPointsField };
}

/** Next custom field number nobody uses. */
export function freeFieldId(fields: ReadonlyMap<string, unknown>): string {
  return free('customfield_10100', fields);
}

const isCustom = (id: string): boolean => /^customfield_\d+$/.test(id);

function free(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let number = Number(wanted.slice('customfield_'.length));
  while (taken.has(`customfield_${number}`)) number += 1;
  return `customfield_${number}`;
}

function byNumber(a: string, b: string): number {
  return Number(a.slice('customfield_'.length)) - Number(b.slice('customfield_'.length));
}

function namesOf(records: readonly RawIssue[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const record of records) {
    for (const [id, name] of Object.entries(objectOf(record.names))) {
      if (isCustom(id) && typeof name === 'string') names.set(id, name);
    }
  }
  return names;
}

function sampleValues(records: readonly RawIssue[]): ReadonlyMap<string, readonly unknown[]> {
  const values = new Map<string, unknown[]>();
  for (const record of records) {
    for (const [id, value] of Object.entries(record.fields)) {
      if (!id.startsWith('customfield_')) continue;
      const sample = values.get(id) ?? [];
      if (value !== null && sample.length < SAMPLE) sample.push(value);
      values.set(id, sample);
    }
  }
  return values;
}

function kindOf(sample: readonly unknown[]): CustomKind {
  if (sample.length === 0) return 'unknown';
  // One stray string among numbers is what imports leave; the field is a number field all the same.
  if (sample.some(value => typeof value === 'number')) return 'number';
  if (sample.every(isRank)) return 'rank';
  const listed = sample.flatMap(value => arrayOf(value));
  if (listed.length > 0) {
    if (listed.every(isSprint)) return 'sprint';
    if (listed.every(entry => typeof entry === 'string')) return 'labels';
    return listed.every(entry => isObject(entry) && 'value' in entry) ? 'options' : 'unknown';
  }
  if (sample.every(value => isObject(value) && 'value' in value)) return 'option';
  if (sample.every(value => isObject(value) && 'displayName' in value)) return 'person';
  if (sample.every(value => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value))) return 'date';
  return sample.every(value => typeof value === 'string') ? 'text' : 'unknown';
}

/** An agile board's object, or the text form of Jira Server. */
function isSprint(entry: unknown): boolean {
  if (typeof entry === 'string') return entry.startsWith('com.atlassian.greenhopper.service.sprint.Sprint@');
  return isObject(entry) && 'state' in entry && ('boardId' in entry || 'startDate' in entry);
}

function votedStoryPoints(records: readonly RawIssue[], kinds: ReadonlyMap<string, CustomKind>): string | null {
  const candidates = [...kinds].filter(([, kind]) => kind === 'number').map(([id]) => id);
  const votes = new Map(candidates.map(id => [id, 0]));
  for (const record of records) {
    const last = lastStoryPoints(record);
    if (last === null) continue;
    for (const id of candidates) {
      if (record.fields[id] === last) votes.set(id, (votes.get(id) ?? 0) + 1);
    }
  }
  const best = [...votes].sort(([, a], [, b]) => b - a)[0];
  return best === undefined || best[1] === 0 ? null : best[0];
}

function lastStoryPoints(record: RawIssue): number | null {
  const items = arrayOf(objectOf(record.changelog)['histories']).flatMap(entry => arrayOf(objectOf(entry)['items']));
  const last = items.map(objectOf).findLast(item => item['field'] === 'Story Points');
  const text = textOf(last?.['toString']);
  return text === null || text === '' ? null : Number(text);
}
