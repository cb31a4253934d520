import { isDocument } from './adf.ts';
import * as change from './changes.ts';
import { arrayOf, isObject, objectOf, textOf } from './json.ts';
import type { Issue, World } from './model.ts';
import type { FieldChange } from './record.ts';
import { fieldRefusal } from './refusal.ts';

/** Changes of an edit, by field id; null for a value that stands already. */
export type Edits = readonly (readonly [fieldId: string, made: FieldChange | null])[];

/** Longest label Jira takes. */
const LONGEST_LABEL = 255;

/** What setting these fields to these values changes. Throws a refusal (400) naming the field that cannot be set so. */
export function applyFields(world: World, issue: Issue, fields: ReadonlyMap<string, unknown>): Edits {
  return [...fields].map(([id, value]) => [id, changeOf(world, issue, { id, value })] as const);
}

function changeOf(
  world: World,
  issue: Issue,
  wish: { readonly id: string; readonly value: unknown },
): FieldChange | null {
  const { id, value } = wish;
  switch (id) {
    case 'summary':
      return change.changeSummary(issue, summaryFrom(value));
    case 'description':
      if (value === null || isDocument(value)) return change.changeDescription(issue, value);
      throw fieldRefusal(id, 'Operation value must be an Atlassian Document (see the Atlassian Document Format)');
    case 'labels':
      return change.changeLabels(issue, labelsFrom(value));
    case 'duedate':
      if (value === null || /^\d{4}-\d\d-\d\d$/.test(String(value))) return change.changeDuedate(issue, textOf(value));
      throw fieldRefusal(id, 'Error parsing date string: use yyyy-MM-dd');
    case 'priority':
      return change.changePriority(issue, named(world.priorities, value, id));
    case 'issuetype':
      return change.changeType(issue, named([...world.types.values()], value, id));
    case 'assignee':
      return change.changeAssignee(issue, value === null ? null : personFrom(world, value));
    default:
      return customChange(world, issue, wish);
  }
}

function customChange(
  world: World,
  issue: Issue,
  wish: { readonly id: string; readonly value: unknown },
): FieldChange | null {
  const { id, value } = wish;
  const field = world.fields.get(id);
  // Ranks are moved through the ranking resource alone.
  if (field === undefined || !field.custom || id === world.rankField) {
    throw fieldRefusal(id, `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`);
  }
  if (id === world.sprintField) {
    if (value !== null && !world.sprints.has(Number(value)))
      throw fieldRefusal(id, 'Number value expected as the Sprint id.');
    return change.changeSprint(world, issue, value === null ? null : Number(value));
  }
  if (field.schema?.['type'] === 'number' && value !== null && typeof value !== 'number') {
    throw fieldRefusal(id, 'Operation value must be a number');
  }
  refuseText(id, field.schema?.['custom'], value);
  return change.changeCustom(world, issue, { fieldId: id, value });
}

/** Longest short text. */
const SHORT_TEXT = 255;

/** Paragraph fields speak documents, short texts hold one line. */
function refuseText(id: string, type: unknown, value: unknown): void {
  if (value === null || typeof type !== 'string') return;
  if (type.endsWith(':textarea') && !isDocument(value)) {
    throw fieldRefusal(id, 'Operation value must be an Atlassian Document (see the Atlassian Document Format)');
  }
  if (!type.endsWith(':textfield')) return;
  if (typeof value !== 'string') throw fieldRefusal(id, 'Operation value must be a string');
  if (value.length > SHORT_TEXT) {
    const limit = `It exceeds the allowed limit of ${SHORT_TEXT} characters.`;
    throw fieldRefusal(id, `The entered text is too long. ${limit}`);
  }
  if (/[\r\n]/.test(value)) throw fieldRefusal(id, 'The text must not contain newline characters.');
}

function summaryFrom(value: unknown): string {
  const summary = textOf(value);
  if (summary === null || summary.trim() === '')
    throw fieldRefusal('summary', 'You must specify a summary of the issue.');
  if (summary.length > 255) throw fieldRefusal('summary', 'Summary must be less than 255 characters.');
  if (summary.includes('\n'))
    throw fieldRefusal('summary', 'The summary is invalid because it contains newline characters.');
  return summary;
}

/** Labels of a request. Throws a refusal on anything Jira does not take for a label. */
export function labelsFrom(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw fieldRefusal('labels', 'data was not an array');
  return arrayOf(value).map(labelFrom);
}

export function labelFrom(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw fieldRefusal('labels', 'string expected');
  if (/\s/.test(value)) throw fieldRefusal('labels', `The label '${value}' contains spaces which is invalid.`);
  if (value.length > LONGEST_LABEL) {
    throw fieldRefusal('labels', `The label '${value}' exceeds the maximum length allowed of ${LONGEST_LABEL}.`);
  }
  return value;
}

function named<T extends { readonly id: string; readonly name: string }>(
  all: readonly T[],
  value: unknown,
  field: string,
): T {
  const { id, name } = objectOf(value);
  const found = all.find(one => (id === undefined ? one.name === name : one.id === String(id)));
  if (!isObject(value) || found === undefined) throw fieldRefusal(field, `Specify a valid 'id' or 'name' for ${field}`);
  return found;
}

function personFrom(world: World, value: unknown): Issue['assignee'] {
  const person = world.people.get(String(objectOf(value)['accountId']));
  if (person === undefined) throw fieldRefusal('assignee', 'Specify a valid value for assignee');
  return person;
}
