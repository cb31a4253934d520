import { ConfigError } from '../../errors.ts';
import type { BacklogRequest } from '../connector.ts';
import { labelOf, resolveField, type Field, type TextKind } from './fields.ts';
import type { TeamScope } from './team-scope.ts';

/** Which fields of a work item mean what in one backlog, and which ones each read asks for. */
export interface FieldPlan {
  readonly order: string;
  readonly effort: string | null;
  readonly score: string | null;
  /** The text field that holds our explanation; not there when none is written. */
  readonly explanation?: TextField;
  /** Factor -> field. */
  readonly inputs: Readonly<Record<string, Field>>;
  /** Factor or built-in -> what people would look up. */
  readonly sources: Readonly<Record<string, string>>;
  /** Fields whose changes make history. */
  readonly tracked: readonly string[];
  /** Asked of the batch read. */
  readonly batch: readonly string[];
  /** Asked of the revision feed, which carries neither long texts nor links. */
  readonly feed: readonly string[];
}

export interface TextField {
  readonly ref: string;
  readonly text: TextKind;
}

export const fieldNames = {
  id: 'System.Id',
  project: 'System.TeamProject',
  type: 'System.WorkItemType',
  title: 'System.Title',
  state: 'System.State',
  iteration: 'System.IterationPath',
  created: 'System.CreatedDate',
  changed: 'System.ChangedDate',
  changedBy: 'System.ChangedBy',
  tags: 'System.Tags',
  parent: 'System.Parent',
  comments: 'System.CommentCount',
  deleted: 'System.IsDeleted',
  description: 'System.Description',
  reproSteps: 'Microsoft.VSTS.TCM.ReproSteps',
  priority: 'Microsoft.VSTS.Common.Priority',
  dueDate: 'Microsoft.VSTS.Scheduling.DueDate',
  targetDate: 'Microsoft.VSTS.Scheduling.TargetDate',
} as const;

/**
 * A card dragged to another column changes its order in the same revision: without these it would look like a rank.
 * They are computed per team and board, so that two calls need not agree on them.
 */
export const boardFields: readonly string[] = ['System.BoardColumn', 'System.BoardLane'];

/** What a person may change and a round should see by name; any other change shows as a revision without differences. */
const watched = [
  fieldNames.project,
  fieldNames.type,
  fieldNames.title,
  fieldNames.state,
  fieldNames.iteration,
  fieldNames.tags,
  fieldNames.comments,
  fieldNames.priority,
  fieldNames.dueDate,
  fieldNames.targetDate,
  'System.AssignedTo',
  ...boardFields,
  'Microsoft.VSTS.Common.Severity',
  'Microsoft.VSTS.Common.Risk',
  'Microsoft.VSTS.Common.ValueArea',
];

export function planFields(request: BacklogRequest, scope: TeamScope, fields: readonly Field[]): FieldPlan {
  const inputs: Record<string, Field> = {};
  for (const [factor, wanted] of Object.entries(request.sources)) {
    inputs[factor] = resolveField(wanted, fields, `Backlog ${request.name}: factor "${factor}"`);
  }
  const score = request.scoreField === null ? null : scoreFieldOf(request.scoreField, request.name, fields);
  const explanation = explanationFieldOf({ request, fields, inputs });
  const known = new Map(fields.map(field => [field.ref.toLowerCase(), field]));
  const existing = (refs: readonly (string | null)[]): string[] => [
    ...new Set(refs.flatMap(ref => (ref === null ? [] : (known.get(ref.toLowerCase())?.ref ?? [])))),
  ];
  const named = [scope.orderField, scope.effortField, score, inHistory(explanation), scope.teamField];
  const own = [...named, ...Object.values(inputs).map(f => f.ref)];
  const tracked = existing([...watched, ...own]);
  const stamps = existing([fieldNames.changed, fieldNames.changedBy]);
  const { id, created, parent, description, reproSteps } = fieldNames;
  return {
    order: scope.orderField,
    effort: scope.effortField,
    score,
    ...(explanation === null ? {} : { explanation }),
    inputs,
    sources: sourcesOf(scope, inputs, known),
    tracked,
    batch: [
      ...new Set([
        ...existing([id, created, parent, description, reproSteps, explanation?.ref ?? null]),
        ...stamps,
        ...tracked,
      ]),
    ],
    feed: [...new Set([...stamps, ...tracked, ...existing([fieldNames.deleted])])],
  };
}

function scoreFieldOf(wanted: string, backlog: string, fields: readonly Field[]): string {
  const field = resolveField(wanted, fields, `Backlog ${backlog}: write.score`);
  if (!field.numeric)
    throw new ConfigError(`Backlog ${backlog}: write.score names ${labelOf(field)}, which holds no numbers.`);
  if (field.readOnly)
    throw new ConfigError(`Backlog ${backlog}: write.score names ${labelOf(field)}, which is read-only.`);
  return field.ref;
}

/** The revision feed carries no long texts, so that only a text of one line has a history. */
function inHistory(field: TextField | null): string | null {
  return field?.text === 'line' ? field.ref : null;
}

/** A free text of the process or the team's own. System fields are people's, and so are repro steps: their words count. */
function explanationFieldOf(known: {
  readonly request: BacklogRequest;
  readonly fields: readonly Field[];
  readonly inputs: Readonly<Record<string, Field>>;
}): TextField | null {
  const wanted = known.request.explanation ?? null;
  if (wanted === null) return null;
  const what = `Backlog ${known.request.name}: write.explanation`;
  if (wanted === 'property') {
    throw new ConfigError(`${what}: Azure DevOps has no properties on work items. Name a text field.`);
  }
  const field = resolveField(wanted, known.fields, what);
  const refuse = (why: string): never => {
    throw new ConfigError(`${what} names ${labelOf(field)}, which ${why}. Name a text field made for it.`);
  };
  if (field.text === null) return refuse('holds no free text');
  if (field.readOnly) return refuse('is read-only');
  if (field.ref.startsWith('System.') || field.ref === fieldNames.reproSteps) return refuse('holds what people write');
  const reader = Object.entries(known.inputs).find(([, { ref }]) => ref === field.ref);
  if (reader !== undefined) return refuse(`is read by factor ${reader[0]}`);
  return { ref: field.ref, text: field.text };
}

function sourcesOf(
  scope: TeamScope,
  inputs: Readonly<Record<string, Field>>,
  known: ReadonlyMap<string, Field>,
): Readonly<Record<string, string>> {
  const label = (ref: string): string => labelOf(known.get(ref.toLowerCase()) ?? { ref, name: ref });
  return {
    priority: label(fieldNames.priority),
    effort: scope.effortField === null ? 'none: this process has no effort field' : label(scope.effortField),
    urgency: `${label(fieldNames.dueDate)}, else ${label(fieldNames.targetDate)}`,
    demand: label(fieldNames.comments),
    age: label(fieldNames.created),
    ...Object.fromEntries(Object.entries(inputs).map(([factor, field]) => [factor, labelOf(field)])),
  };
}
