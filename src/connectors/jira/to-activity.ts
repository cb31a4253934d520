import type { Activity, Actor, FieldChange, FieldKind } from '../../item.ts';
import { BadAnswerError } from '../../errors.ts';
import type { WireHistory, WireTalk, WireAuthor } from './schema.ts';

/** Which ids a history item may bear for the fields that the activity clock treats apart. */
export interface HistoryFields {
  /** All rank fields of the site, by id. */
  readonly rank: ReadonlySet<string>;
  readonly sprint: string | null;
  readonly score: { readonly id: string; readonly name: string } | null;
  /** The text field that holds our explanation. */
  readonly explanation?: { readonly id: string; readonly name: string } | null;
}

/** Histories of one issue -> activities, oldest first. Pure. */
export function toActivities(histories: readonly WireHistory[], fields: HistoryFields): readonly Activity[] {
  const seen = new Map(histories.map(history => [history.id, toActivity(history, fields)]));
  return [...seen.values()].sort((a, b) => a.at.getTime() - b.at.getTime() || compareIds(a.id, b.id));
}

function toActivity(history: WireHistory, fields: HistoryFields): Activity {
  return {
    id: history.id,
    at: instantOf(history.created),
    actor: actorOf(history.author),
    kind: 'changed',
    fields: history.items.map(item => toFieldChange(item, fields)),
  };
}

function toFieldChange(item: WireHistory['items'][number], fields: HistoryFields): FieldChange {
  const kind = kindOf(item, fields);
  const change = {
    kind,
    field: item.field,
    from: item.fromString ?? item.from ?? null,
    to: item.toString ?? item.to ?? null,
  };
  if (kind !== 'labels') return change;
  // Jira tells label changes as whole sets, joined by spaces; a label itself never holds one.
  const before = words(item.fromString);
  const after = words(item.toString);
  return {
    ...change,
    added: [...after].filter(label => !before.has(label)),
    removed: [...before].filter(label => !after.has(label)),
  };
}

/** By id where there is one; some items (`RemoteIssueLink`, `Workflow`, `IssueParentAssociation`) have a name only. */
function kindOf(
  item: WireHistory['items'][number],
  { rank, sprint, score, explanation = null }: HistoryFields,
): FieldKind {
  const id = item.fieldId ?? '';
  const name = item.field.toLowerCase();
  if (rank.has(id) || (!id.startsWith('customfield_') && name === 'rank')) return 'rank';
  if (id !== '' && id === sprint) return 'sprint';
  const is = (field: { readonly id: string; readonly name: string } | null): boolean =>
    field !== null && (id === field.id || (id === '' && name === field.name.toLowerCase()));
  if (is(score)) return 'score';
  if (is(explanation)) return 'explanation';
  return (
    byName[(id === '' ? name : id).toLowerCase()] ??
    (id.startsWith('customfield_') ? 'other' : (byName[name] ?? 'other'))
  );
}

const byName: Readonly<Record<string, FieldKind>> = {
  sprint: 'sprint',
  labels: 'labels',
  status: 'status',
  workflow: 'workflow',
  remoteissuelink: 'remote-link',
};

/** A comment or worklog -> activity. */
export function toTalk(kind: 'commented' | 'worklogged', talk: WireTalk): Activity {
  const prefix = kind === 'commented' ? 'c' : 'w';
  return { id: `${prefix}${talk.id}`, at: instantOf(talk.created), actor: actorOf(talk.author), kind, fields: [] };
}

function actorOf(user: WireAuthor | null | undefined): Actor | null {
  if (typeof user?.accountId !== 'string') return null;
  return { id: user.accountId, name: user.displayName ?? user.accountId, automated: user.accountType === 'app' };
}

/** Bulk answers count milliseconds; their schema's example counts seconds. */
function instantOf(created: number | string): Date {
  const at = new Date(typeof created === 'number' && created < 1e11 ? created * 1000 : created);
  if (Number.isNaN(at.getTime()))
    throw new BadAnswerError(`Jira sent a history entry dated ${JSON.stringify(created)}.`);
  return at;
}

function words(text: string | null | undefined): ReadonlySet<string> {
  return new Set((text ?? '').split(' ').filter(word => word !== ''));
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
