import { BadAnswerError } from '../../errors.ts';
import {
  absent,
  itemRef,
  unreadable,
  value,
  type BacklogItem,
  type ItemRef,
  type Priority,
  type Reading,
} from '../../item.ts';
import { explanationReading } from './explanation.ts';
import { fieldNames, type FieldPlan } from './field-plan.ts';
import { countWords } from './html-words.ts';
import { actorOf } from './identity.ts';
import type { Fields } from './in-scope.ts';
import type { Memo } from './memo.ts';
import { sprintOf } from './sprint.ts';
import { splitTags } from './tags.ts';
import { progressOf, type TeamScope } from './team-scope.ts';

/** A work item as the batch read returns it, checked as far as every item must have it. */
export interface WorkItem {
  readonly id: number;
  readonly rev: number;
  readonly fields: Fields;
}

export interface ItemContext {
  readonly scope: TeamScope;
  readonly plan: FieldPlan;
  /** The organisation's url, without trailing slash. */
  readonly url: string;
  readonly now: Date;
  readonly zone: string;
}

export const refOf = (id: number): ItemRef => itemRef('azure-devops', id);

/** Work item -> item. Pure; one unreadable field stays unreadable and fails nothing else. */
export function toItem(work: WorkItem, blockedBy: readonly ItemRef[], memo: Memo, context: ItemContext): BacklogItem {
  const { scope, plan } = context;
  const { fields } = work;
  const type = textOf(fields, fieldNames.type);
  const state = textOf(fields, fieldNames.state);
  const parent = fields[fieldNames.parent];
  const project = textOf(fields, fieldNames.project) || scope.project.name;
  return {
    ref: refOf(work.id),
    key: String(work.id),
    title: textOf(fields, fieldNames.title),
    url: `${context.url}/${encodeURIComponent(project)}/_workitems/edit/${work.id}`,
    type,
    parent: typeof parent === 'number' ? refOf(parent) : null,
    onLevel: scope.types.some(known => known.toLowerCase() === type.toLowerCase()),
    progress: progressOf(scope, type, state),
    trackerStatus: state,
    sprint: sprintOf(textOf(fields, fieldNames.iteration), scope, context),
    createdAt: dateOf(work, fieldNames.created),
    changedAt: dateOf(work, fieldNames.changed),
    version: String(work.rev),
    order: orderOf(fields[plan.order]),
    labels: splitTags(fields[fieldNames.tags]),
    priority: priorityOf(fields[fieldNames.priority]),
    effort: plan.effort === null ? absent : numberReading(fields[plan.effort]),
    due: dueOf(fields),
    demand: numberReading(fields[fieldNames.comments] ?? 0),
    inputs: inputsOf(fields, plan),
    scoreField: plan.score === null ? absent : numberReading(fields[plan.score]),
    ...(plan.explanation === undefined
      ? {}
      : { explanation: explanationReading(fields[plan.explanation.ref], plan.explanation) }),
    words: wordsOf(type, fields),
    blockedBy,
    memo,
  };
}

function textOf(fields: Fields, name: string): string {
  const raw = fields[name];
  return typeof raw === 'string' ? raw : '';
}

function dateOf(work: WorkItem, name: string): Date {
  const at = new Date(textOf(work.fields, name));
  if (Number.isNaN(at.getTime())) throw new BadAnswerError(`Work item ${work.id} came without a readable ${name}.`);
  return at;
}

/** An order that cannot be read is no order: the item stands last until it gets one. */
function orderOf(raw: unknown): number | null {
  const reading = numberReading(raw);
  return reading.kind === 'value' ? reading.value : null;
}

/** Numbers come as numbers, from some custom processes as text. */
export function numberReading(raw: unknown): Reading<number> {
  if (raw === undefined || raw === null || raw === '') return absent;
  if (typeof raw === 'number' && Number.isFinite(raw)) return value(raw);
  const text = typeof raw === 'string' ? raw.trim() : '';
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return value(Number(text));
  return unreadable(raw, 'not a number');
}

const scheme = ['1', '2', '3', '4'];

function priorityOf(raw: unknown): Reading<Priority> {
  const reading = numberReading(raw);
  if (reading.kind !== 'value') return reading;
  if (reading.value === 0) return absent;
  const name = String(reading.value);
  return scheme.includes(name) ? value({ name, scheme }) : unreadable(raw, 'not a priority from 1 to 4');
}

/** Dates are instants (midnight of somebody's zone); they become calendar dates in the backlog's zone. */
function dueOf(fields: Fields): Reading<string> {
  const raw = fields[fieldNames.dueDate] ?? fields[fieldNames.targetDate];
  if (raw === undefined || raw === null || raw === '') return absent;
  const at = typeof raw === 'string' ? new Date(raw) : new Date(NaN);
  return Number.isNaN(at.getTime()) ? unreadable(raw, 'not a date') : value(at.toISOString());
}

function inputsOf(fields: Fields, plan: FieldPlan): BacklogItem['inputs'] {
  return Object.fromEntries(
    Object.entries(plan.inputs).map(([factor, field]) => [factor, inputReading(fields[field.ref], field.numeric)]),
  );
}

function inputReading(raw: unknown, numeric: boolean): Reading<number | string> {
  if (numeric || typeof raw === 'number') return numberReading(raw);
  if (raw === undefined || raw === null || raw === '') return absent;
  if (typeof raw === 'string') return value(raw);
  if (typeof raw === 'boolean') return value(String(raw));
  const who = actorOf(raw);
  return who === null ? unreadable(raw, 'neither number nor text') : value(who.name);
}

/** A bug's story is told in its repro steps. */
function wordsOf(type: string, fields: Fields): number {
  const steps = type.toLowerCase() === 'bug' ? textOf(fields, fieldNames.reproSteps) : '';
  return countWords(textOf(fields, fieldNames.description)) + countWords(steps);
}
