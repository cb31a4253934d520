import { z } from 'zod';
import { itemRef, type Activity, type FieldChange } from '../item.ts';
import { Id, parse } from './json.ts';
import type { AnnouncedItem, Announcement } from './ports.ts';

/**
 * Jira's admin webhooks. Payloads are unordered and may lag behind; only ids are taken from them, and of `issue_updated`
 * the fields that changed. Shapes: developer.atlassian.com/cloud/jira/platform/webhooks/.
 */
const Envelope = z.object({ webhookEvent: z.string(), timestamp: z.number().positive().nullish().catch(null) });

const Issue = z.object({ id: Id, key: z.string().nullish().catch(null) });

const Item = z.object({
  field: z.string(),
  from: z.string().nullish().catch(null),
  to: z.string().nullish().catch(null),
  fromString: z.string().nullish().catch(null),
  // As an own key: every object has a method of this name.
  toString: z.string().nullish().catch(null),
});
type Item = z.infer<typeof Item>;

const Updated = z.object({
  issue: Issue,
  issue_event_type_name: z.string().nullish().catch(null),
  user: z
    .object({ accountId: z.string(), displayName: z.string().catch('') })
    .nullish()
    .catch(null),
  changelog: z
    .object({ id: z.union([z.string(), z.number()]).transform(String).catch(''), items: z.array(Item) })
    .nullish()
    .catch(null),
});

const WithIssue = z.object({ issue: Issue });
const Comment = z.object({ issue: Issue.nullish(), comment: z.object({ self: z.string() }) });
const Worklog = z.object({ worklog: z.object({ issueId: Id }) });
const Link = z.object({ issueLink: z.object({ sourceIssueId: Id, destinationIssueId: Id }) });
const Sprint = z.object({
  sprint: z.object({ name: z.string(), originBoardId: z.number().nullish().catch(null) }),
  oldValue: z.object({ name: z.string() }).nullish().catch(null),
});

/** What a Jira delivery announces; null for an event that says nothing of items. Throws MalformedError. */
export function announcedByJira(body: unknown, delivery: string | undefined): Announcement | null {
  const { webhookEvent, timestamp } = parse(Envelope, body);
  const said = readEvent(webhookEvent, body);
  if (said === null) return null;
  const at = timestamp === null || timestamp === undefined ? null : new Date(timestamp);
  const change = said.change === undefined || at === null ? null : said.change(at);
  return { id: delivery ?? null, at, items: [], sprints: [], boards: [], moved: false, ...said, change };
}

type Said = Partial<Pick<Announcement, 'items' | 'sprints' | 'boards' | 'moved'>> & {
  readonly change?: (at: Date) => Activity | null;
};

function readEvent(event: string, body: unknown): Said | null {
  if (event === 'jira:issue_updated') return readUpdate(body);
  if (event === 'jira:issue_deleted') return { items: [held(parse(WithIssue, body).issue)] };
  if (event.startsWith('jira:issue_')) return { items: [announced(parse(WithIssue, body).issue)] };
  if (event.startsWith('comment_')) return readComment(body);
  if (event.startsWith('worklog_')) return { items: [unplaced(parse(Worklog, body).worklog.issueId)] };
  if (event.startsWith('issuelink_')) {
    const { sourceIssueId, destinationIssueId } = parse(Link, body).issueLink;
    return { items: [unplaced(sourceIssueId), unplaced(destinationIssueId)] };
  }
  return event.startsWith('sprint_') ? readSprint(event, body) : null;
}

/** Fields whose change brings an issue into another project, and with it into other backlogs. */
const moving = new Set(['project', 'key', 'issue type', 'issuetype']);

function readUpdate(body: unknown): Said {
  const { issue, user, changelog, issue_event_type_name: kind } = parse(Updated, body);
  const items = changelog?.items ?? [];
  const fields = items.map(fieldOf);
  // A comment may ride on an update; it is never ours.
  const plain = fields.length > 0 && kind !== 'issue_commented' && !hasComment(body);
  const actor =
    user === null || user === undefined ? null : { id: user.accountId, name: user.displayName, automated: false };
  const id = changelog?.id ?? '';
  return {
    items: [announced(issue)],
    moved: items.some(item => moving.has(item.field.toLowerCase())),
    ...(plain ? { change: (at: Date) => ({ id, at, actor, kind: 'changed' as const, fields }) } : {}),
  };
}

function hasComment(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'comment' in body && body.comment !== null;
}

/** A rank entry carries no value: neither ids nor a number, only words such as "Ranked higher". */
function fieldOf(item: Item): FieldChange {
  const { field, fromString, toString: toText } = item;
  const [from, to] = [fromString ?? null, toText ?? null];
  const blank = (text: string | null | undefined): boolean => text === null || text === undefined || text === '';
  if (field === 'Rank' && blank(item.from) && blank(item.to)) return { kind: 'rank', field, from, to };
  if (field !== 'labels') return { kind: 'other', field, from, to };
  const [before, after] = [wordsOf(from), wordsOf(to)];
  return {
    kind: 'labels',
    field,
    from,
    to,
    added: after.filter(label => !before.includes(label)),
    removed: before.filter(label => !after.includes(label)),
  };
}

/** Labels hold no blanks. */
function wordsOf(text: string | null): readonly string[] {
  return text === null ? [] : text.split(/\s+/).filter(word => word !== '');
}

/** Data Center tells a comment without its issue; the comment's own address names it. */
function readComment(body: unknown): Said {
  const { issue, comment } = parse(Comment, body);
  if (issue !== null && issue !== undefined) return { items: [held(issue)] };
  return { items: [unplaced(parse(Id, /\/issue\/(\d+)\/comment\//.exec(comment.self)?.[1]))] };
}

/**
 * A sprint that starts, ends, goes or is renamed changes what stands on a backlog, and none of its issues is changed by
 * it: they must be read by id. A new sprint has none yet. A board's backlog leaves out what is in a sprint, so that nobody
 * knows which issues fall back into it when the sprint ends: the whole of it must be read.
 */
function readSprint(event: string, body: unknown): Said {
  const { sprint, oldValue } = parse(Sprint, body);
  if (event === 'sprint_created') return { sprints: [] };
  const names = [sprint.name, oldValue?.name ?? sprint.name];
  // No database holds such a text, so no item is in such a sprint.
  const { originBoardId } = sprint;
  const ended = event === 'sprint_closed' || event === 'sprint_deleted';
  return {
    sprints: [...new Set(names)].filter(name => !name.includes('\0')),
    boards: ended && typeof originBoardId === 'number' ? [originBoardId] : [],
  };
}

function announced({ id, key }: z.infer<typeof Issue>): AnnouncedItem {
  return { ref: itemRef('jira', id), project: /^(.+)-\d+$/.exec(key ?? '')?.[1] ?? null };
}

function held(issue: z.infer<typeof Issue>): AnnouncedItem {
  return { ...announced(issue), concerns: 'holders' };
}

function unplaced(id: string): AnnouncedItem {
  return { ref: itemRef('jira', id), project: null, concerns: 'holders' };
}
