import { documentOf } from './adf.ts';
import { applyFields } from './edit-fields.ts';
import * as change from './changes.ts';
import type { Issue, LinkType, Person, Project, Sprint, World } from './model.ts';
import { ranksBetween } from './lexorank.ts';
import { personNamed } from './people.ts';
import { rankBlock } from './ranking.ts';
import { commit, remember, touch, type FieldChange } from './record.ts';
import { announce, findIssue, nextId, tick } from './world.ts';

export interface NewIssue {
  readonly projectKey: string;
  readonly summary: string;
  readonly type?: string;
  readonly description?: string;
  /** Field ids or names to values, as an edit takes them. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What people do in the browser. `by` is a display name or an account id; unknown names join the site. */
export interface Acts {
  /** Returns the new key; the issue comes last in rank. */
  createIssue(issue: NewIssue, by: string): string;
  /** Fields by id or name, values as the REST API takes them (description also as plain text). */
  editIssue(key: string, fields: Readonly<Record<string, unknown>>, by: string): void;
  /** What another app keeps on an issue: in no history, `updated` stays. */
  setProperty(key: string, propertyKey: string, value: unknown): void;
  transition(key: string, status: string, by: string): void;
  /** A drag; with `sprint`, from one list of the board to another: one save. null: to the backlog. */
  rank(
    key: string,
    place: ({ readonly before: string } | { readonly after: string }) & { readonly sprint?: number | null },
    by: string,
  ): void;
  addLabel(key: string, label: string, by: string): void;
  removeLabel(key: string, label: string, by: string): void;
  comment(key: string, text: string, by: string): void;
  worklog(key: string, minutes: number, by: string): void;
  createSprint(sprint: { readonly name: string; readonly state: Sprint['state']; readonly boardId: number }): number;
  /** Starts or closes a sprint. No issue gets a history entry, nor another `updated`. */
  setSprintState(sprintId: number, state: 'active' | 'closed'): void;
  /** null: out of every sprint that is not closed. */
  setSprint(key: string, sprintId: number | null, by: string): void;
  /** `from` does to `to` what the type's outward words say (`blocks`). */
  link(from: string, typeName: string, to: string, by: string): void;
  deleteIssue(key: string): void;
  /** Returns the new key. */
  moveProject(key: string, projectKey: string, by: string): string;
}

export function createActs(world: World): Acts {
  const edit = (key: string, by: string, changes: (issue: Issue) => readonly (FieldChange | null)[]): void => {
    const issue = found(world, key);
    const made = changes(issue).filter(one => one !== null);
    commit(world, issue, made, { author: personNamed(by, world.people) });
  };
  return {
    createIssue: (issue, by) => createIssue(world, issue, personNamed(by, world.people)),
    editIssue: (key, fields, by) =>
      edit(key, by, issue => applyFields(world, issue, byId(world, fields)).map(([, made]) => made)),
    setProperty(key, propertyKey, value) {
      const issue = found(world, key);
      issue.properties = new Map([...issue.properties, [propertyKey, value]]);
    },
    transition: (key, status, by) => edit(key, by, issue => [change.changeStatus(issue, statusNamed(world, status))]),
    rank(key, place, by) {
      const beside = 'before' in place ? { before: found(world, place.before) } : { after: found(world, place.after) };
      const anchor = place.sprint === undefined ? beside : { ...beside, sprint: place.sprint };
      rankBlock(world, [found(world, key)], anchor, personNamed(by, world.people));
    },
    addLabel: (key, label, by) => edit(key, by, issue => [change.changeLabels(issue, [...issue.labels, label])]),
    removeLabel: (key, label, by) =>
      edit(key, by, issue => [
        change.changeLabels(
          issue,
          issue.labels.filter(one => one !== label),
        ),
      ]),
    comment: (key, text, by) => addComment(world, found(world, key), text, personNamed(by, world.people)),
    worklog: (key, minutes, by) => addWorklog(world, found(world, key), minutes, personNamed(by, world.people)),
    createSprint: sprint => createSprint(world, sprint),
    setSprintState: (sprintId, state) => setSprintState(world, sprintId, state),
    setSprint: (key, sprintId, by) => edit(key, by, issue => [change.changeSprint(world, issue, sprintId)]),
    link: (from, typeName, to, by) => link(world, { from, typeName, to, by }),
    deleteIssue: key => deleteIssue(world, found(world, key)),
    moveProject: (key, projectKey, by) =>
      moveProject(world, found(world, key), projectNamed(world, projectKey), personNamed(by, world.people)),
  };
}

function found(world: World, key: string): Issue {
  const issue = findIssue(world, key);
  if (issue === null) throw new Error(`${key} is not on the emulated site.`);
  return issue;
}

function statusNamed(world: World, name: string): Issue['status'] {
  const status = [...world.statuses.values()].find(one => one.name === name);
  if (status === undefined) throw new Error(`The emulated site has no status "${name}".`);
  return status;
}

function projectNamed(world: World, key: string): Project {
  const project = world.projects.get(key);
  if (project === undefined) throw new Error(`The emulated site has no project ${key}.`);
  return project;
}

function byId(world: World, fields: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const all = [...world.fields.values()];
  return new Map(
    Object.entries(fields).map(([name, value]) => {
      const id = world.fields.has(name) ? name : (all.find(field => field.name === name)?.id ?? name);
      return [id, id === 'description' && typeof value === 'string' ? documentOf(value) : value];
    }),
  );
}

function createIssue(world: World, wish: NewIssue, by: Person): string {
  const project = projectNamed(world, wish.projectKey);
  const types = [...world.types.values()];
  const type = types.find(one => one.name === (wish.type ?? 'Story')) ?? types.find(one => !one.subtask);
  const status = [...world.statuses.values()].find(one => one.category === 'new');
  if (type === undefined || status === undefined) throw new Error('The emulated site has no issue type or status.');
  const created = tick(world);
  const issue: Issue = {
    ...{ id: nextId(world), key: freeKey(world, project), oldKeys: [], project, type, status },
    ...{ priority: world.priorities[Math.floor(world.priorities.length / 2)] ?? null, assignee: null },
    ...{ reporter: by, creator: by, summary: wish.summary, description: documentOf(wish.description ?? '') },
    ...{ labels: [], duedate: null, votes: 0, watches: 1, sprints: [], parentKey: null, links: [] },
    ...{ rank: ranksBetween(world.order.at(-1)?.rank ?? null, null, 1)[0] ?? '', created, updated: created },
    ...{ other: {}, comments: [], worklogs: [], histories: [], properties: new Map<string, unknown>() },
  };
  remember(world, issue, null);
  for (const [, made] of applyFields(world, issue, byId(world, wish.fields ?? {}))) made?.apply(issue);
  world.issues.set(issue.id, issue);
  world.keys.set(issue.key.toUpperCase(), issue);
  world.order.push(issue);
  announce(world, { name: 'jira:issue_created', at: created, issue, by });
  return issue.key;
}

function freeKey(world: World, project: Project): string {
  let highest = 0;
  for (const key of world.keys.keys()) {
    if (key.startsWith(`${project.key}-`)) highest = Math.max(highest, Number(key.slice(project.key.length + 1)));
  }
  return `${project.key}-${highest + 1}`;
}

function addComment(world: World, issue: Issue, text: string, author: Person): void {
  const created = touch(world, issue);
  const comment = {
    id: String(nextId(world)),
    author,
    updateAuthor: author,
    created,
    updated: created,
    body: documentOf(text),
  };
  issue.comments = [...issue.comments, comment];
  announce(world, { name: 'comment_created', at: created, issue, comment });
}

function addWorklog(world: World, issue: Issue, minutes: number, author: Person): void {
  const created = touch(world, issue);
  const times = { created, updated: created, started: created - minutes * 60_000 };
  const worklog = { id: String(nextId(world)), author, ...times, timeSpentSeconds: minutes * 60, comment: null };
  issue.worklogs = [...issue.worklogs, worklog];
  announce(world, { name: 'worklog_created', at: created, issue, worklog });
}

function createSprint(
  world: World,
  sprint: { readonly name: string; readonly state: Sprint['state']; readonly boardId: number },
): number {
  const id = Math.max(0, ...world.sprints.keys()) + 1;
  const now = new Date(tick(world));
  const end = new Date(now.getTime() + 14 * 86_400_000);
  const dates =
    sprint.state === 'future'
      ? { startDate: null, endDate: null }
      : { startDate: now.toISOString(), endDate: end.toISOString() };
  const made = { id, ...sprint, ...dates, completeDate: null };
  world.sprints.set(id, made);
  announce(world, { name: 'sprint_created', at: now.getTime(), sprint: made });
  return id;
}

function setSprintState(world: World, id: number, state: 'active' | 'closed'): void {
  const sprint = world.sprints.get(id);
  if (sprint === undefined) throw new Error(`The emulated site has no sprint ${id}.`);
  const at = tick(world);
  const when = new Date(at).toISOString();
  const next = state === 'active' ? { ...sprint, state, startDate: when } : { ...sprint, state, completeDate: when };
  world.sprints.set(id, next);
  announce(world, { name: state === 'active' ? 'sprint_started' : 'sprint_closed', at, sprint: next });
}

function link(world: World, wish: { from: string; typeName: string; to: string; by: string }): void {
  const type = linkTypeNamed(world, wish.typeName);
  const [from, to, author] = [found(world, wish.from), found(world, wish.to), personNamed(wish.by, world.people)];
  const id = String(nextId(world));
  const ends = [
    [from, to, 'outward'],
    [to, from, 'inward'],
  ] as const;
  for (const [issue, other, direction] of ends) {
    const added = { id, type, direction, otherId: other.id, otherKey: other.key, otherFields: {} };
    commit(world, issue, [change.changeLinks(issue, added)], { author });
  }
  announce(world, { name: 'issuelink_created', at: tick(world), link: { id, from: from.id, to: to.id, type } });
}

function linkTypeNamed(world: World, name: string): LinkType {
  const known = [...world.linkTypes.values()].find(type => type.name === name);
  if (known !== undefined) return known;
  const type = { id: String(nextId(world)), name, inward: 'is blocked by', outward: 'blocks' };
  world.linkTypes.set(type.id, type);
  return type;
}

function deleteIssue(world: World, issue: Issue): void {
  remember(world, issue);
  announce(world, { name: 'jira:issue_deleted', at: tick(world), issue, by: null });
  world.issues.delete(issue.id);
  for (const key of [issue.key, ...issue.oldKeys]) world.keys.delete(key.toUpperCase());
  world.order = world.order.filter(other => other !== issue);
  for (const other of world.issues.values()) {
    if (other.links.some(one => one.otherId === issue.id))
      other.links = other.links.filter(one => one.otherId !== issue.id);
  }
}

function moveProject(world: World, issue: Issue, project: Project, author: Person): string {
  const key = freeKey(world, project);
  commit(world, issue, change.changeProject(issue, project, key), { author });
  world.keys.set(key.toUpperCase(), issue);
  return key;
}
