/** Fields of the organisation. Names and types as in the official sample of `GET _apis/wit/fields`. */

export type FieldType =
  'string' | 'integer' | 'double' | 'dateTime' | 'html' | 'plainText' | 'treePath' | 'boolean' | 'history';

export interface Field {
  readonly ref: string;
  readonly name: string;
  readonly type: FieldType;
  readonly readOnly: boolean;
  readonly identity: boolean;
}

function field(ref: string, name: string, type: FieldType, marks: 'read-only' | 'identity' | '' = ''): Field {
  return { ref, name, type, readOnly: marks === 'read-only', identity: marks === 'identity' };
}

const readOnlyIdentity = (ref: string, name: string): Field => ({
  ...field(ref, name, 'string', 'identity'),
  readOnly: true,
});

const common = 'Microsoft.VSTS.Common.';
const scheduling = 'Microsoft.VSTS.Scheduling.';

const SYSTEM: readonly Field[] = [
  field('System.Id', 'ID', 'integer', 'read-only'),
  field('System.Rev', 'Rev', 'integer', 'read-only'),
  field('System.Watermark', 'Watermark', 'integer', 'read-only'),
  field('System.RevisedDate', 'Revised Date', 'dateTime', 'read-only'),
  field('System.CreatedDate', 'Created Date', 'dateTime', 'read-only'),
  readOnlyIdentity('System.CreatedBy', 'Created By'),
  field('System.ChangedDate', 'Changed Date', 'dateTime', 'read-only'),
  readOnlyIdentity('System.ChangedBy', 'Changed By'),
  field('System.AuthorizedDate', 'Authorized Date', 'dateTime', 'read-only'),
  field('System.IsDeleted', 'Is Deleted', 'boolean', 'read-only'),
  field('System.AreaId', 'Area ID', 'integer', 'read-only'),
  field('System.IterationId', 'Iteration ID', 'integer', 'read-only'),
  field('System.NodeName', 'Node Name', 'string', 'read-only'),
  field('System.TeamProject', 'Team Project', 'string', 'read-only'),
  field('System.WorkItemType', 'Work Item Type', 'string', 'read-only'),
  field('System.CommentCount', 'Comment Count', 'integer', 'read-only'),
  field('System.Parent', 'Parent', 'integer', 'read-only'),
  field('System.BoardColumn', 'Board Column', 'string', 'read-only'),
  field('System.BoardColumnDone', 'Board Column Done', 'boolean', 'read-only'),
  field('System.BoardLane', 'Board Lane', 'string', 'read-only'),
  field('System.AreaPath', 'Area Path', 'treePath'),
  field('System.IterationPath', 'Iteration Path', 'treePath'),
  field('System.State', 'State', 'string'),
  field('System.Reason', 'Reason', 'string'),
  field('System.Title', 'Title', 'string'),
  field('System.AssignedTo', 'Assigned To', 'string', 'identity'),
  field('System.Tags', 'Tags', 'plainText'),
  field('System.Description', 'Description', 'html'),
  field('System.History', 'History', 'history'),
];

const PROCESS: readonly Field[] = [
  field(`${common}StateChangeDate`, 'State Change Date', 'dateTime'),
  field(`${common}ActivatedDate`, 'Activated Date', 'dateTime'),
  field(`${common}ClosedDate`, 'Closed Date', 'dateTime'),
  field(`${common}Priority`, 'Priority', 'integer'),
  field(`${common}Severity`, 'Severity', 'string'),
  field(`${common}Risk`, 'Risk', 'string'),
  field(`${common}ValueArea`, 'Value Area', 'string'),
  field(`${common}BusinessValue`, 'Business Value', 'integer'),
  field(`${common}TimeCriticality`, 'Time Criticality', 'double'),
  field(`${common}StackRank`, 'Stack Rank', 'double'),
  field(`${common}BacklogPriority`, 'Backlog Priority', 'double'),
  field(`${common}AcceptanceCriteria`, 'Acceptance Criteria', 'html'),
  field(`${common}Resolution`, 'Resolution', 'html'),
  field(`${common}Activity`, 'Activity', 'string'),
  field(`${scheduling}StoryPoints`, 'Story Points', 'double'),
  field(`${scheduling}Effort`, 'Effort', 'double'),
  field(`${scheduling}Size`, 'Size', 'double'),
  field(`${scheduling}RemainingWork`, 'Remaining Work', 'double'),
  field(`${scheduling}OriginalEstimate`, 'Original Estimate', 'double'),
  field(`${scheduling}CompletedWork`, 'Completed Work', 'double'),
  field(`${scheduling}StartDate`, 'Start Date', 'dateTime'),
  field(`${scheduling}FinishDate`, 'Finish Date', 'dateTime'),
  field(`${scheduling}TargetDate`, 'Target Date', 'dateTime'),
  field(`${scheduling}DueDate`, 'Due Date', 'dateTime'),
  field('Microsoft.VSTS.TCM.ReproSteps', 'Repro Steps', 'html'),
  field('Microsoft.VSTS.TCM.Steps', 'Steps', 'html'),
  field('Microsoft.VSTS.TCM.Parameters', 'Parameters', 'html'),
  field('Microsoft.VSTS.TCM.LocalDataSource', 'Local Data Source', 'html'),
  field('Microsoft.VSTS.TCM.AutomationStatus', 'Automation status', 'string'),
  field('Custom.PriorityScore', 'Priority Score', 'double'),
];

export interface FieldCatalogue {
  all(): readonly Field[];
  /** By reference name or display name, without regard to case. */
  find(name: string): Field | null;
}

/** The fields of a fresh organisation, with some more of your own. */
export function createFieldCatalogue(more: readonly Field[] = []): FieldCatalogue {
  const all = [...SYSTEM, ...PROCESS, ...more];
  const byName = new Map(all.flatMap(entry => [[entry.name.toLowerCase(), entry] as const]));
  for (const entry of all) byName.set(entry.ref.toLowerCase(), entry);
  return { all: () => all, find: name => byName.get(name.toLowerCase()) ?? null };
}
