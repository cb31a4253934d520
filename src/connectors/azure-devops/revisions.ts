import type { Activity, Actor, FieldChange, FieldKind } from '../../item.ts';
import { boardFields, fieldNames, type FieldPlan } from './field-plan.ts';
import { actorOf } from './identity.ts';
import type { Fields } from './in-scope.ts';
import { hasTag, splitTags } from './tags.ts';

/** Tracked fields of one revision as plain values; an empty field is not there. */
export type Slim = Readonly<Record<string, string | number | boolean>>;

/** One revision, as much of it as history needs. */
export interface Revision {
  readonly rev: number;
  readonly at: Date;
  readonly actor: Actor | null;
  readonly fields: Slim;
}

/** A revision as the feed, the batch read or the revision list tells it; null if it lacks number or date. */
export function revisionOf(
  raw: { readonly rev?: unknown; readonly fields?: unknown },
  plan: FieldPlan,
): Revision | null {
  const fields = (raw.fields ?? {}) as Fields;
  const at = new Date(String(fields[fieldNames.changed]));
  if (typeof raw.rev !== 'number' || Number.isNaN(at.getTime())) return null;
  return { rev: raw.rev, at, actor: actorOf(fields[fieldNames.changedBy]), fields: slimOf(fields, plan) };
}

export function slimOf(fields: Fields, plan: FieldPlan): Slim {
  const slim: Record<string, string | number | boolean> = {};
  for (const name of plan.tracked) {
    const value = fields[name];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') slim[name] = value;
    else {
      // People by id alone: one call tells their names, another their mail.
      slim[name] = actorOf(value)?.id ?? JSON.stringify(value);
    }
  }
  return slim;
}

/** Fields as a batch read told them, for comparing with the feed: without what the two tell differently. */
export function comparable(fields: Slim): Slim {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !boardFields.includes(name)));
}

/** What a revision did, seen from the one before it. */
export function activityOf(before: Slim, revision: Revision, plan: FieldPlan): Activity {
  const { fields } = revision;
  const changes: FieldChange[] = [];
  for (const name of plan.tracked) {
    if (name === fieldNames.comments || before[name] === fields[name]) continue;
    if (boardFields.includes(name) && (before[name] === undefined || fields[name] === undefined)) continue;
    changes.push(changeOf(name, before[name], fields[name], plan));
  }
  const commented = Number(fields[fieldNames.comments] ?? 0) > Number(before[fieldNames.comments] ?? 0);
  const { rev, at, actor } = revision;
  if (commented && changes.length === 0) return { id: String(rev), at, actor, kind: 'commented', fields: [] };
  if (commented) {
    changes.push(changeOf(fieldNames.comments, before[fieldNames.comments], fields[fieldNames.comments], plan));
  }
  return { id: String(rev), at, actor, kind: 'changed', fields: changes };
}

/** Consecutive revisions as history, the first one seen from `before`. Creation is no entry. */
export function activitiesOf(
  before: Slim | null,
  revisions: readonly Revision[],
  plan: FieldPlan,
): readonly Activity[] {
  const entries: Activity[] = [];
  let last = before;
  for (const revision of revisions) {
    if (last !== null) entries.push(activityOf(last, revision, plan));
    last = revision.fields;
  }
  return entries;
}

type Value = Slim[string] | undefined;

function changeOf(name: string, from: Value, to: Value, plan: FieldPlan): FieldChange {
  const text = (value: Value): string | null => (value === undefined ? null : String(value));
  const change = { kind: kindOf(name, plan), field: name, from: text(from), to: text(to) };
  if (name !== fieldNames.tags) return change;
  const [old, now] = [splitTags(from), splitTags(to)];
  return { ...change, added: now.filter(tag => !hasTag(old, tag)), removed: old.filter(tag => !hasTag(now, tag)) };
}

function kindOf(name: string, plan: FieldPlan): FieldKind {
  if (name === plan.order) return 'rank';
  if (name === plan.score) return 'score';
  if (name === plan.explanation?.ref) return 'explanation';
  if (name === fieldNames.iteration) return 'sprint';
  if (name === fieldNames.tags) return 'labels';
  if (name === fieldNames.state) return 'status';
  return 'other';
}
