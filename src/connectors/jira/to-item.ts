import { createHash } from 'node:crypto';
import { BadAnswerError } from '../../errors.ts';
import { absent, itemRef, unreadable, value, type BacklogItem, type ItemRef, type Priority } from '../../item.ts';
import type { Progress, Reading } from '../../item.ts';
import { countWords } from './adf-words.ts';
import { explanationReading } from './explanation.ts';
import { explanationField, type BacklogFields, type FoundField } from './fields.ts';
import { dateReading, inputReading, isRecord, nameOf, numberReading, textOf } from './readings.ts';
import type { WireIssue } from './schema.ts';
import { runningSprint } from './sprint.ts';

export interface ItemContext {
  readonly fields: BacklogFields;
  /** The site's priorities, most important first. */
  readonly priorities: readonly string[];
  /** Ids of statuses that stand in a later column of a kanban board than its backlog. */
  readonly startedStatuses: ReadonlySet<string>;
  /** The site people open, without trailing slash; empty when it did not say. */
  readonly siteUrl: string;
  /** Lower case. */
  readonly blockerLinkTypes: ReadonlySet<string>;
}

/** What `memo` holds: a mark of everything but our own writes, to tell whether an item may have left the scope. */
export interface Memo {
  readonly mark: string;
}

const ownFields = ['updated', 'labels', 'votes', 'watches', 'comment', 'worklog', 'issuelinks'];

export const refOf = (id: string | number): ItemRef => itemRef('jira', id);

/** The fields to ask for: never more than are used, since Jira's default is either nothing or everything. */
export function wantedFields(fields: BacklogFields): readonly string[] {
  const { rank, sprint, effort, score, inputs } = fields;
  const own = [sprint, score, explanationField(fields)].flatMap(field => field ?? []);
  const found = [rank, ...effort, ...Object.values(inputs), ...own];
  return [...new Set([...systemFields, ...found.map(field => field.id)])];
}

const systemFields = [
  'summary',
  'issuetype',
  'status',
  'parent',
  'priority',
  'labels',
  'created',
  'updated',
  'duedate',
  'description',
  'issuelinks',
  'votes',
  'watches',
];

/** Issue -> item. Pure; one unreadable field stays unreadable and fails nothing else. */
export function toItem(issue: WireIssue, context: ItemContext): BacklogItem {
  const { fields: known } = context;
  const { fields } = issue;
  const { issuetype, status, parent } = fields;
  return {
    ref: refOf(issue.id),
    key: issue.key,
    title: textOf(fields['summary']) ?? '',
    url: context.siteUrl === '' ? null : `${context.siteUrl}/browse/${encodeURIComponent(issue.key)}`,
    type: nameOf(issuetype) ?? '',
    parent: isRecord(parent) && textOf(parent['id']) !== null ? refOf(String(parent['id'])) : null,
    onLevel: !(isRecord(issuetype) && issuetype['subtask'] === true),
    progress: progressOf(status, context.startedStatuses),
    trackerStatus: nameOf(status) ?? '',
    sprint: known.sprint === null ? null : runningSprint(fields[known.sprint.id]),
    createdAt: instant(issue, 'created'),
    changedAt: instant(issue, 'updated'),
    version: String(fields['updated']),
    order: textOf(fields[known.rank.id]),
    labels: labelsOf(fields['labels']),
    priority: priorityOf(fields['priority'], context.priorities),
    effort: effortOf(fields, known.effort),
    due: dateReading(fields['duedate']),
    demand: demandOf(fields['votes'], fields['watches']),
    inputs: Object.fromEntries(
      Object.entries(known.inputs).map(([factor, field]) => [factor, inputReading(fields[field.id])]),
    ),
    scoreField: known.score === null ? absent : numberReading(fields[known.score.id]),
    ...(known.explanation === undefined ? {} : { explanation: explanationReading(issue, known.explanation) }),
    words: countWords(fields['description']),
    blockedBy: blockersOf(fields['issuelinks'], context.blockerLinkTypes),
    memo: { mark: markOf(issue, known) } satisfies Memo,
  };
}

function instant(issue: WireIssue, name: string): Date {
  const at = new Date(textOf(issue.fields[name]) ?? '');
  if (Number.isNaN(at.getTime())) throw new BadAnswerError(`Jira sent ${issue.key} without a readable ${name} date.`);
  return at;
}

/**
 * By category, since status names are anybody's. Jira's hidden category `undefined` says nothing; a column beyond the
 * backlog means that work has begun, whatever the category says.
 */
function progressOf(status: unknown, started: ReadonlySet<string>): Progress {
  const category = isRecord(status) && isRecord(status['statusCategory']) ? status['statusCategory']['key'] : null;
  if (category === 'done') return 'done';
  if (category === 'indeterminate') return 'doing';
  return isRecord(status) && started.has(String(status['id'])) ? 'doing' : 'todo';
}

function labelsOf(raw: unknown): readonly string[] {
  return Array.isArray(raw) ? raw.filter(label => typeof label === 'string') : [];
}

function priorityOf(raw: unknown, scheme: readonly string[]): Reading<Priority> {
  if (raw === null || raw === undefined) return absent;
  const name = nameOf(raw);
  return name === null ? unreadable(raw, 'a priority without a name') : value({ name, scheme });
}

/** Time tracking counts in seconds; people estimate in hours. */
function effortOf(fields: WireIssue['fields'], candidates: readonly FoundField[]): Reading<number> {
  for (const { id } of candidates) {
    const reading = numberReading(fields[id]);
    if (reading.kind === 'absent') continue;
    const seconds = id === 'timeoriginalestimate' || id === 'timeestimate';
    return reading.kind === 'value' && seconds ? value(reading.value / 3600) : reading;
  }
  return absent;
}

function demandOf(votes: unknown, watches: unknown): Reading<number> {
  const counts = [
    numberReading(isRecord(votes) ? votes['votes'] : undefined),
    numberReading(isRecord(watches) ? watches['watchCount'] : undefined),
  ];
  if (counts.every(count => count.kind === 'absent')) return absent;
  const bad = counts.find(count => count.kind === 'unreadable');
  return bad ?? value(counts.reduce((sum, count) => sum + (count.kind === 'value' ? count.value : 0), 0));
}

/** An issue's own link shows `inwardIssue` where the link reads inward: type Blocks, "is blocked by" that issue. */
function blockersOf(raw: unknown, types: ReadonlySet<string>): readonly ItemRef[] {
  if (!Array.isArray(raw)) return [];
  const refs = raw.flatMap((link: unknown): ItemRef[] => {
    if (!isRecord(link) || !isRecord(link['inwardIssue'])) return [];
    const id = textOf(link['inwardIssue']['id']);
    return id !== null && types.has((nameOf(link['type']) ?? '').toLowerCase()) ? [refOf(id)] : [];
  });
  return [...new Set(refs)];
}

function markOf(issue: WireIssue, known: BacklogFields): string {
  const own = [known.rank, known.score, explanationField(known)].flatMap(field => field?.id ?? []);
  const skipped = new Set([...ownFields, ...own]);
  const kept = Object.entries(issue.fields).filter(([name]) => !skipped.has(name));
  const sorted = kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha1')
    .update(JSON.stringify([issue.key, sorted]))
    .digest('base64url')
    .slice(0, 12);
}
