import { isDocument, plainText, type Document } from './adf.ts';
import type { Issue, IssueType, Link, Person, Priority, Project, Status, World } from './model.ts';
import type { FieldChange } from './record.ts';

/** Changes by field, each with the words history uses for it; null where the value is that already. */

type Words = readonly [id: string | null, text: string | null];

function systemItem(fieldId: string, from: Words, to: Words, field = fieldId): FieldChange['item'] {
  return { field, fieldtype: 'jira', fieldId, from: from[0], fromString: from[1], to: to[0], toString: to[1] };
}

/** Labels as a set; history holds them whole, joined by spaces. */
export function changeLabels(issue: Issue, labels: readonly string[]): FieldChange | null {
  const wanted = [...new Set(labels)];
  if (wanted.length === issue.labels.length && wanted.every(label => issue.labels.includes(label))) return null;
  return {
    item: systemItem('labels', ['', issue.labels.join(' ')], ['', wanted.join(' ')]),
    apply: target => void (target.labels = wanted),
  };
}

export function changeSummary(issue: Issue, summary: string): FieldChange | null {
  if (issue.summary === summary) return null;
  return {
    item: systemItem('summary', [null, issue.summary], [null, summary]),
    apply: target => void (target.summary = summary),
  };
}

export function changeDescription(issue: Issue, description: Document | null): FieldChange | null {
  const text = (document: Document | null): string | null => (document === null ? null : plainText(document));
  if (JSON.stringify(issue.description) === JSON.stringify(description)) return null;
  return {
    item: systemItem('description', [null, text(issue.description)], [null, text(description)]),
    apply: target => void (target.description = description),
  };
}

export function changeStatus(issue: Issue, status: Status): FieldChange | null {
  if (issue.status.id === status.id) return null;
  return {
    item: systemItem('status', [issue.status.id, issue.status.name], [status.id, status.name]),
    apply: target => void (target.status = status),
  };
}

export function changePriority(issue: Issue, priority: Priority | null): FieldChange | null {
  if (issue.priority?.id === priority?.id) return null;
  return {
    item: systemItem('priority', words(issue.priority), words(priority)),
    apply: target => void (target.priority = priority),
  };
}

function words(named: { readonly id: string; readonly name: string } | null): Words {
  return [named?.id ?? null, named?.name ?? null];
}

export function changeAssignee(issue: Issue, assignee: Person | null): FieldChange | null {
  if (issue.assignee?.accountId === assignee?.accountId) return null;
  const named = (person: Person | null): Words => [person?.accountId ?? null, person?.displayName ?? null];
  return {
    item: systemItem('assignee', named(issue.assignee), named(assignee)),
    apply: target => void (target.assignee = assignee),
  };
}

/** `2026-11-24`, or null for none. */
export function changeDuedate(issue: Issue, duedate: string | null): FieldChange | null {
  if (issue.duedate === duedate) return null;
  const shown = (date: string | null): Words => [date, date === null ? null : `${date} 00:00:00.0`];
  return {
    item: systemItem('duedate', shown(issue.duedate), shown(duedate)),
    apply: target => void (target.duedate = duedate),
  };
}

export function changeType(issue: Issue, type: IssueType): FieldChange | null {
  if (issue.type.id === type.id) return null;
  return {
    item: systemItem('issuetype', words(issue.type), words(type)),
    apply: target => void (target.type = type),
  };
}

/** Any custom field whose value goes out as it is. */
export function changeCustom(
  world: World,
  issue: Issue,
  change: { readonly fieldId: string; readonly value: unknown },
): FieldChange | null {
  const { fieldId, value } = change;
  const before = issue.other[fieldId] ?? null;
  if (JSON.stringify(before) === JSON.stringify(value)) return null;
  const shown = (held: unknown): string | null =>
    held === null || held === undefined ? null : isDocument(held) ? plainText(held) : String(held);
  return {
    item: {
      field: world.fields.get(fieldId)?.name ?? fieldId,
      fieldtype: 'custom',
      fieldId,
      from: null,
      fromString: shown(before),
      to: null,
      toString: shown(value),
    },
    apply: target => void (target.other = { ...target.other, [fieldId]: value }),
  };
}

/** Into a sprint, or out of all that are not closed (null). */
export function changeSprint(world: World, issue: Issue, sprintId: number | null): FieldChange | null {
  const closed = issue.sprints.filter(id => world.sprints.get(id)?.state === 'closed');
  const next = sprintId === null ? closed : [...closed, sprintId];
  if (next.join() === issue.sprints.join()) return null;
  const ids = (sprints: readonly number[]): string => sprints.join(', ');
  const names = (sprints: readonly number[]): string => sprints.map(id => world.sprints.get(id)?.name ?? '').join(', ');
  return {
    item: {
      field: 'Sprint',
      fieldtype: 'custom',
      fieldId: world.sprintField,
      from: ids(issue.sprints),
      fromString: names(issue.sprints),
      to: ids(next),
      toString: names(next),
    },
    apply: target => void (target.sprints = next),
  };
}

/** History tells a direction, never a place. */
export function changeRank(world: World, rank: string, higher: boolean): FieldChange {
  const toString = higher ? 'Ranked higher' : 'Ranked lower';
  const item = {
    field: 'Rank',
    fieldtype: 'custom',
    fieldId: world.rankField,
    from: '',
    fromString: '',
    to: '',
    toString,
  };
  return { item, apply: target => void (target.rank = rank) };
}

export function changeLinks(issue: Issue, added: Link): FieldChange {
  const words = added.direction === 'inward' ? added.type.inward : added.type.outward;
  return {
    item: systemItem('issuelinks', [null, null], [added.otherKey, `This issue ${words} ${added.otherKey}`], 'Link'),
    apply: target => void (target.links = [...issue.links, added]),
  };
}

/** Into another project, under another key; the old key goes on leading there. */
export function changeProject(issue: Issue, project: Project, key: string): readonly FieldChange[] {
  const before = issue.key;
  return [
    {
      item: systemItem('project', [issue.project.id, issue.project.name], [project.id, project.name]),
      apply: target => void (target.project = project),
    },
    {
      item: { field: 'Key', fieldtype: 'jira', from: null, fromString: before, to: null, toString: key },
      apply: target => {
        target.key = key;
        target.oldKeys = [...target.oldKeys, before];
      },
    },
  ];
}
