import type { FieldDefinition, Issue, LinkType, Priority, Project, Sprint, Status, World, IssueType } from './model.ts';
import { jiraTime } from './jira-time.ts';
import { objectOf, type Json } from './json.ts';
import { personJson } from './people.ts';

/** Wire forms of what an issue holds. */

const CATEGORIES = {
  undefined: [1, 'medium-gray', 'No Category'],
  new: [2, 'blue-gray', 'To Do'],
  done: [3, 'green', 'Done'],
  indeterminate: [4, 'yellow', 'In Progress'],
} as const;

export function statusJson(status: Status, base: string): Json {
  const [id, colorName, name] = CATEGORIES[status.category];
  return {
    self: `${base}/rest/api/3/status/${status.id}`,
    description: '',
    iconUrl: `${base}/images/icons/statuses/generic.png`,
    name: status.name,
    id: status.id,
    statusCategory: { self: `${base}/rest/api/3/statuscategory/${id}`, id, key: status.category, colorName, name },
  };
}

export function priorityJson(priority: Priority, base: string): Json {
  return {
    self: `${base}/rest/api/3/priority/${priority.id}`,
    iconUrl: `${base}/images/icons/priorities/${encodeURIComponent(priority.name.toLowerCase())}.svg`,
    name: priority.name,
    id: priority.id,
  };
}

export function typeJson(type: IssueType, base: string): Json {
  return {
    self: `${base}/rest/api/3/issuetype/${type.id}`,
    id: type.id,
    description: '',
    iconUrl: `${base}/images/icons/issuetypes/generic.png`,
    name: type.name,
    subtask: type.subtask,
    hierarchyLevel: hierarchyLevel(type),
  };
}

/** 1 above the ordinary issues, -1 below them. */
export function hierarchyLevel(type: IssueType): -1 | 0 | 1 {
  if (type.subtask) return -1;
  return type.name === 'Epic' ? 1 : 0;
}

export function projectJson(project: Project, base: string): Json {
  return {
    self: `${base}/rest/api/3/project/${project.id}`,
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: 'software',
    simplified: false,
  };
}

/** As the sprint field holds it: with `boardId`, without `self`. */
export function sprintJson(sprint: Sprint): Json {
  return {
    id: sprint.id,
    name: sprint.name,
    state: sprint.state,
    ...(sprint.boardId === null ? {} : { boardId: sprint.boardId }),
    goal: '',
    ...(sprint.startDate === null ? {} : { startDate: sprint.startDate }),
    ...(sprint.endDate === null ? {} : { endDate: sprint.endDate }),
    ...(sprint.completeDate === null ? {} : { completeDate: sprint.completeDate }),
  };
}

export function linkTypeJson(type: LinkType, base: string): Json {
  return {
    id: type.id,
    name: type.name,
    inward: type.inward,
    outward: type.outward,
    self: `${base}/rest/api/3/issueLinkType/${type.id}`,
  };
}

/** An issue inside another one: parent, sub-task, linked. */
export function briefJson(world: World, issue: Issue): Json {
  const priority = issue.priority === null ? {} : { priority: priorityJson(issue.priority, world.base) };
  return {
    id: String(issue.id),
    key: issue.key,
    self: issueUrl(world, issue.id),
    fields: {
      summary: issue.summary,
      status: statusJson(issue.status, world.base),
      ...priority,
      issuetype: typeJson(issue.type, world.base),
    },
  };
}

export function issueUrl(world: World, id: number): string {
  return `${world.base}/rest/api/3/issue/${id}`;
}

type Maker = (world: World, issue: Issue) => unknown;

const time = (world: World, ms: number): string => jiraTime(ms, world.offsetMinutes);

const MAKERS: Readonly<Record<string, Maker>> = {
  summary: (_, issue) => issue.summary,
  description: (_, issue) => issue.description,
  issuetype: (world, issue) => typeJson(issue.type, world.base),
  project: (world, issue) => projectJson(issue.project, world.base),
  status: (world, issue) => statusJson(issue.status, world.base),
  statusCategory: (world, issue) => statusJson(issue.status, world.base)['statusCategory'],
  priority: (world, issue) => (issue.priority === null ? null : priorityJson(issue.priority, world.base)),
  assignee: (world, issue) => personJson(issue.assignee, world.base),
  reporter: (world, issue) => personJson(issue.reporter, world.base),
  creator: (world, issue) => personJson(issue.creator, world.base),
  created: (world, issue) => time(world, issue.created),
  updated: (world, issue) => time(world, issue.updated),
  labels: (_, issue) => issue.labels,
  duedate: (_, issue) => issue.duedate,
  votes: (world, issue) => ({ self: `${issueUrl(world, issue.id)}/votes`, votes: issue.votes, hasVoted: false }),
  watches: (world, issue) => ({
    self: `${issueUrl(world, issue.id)}/watchers`,
    watchCount: issue.watches,
    isWatching: false,
  }),
  issuelinks: (world, issue) => issue.links.map(link => linkJson(world, link)),
  subtasks: (world, issue) => subtasksOf(world, issue).map(child => briefJson(world, child)),
  attachment: () => [],
  comment: (world, issue) => embeddedComments(world, issue),
  worklog: (world, issue) => embeddedWorklogs(world, issue),
};

/** What this field of this issue looks like on the wire; undefined where the issue has no such field. */
export function fieldValue(world: World, issue: Issue, field: FieldDefinition): unknown {
  const made = MAKERS[field.id];
  if (made !== undefined) return made(world, issue);
  if (field.id === world.rankField) return issue.rank;
  if (field.id === world.sprintField) return issue.sprints.length === 0 ? null : sprintsJson(world, issue.sprints);
  if (field.schema?.['type'] === 'user') return personField(world, issue.other[field.id]);
  // A bare id field is not a field of the answer (`issuekey`, `thumbnail`).
  if (field.schema === undefined) return undefined;
  return issue.other[field.id] ?? (field.schema['type'] === 'array' ? emptyList(field) : null);
}

function emptyList(field: FieldDefinition): readonly unknown[] | null {
  return field.custom ? null : [];
}

function personField(world: World, raw: unknown): Json | null {
  return personJson(world.people.get(String(objectOf(raw)['accountId'])) ?? null, world.base);
}

export function sprintsJson(world: World, ids: readonly number[]): readonly Json[] {
  return ids.flatMap(id => {
    const sprint = world.sprints.get(id);
    return sprint === undefined ? [] : [sprintJson(sprint)];
  });
}

/** The parent, for fields that answers hold only where there is one. */
export function parentJson(world: World, issue: Issue): Json | null {
  const parent = issue.parentKey === null ? undefined : world.keys.get(issue.parentKey.toUpperCase());
  return parent === undefined ? null : briefJson(world, parent);
}

function subtasksOf(world: World, issue: Issue): readonly Issue[] {
  return [...world.issues.values()].filter(child => child.type.subtask && child.parentKey === issue.key);
}

function linkJson(world: World, link: Issue['links'][number]): Json {
  const other = world.issues.get(link.otherId);
  const outside = {
    id: String(link.otherId),
    key: link.otherKey,
    self: issueUrl(world, link.otherId),
    fields: link.otherFields,
  };
  return {
    id: link.id,
    self: `${world.base}/rest/api/3/issueLink/${link.id}`,
    type: linkTypeJson(link.type, world.base),
    [`${link.direction}Issue`]: other === undefined ? outside : briefJson(world, other),
  };
}

export function commentJson(world: World, issue: Issue, comment: Issue['comments'][number]): Json {
  return {
    self: `${issueUrl(world, issue.id)}/comment/${comment.id}`,
    id: comment.id,
    ...(comment.author === null ? {} : { author: personJson(comment.author, world.base) }),
    body: comment.body ?? { type: 'doc', version: 1, content: [] },
    ...(comment.updateAuthor === null ? {} : { updateAuthor: personJson(comment.updateAuthor, world.base) }),
    created: time(world, comment.created),
    updated: time(world, comment.updated),
    jsdPublic: true,
  };
}

export function worklogJson(world: World, issue: Issue, worklog: Issue['worklogs'][number]): Json {
  const author = worklog.author === null ? {} : { author: personJson(worklog.author, world.base) };
  return {
    self: `${issueUrl(world, issue.id)}/worklog/${worklog.id}`,
    ...author,
    ...(worklog.author === null ? {} : { updateAuthor: personJson(worklog.author, world.base) }),
    ...(worklog.comment === null ? {} : { comment: worklog.comment }),
    created: time(world, worklog.created),
    updated: time(world, worklog.updated),
    started: time(world, worklog.started),
    timeSpent: `${Math.max(1, Math.round(worklog.timeSpentSeconds / 60))}m`,
    timeSpentSeconds: worklog.timeSpentSeconds,
    id: worklog.id,
    issueId: String(issue.id),
  };
}

/** Embedded lists are cut short; the whole is at their own addresses. */
const EMBEDDED = 20;

function embeddedComments(world: World, issue: Issue): Json {
  const shown = issue.comments.slice(0, EMBEDDED);
  return {
    comments: shown.map(comment => commentJson(world, issue, comment)),
    self: `${issueUrl(world, issue.id)}/comment`,
    maxResults: EMBEDDED,
    total: issue.comments.length,
    startAt: 0,
  };
}

function embeddedWorklogs(world: World, issue: Issue): Json {
  const shown = issue.worklogs.slice(0, EMBEDDED);
  return {
    startAt: 0,
    maxResults: EMBEDDED,
    total: issue.worklogs.length,
    worklogs: shown.map(worklog => worklogJson(world, issue, worklog)),
  };
}
