import type { HttpAnswer } from '../../http/message.ts';
import { checkObject, readBody, readQuery } from '../asked.ts';
import { applyFields, labelFrom } from '../edit-fields.ts';
import { arrayOf, isObject, objectOf, type Json } from '../json.ts';
import type { Issue, World } from '../model.ts';
import { personJson } from '../people.ts';
import type { FieldChange } from '../record.ts';
import { Refusal } from '../refusal.ts';
import { mayBrowse } from '../search.ts';
import { findIssue } from '../world.ts';
import { json, obstacleTo, type JiraRoute, type Visit } from './visit.ts';

export const bulkEditRoutes: readonly JiraRoute[] = [
  { method: 'POST', template: '/rest/api/3/bulk/issues/fields', effect: 'write', handle: submit },
  { method: 'GET', template: '/rest/api/3/bulk/queue/{taskId}', effect: 'read', handle: poll },
];

const MOST_ISSUES = 1000;
const MOST_FIELDS = 200;

/** Inputs that the site carries out; it has no fields for the vendor's other ones. */
const INPUTS = { labelsFields: 'objects', clearableNumberFields: 'objects', priority: 'object' } as const;

function submit({ world, request, bulkEdits }: Visit): HttpAnswer {
  readQuery(request, {});
  const body = readBody(request, {
    ...{ selectedIssueIdsOrKeys: 'texts!', selectedActions: 'texts!', editedFieldsInput: 'object!' },
    sendBulkNotification: 'flag',
  });
  const input = objectOf(body['editedFieldsInput']);
  checkObject(input, INPUTS);
  const names = arrayOf(body['selectedIssueIdsOrKeys']).map(String);
  const actions = arrayOf(body['selectedActions']).map(String);
  refuseSizes(names.length, actions.length);
  if (!world.rights.bulkChange) throw new Refusal(400, 'You do not have the global Bulk Change permission.');
  const edits = editsOf(input);
  refuseMismatch(actions, edits);
  const issues = [...new Set(names.flatMap(name => visible(world, name) ?? []))];
  const inaccessible = names.filter(name => visible(world, name) === null).length;
  if (issues.length === 0) throw new Refusal(400, 'No accessible issues were selected.');
  for (const edit of edits) edit.changes(world, issues[0] as Issue);
  const taskId = bulkEdits.submit({
    issues,
    inaccessible,
    changes: issue => edits.flatMap(edit => edit.changes(world, issue)),
    obstacle: issue => obstacleTo(world, issue),
    mail: body['sendBulkNotification'] !== false,
  });
  return json({ taskId }, 201);
}

function visible(world: World, idOrKey: string): Issue | null {
  const issue = findIssue(world, idOrKey);
  return issue !== null && mayBrowse(world, issue) ? issue : null;
}

function refuseSizes(issues: number, fields: number): void {
  if (issues === 0 || issues > MOST_ISSUES)
    throw new Refusal(400, `Between 1 and ${MOST_ISSUES} issues can be edited.`);
  if (fields === 0 || fields > MOST_FIELDS)
    throw new Refusal(400, `Between 1 and ${MOST_FIELDS} fields can be edited.`);
}

interface Edit {
  readonly fieldId: string;
  /** Throws a refusal where the value does not fit. */
  readonly changes: (world: World, issue: Issue) => readonly FieldChange[];
}

function refuseMismatch(actions: readonly string[], edits: readonly Edit[]): void {
  const edited = edits.map(edit => edit.fieldId);
  const unlisted = edited.filter(id => !actions.includes(id));
  if (unlisted.length > 0) {
    throw new Refusal(
      400,
      `The following editedFieldInput values are not listed as selectedActions : ${unlisted.join(', ')}`,
    );
  }
  const idle = actions.filter(id => !edited.includes(id));
  if (idle.length > 0) throw new Refusal(400, `The following selectedActions have no value : ${idle.join(', ')}`);
}

/** Two edits of the labels, an addition and a removal say, become one after the other. */
function editsOf(input: Json): readonly Edit[] {
  const labels = arrayOf(input['labelsFields']).map(objectOf);
  const numbers = arrayOf(input['clearableNumberFields']).map(objectOf);
  const edits = numbers.map(numberEdit);
  if (labels.length > 0) edits.push(labelsEdit(labels));
  if (isObject(input['priority'])) edits.push(priorityEdit(input['priority']));
  return edits;
}

function numberEdit(field: Json): Edit {
  checkObject(field, { fieldId: 'text!', value: 'any' });
  const fieldId = String(field['fieldId']);
  return { fieldId, changes: (world, issue) => changed(world, issue, { fieldId, value: field['value'] ?? null }) };
}

function priorityEdit(field: Json): Edit {
  checkObject(field, { priorityId: 'text!' });
  const value = { id: field['priorityId'] };
  return { fieldId: 'priority', changes: (world, issue) => changed(world, issue, { fieldId: 'priority', value }) };
}

const LABELS = {
  bulkEditMultiSelectFieldOption: 'text!',
  fieldId: 'text!',
  labels: 'objects!',
  labelProperties: 'objects',
} as const;

function labelsEdit(fields: readonly Json[]): Edit {
  for (const field of fields) {
    checkObject(field, LABELS);
    if (field['fieldId'] !== 'labels') throw new Refusal(400, `${String(field['fieldId'])} is not a labels field.`);
  }
  const changes = (world: World, issue: Issue): readonly FieldChange[] => {
    let value: readonly string[] = issue.labels;
    for (const field of fields) value = labelsAfter(value, field);
    return changed(world, issue, { fieldId: 'labels', value });
  };
  return { fieldId: 'labels', changes };
}

function labelsAfter(held: readonly string[], field: Json): readonly string[] {
  const named = arrayOf(field['labels']).map(label => labelFrom(objectOf(label)['name']));
  switch (field['bulkEditMultiSelectFieldOption']) {
    case 'ADD':
      return [...held, ...named];
    case 'REMOVE':
      return held.filter(label => !named.includes(label));
    case 'REPLACE':
      return named;
    case 'REMOVE_ALL':
      return [];
    default:
      throw new Refusal(400, 'bulkEditMultiSelectFieldOption must be ADD, REMOVE, REPLACE or REMOVE_ALL.');
  }
}

function changed(
  world: World,
  issue: Issue,
  to: { readonly fieldId: string; readonly value: unknown },
): readonly FieldChange[] {
  return applyFields(world, issue, new Map([[to.fieldId, to.value]])).flatMap(([, made]) => made ?? []);
}

/** Times are milliseconds here, whatever the schema says. */
function poll({ world, request, params, bulkEdits }: Visit): HttpAnswer {
  readQuery(request, {});
  const task = bulkEdits.poll(params['taskId'] ?? '');
  if (task === null) throw new Refusal(400, `The task ${params['taskId'] ?? ''} does not exist.`);
  const total = task.processed.length + Object.keys(task.failed).length + task.inaccessible;
  return json({
    taskId: task.id,
    status: task.status,
    progressPercent: task.status === 'ENQUEUED' ? 0 : 100,
    submittedBy: personJson(task.author, world.base),
    created: task.submitted,
    started: task.submitted,
    updated: task.updated,
    ...(task.status === 'COMPLETE'
      ? {
          processedAccessibleIssues: task.processed,
          failedAccessibleIssues: task.failed,
          invalidOrInaccessibleIssueCount: task.inaccessible,
          totalIssueCount: total,
        }
      : {}),
  });
}
