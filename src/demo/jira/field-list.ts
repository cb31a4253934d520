import type { FieldDefinition } from './model.ts';

/** The fields every site has, and how custom fields are described. */

type Row = readonly [
  id: string,
  name: string,
  type: string,
  flags: string,
  items?: string | undefined,
  clauses?: readonly string[],
];

/** flags: n = navigable, o = orderable, s = searchable. */
const SYSTEM: readonly Row[] = [
  ['summary', 'Summary', 'string', 'nos'],
  ['description', 'Description', 'string', 'nos'],
  ['issuetype', 'Issue Type', 'issuetype', 'nos', undefined, ['issuetype', 'type']],
  ['project', 'Project', 'project', 'ns'],
  ['status', 'Status', 'status', 'ns'],
  ['statusCategory', 'Status Category', 'statusCategory', 'ns'],
  ['statuscategorychangedate', 'Status Category Changed', 'datetime', 'ns', undefined, ['statusCategoryChangedDate']],
  ['priority', 'Priority', 'priority', 'nos'],
  ['resolution', 'Resolution', 'resolution', 'nos'],
  ['resolutiondate', 'Resolved', 'datetime', 'ns', undefined, ['resolutiondate', 'resolved']],
  ['assignee', 'Assignee', 'user', 'nos'],
  ['reporter', 'Reporter', 'user', 'nos'],
  ['creator', 'Creator', 'user', 'ns'],
  ['created', 'Created', 'datetime', 'ns', undefined, ['created', 'createdDate']],
  ['updated', 'Updated', 'datetime', 'ns', undefined, ['updated', 'updatedDate']],
  ['duedate', 'Due date', 'date', 'nos', undefined, ['due', 'duedate']],
  ['labels', 'Labels', 'array', 'nos', 'string'],
  ['components', 'Components', 'array', 'nos', 'component', ['component']],
  ['fixVersions', 'Fix versions', 'array', 'nos', 'version', ['fixVersion']],
  ['versions', 'Affects versions', 'array', 'nos', 'version', ['affectedVersion']],
  ['environment', 'Environment', 'string', 'nos'],
  ['votes', 'Votes', 'votes', 'n'],
  ['watches', 'Watchers', 'watches', 'n', undefined, ['watchers']],
  ['issuelinks', 'Linked Issues', 'array', 'nos', 'issuelinks', ['issueLink']],
  ['subtasks', 'Sub-tasks', 'array', 'n', 'issuelinks', ['subtasks']],
  ['comment', 'Comment', 'comments-page', 'os'],
  ['worklog', 'Log Work', 'array', 'o', 'worklog'],
  ['attachment', 'Attachment', 'array', 'os', 'attachment', ['attachments']],
  ['progress', 'Progress', 'progress', 'n'],
  ['timeestimate', 'Remaining Estimate', 'number', 'n', undefined, ['remainingEstimate', 'timeestimate']],
  ['timeoriginalestimate', 'Original estimate', 'number', 'n', undefined, ['originalEstimate', 'timeoriginalestimate']],
  ['timespent', 'Time Spent', 'number', 'n', undefined, ['timespent']],
];

/** Definitions of the system fields, in order. */
export function systemFields(): readonly FieldDefinition[] {
  const fields = SYSTEM.map(([id, name, type, flags, items, clauses]): FieldDefinition => ({
    id,
    name,
    custom: false,
    navigable: flags.includes('n'),
    orderable: flags.includes('o'),
    searchable: flags.includes('s'),
    clauseNames: clauses ?? [id],
    schema: { type, ...(items === undefined ? {} : { items }), system: id },
  }));
  // Three have no schema on real sites either.
  const bare = (id: string, name: string, clauseNames: readonly string[]): FieldDefinition => ({
    id,
    name,
    custom: false,
    navigable: true,
    orderable: false,
    searchable: clauseNames.length > 0,
    clauseNames,
  });
  return [...fields, bare('issuekey', 'Key', ['id', 'issue', 'issuekey', 'key']), bare('thumbnail', 'Images', [])];
}

export type CustomKind =
  'rank' | 'sprint' | 'number' | 'text' | 'paragraph' | 'option' | 'options' | 'labels' | 'person' | 'date' | 'unknown';

const GREENHOPPER = 'com.pyxis.greenhopper.jira';
const SYSTEM_TYPES = 'com.atlassian.jira.plugin.system.customfieldtypes';

const KINDS: Readonly<Record<CustomKind, readonly [type: string, custom: string, items?: string]>> = {
  rank: ['any', `${GREENHOPPER}:gh-lexo-rank`],
  sprint: ['array', `${GREENHOPPER}:gh-sprint`, 'json'],
  number: ['number', `${SYSTEM_TYPES}:float`],
  text: ['string', `${SYSTEM_TYPES}:textfield`],
  paragraph: ['string', `${SYSTEM_TYPES}:textarea`],
  option: ['option', `${SYSTEM_TYPES}:select`],
  options: ['array', `${SYSTEM_TYPES}:multicheckboxes`, 'option'],
  labels: ['array', `${SYSTEM_TYPES}:labels`, 'string'],
  person: ['user', `${SYSTEM_TYPES}:userpicker`],
  date: ['date', `${SYSTEM_TYPES}:datepicker`],
  unknown: ['any', `${SYSTEM_TYPES}:readonlyfield`],
};

/** Definition of a custom field `customfield_<number>`. */
export function customField(id: string, name: string, kind: CustomKind): FieldDefinition {
  const number = Number(id.slice('customfield_'.length));
  const [type, custom, items] = KINDS[kind];
  return {
    id,
    name,
    custom: true,
    navigable: true,
    orderable: true,
    searchable: true,
    clauseNames: [`cf[${number}]`, name],
    schema: { type, ...(items === undefined ? {} : { items }), custom, customId: number },
  };
}
