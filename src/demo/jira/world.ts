import type { Clock } from '../../clock.ts';
import { discoverFields, freeFieldId } from './discover-fields.ts';
import { customField } from './field-list.ts';
import { freshRanks, ranksBetween } from './lexorank.ts';
import type { RawIssue } from './load.ts';
import type { Board, Issue, Person, Project, World, WorldEvent } from './model.ts';
import { addPerson } from './people.ts';
import { issueFrom } from './populate.ts';
import { createRegistries, type Registries } from './registries.ts';

export interface BoardWish {
  readonly projectKey: string;
  readonly name?: string;
  /** `scrum` when absent. */
  readonly type?: 'scrum' | 'kanban';
  /** The board's filter; the whole project by rank when absent. */
  readonly jql?: string;
}

export interface WorldOptions {
  readonly base: string;
  readonly clock: Clock;
  readonly records: readonly RawIssue[];
  /** One scrum board per project when absent. */
  readonly boards?: readonly BoardWish[];
  /** Projects to have even without issues. */
  readonly projects?: readonly { readonly key: string; readonly name: string }[];
  /** Further number fields, by name (a score field, a business value). */
  readonly numberFields?: readonly string[];
  /** Further text fields, by name: paragraphs take documents, short texts one line. */
  readonly textFields?: Readonly<Record<string, 'paragraph' | 'text'>>;
  /** Whose the token is. */
  readonly account: { readonly displayName: string; readonly accountId?: string };
  readonly offsetMinutes?: number;
  readonly timeZone?: string;
  readonly indexLagMs?: number;
}

/** The first board's id; small numbers, so that nobody mistakes them for issue ids. */
const FIRST_BOARD = 1;
const FIRST_FILTER = 10_000;

function addFields(
  fields: ReturnType<typeof discoverFields>['fields'],
  { numberFields = [], textFields = {} }: Pick<WorldOptions, 'numberFields' | 'textFields'>,
): void {
  const wanted = [...numberFields.map(name => [name, 'number'] as const), ...Object.entries(textFields)];
  for (const [name, kind] of wanted) {
    const id = freeFieldId(fields);
    fields.set(id, customField(id, name, kind));
  }
}

/** A site holding these records. */
export function createWorld(options: WorldOptions): World {
  const registries = createRegistries();
  const people = new Map<string, Person>();
  const discovered = discoverFields(options.records);
  addFields(discovered.fields, options);
  const issues = options.records.map(record => issueFrom(record, { registries, people, discovered }));
  complete(registries, options.projects ?? []);
  const self = people.get(options.account.accountId ?? '') ?? addPerson(options.account, people);
  const world: World = {
    base: options.base,
    clock: options.clock,
    offsetMinutes: options.offsetMinutes ?? 0,
    timeZone: options.timeZone ?? 'UTC',
    self,
    people,
    ...registries,
    priorities: [...registries.priorities.values()].sort((a, b) => Number(a.id) - Number(b.id)),
    fields: discovered.fields,
    boards: boardsOf(registries, options.boards),
    issues: new Map(issues.map(issue => [issue.id, issue])),
    keys: new Map(issues.map(issue => [issue.key.toUpperCase(), issue])),
    order: ranked(issues),
    rankField: discovered.rankField,
    sprintField: discovered.sprintField,
    storyPointsField: discovered.storyPointsField,
    rights: { rank: true, notifyAdmin: true, bulkChange: true, hiddenProjects: new Set(), readOnlyProjects: new Set() },
    locked: new Map(),
    mails: [],
    indexLagMs: options.indexLagMs ?? 0,
    stale: new Map(),
    listeners: [],
    lastInstant: 0,
    nextId: 1 + highestId(issues),
  };
  return world;
}

/** Time of the next event: the clock's, or a millisecond after the last event while the clock stands. */
export function tick(world: World): number {
  world.lastInstant = Math.max(world.clock.now().getTime(), world.lastInstant + 1);
  return world.lastInstant;
}

/** Tells whoever listens. */
export function announce(world: World, event: WorldEvent): void {
  for (const listener of world.listeners) listener(event);
}

/** Ids of issues, comments, worklogs, histories and links come from one row. */
export function nextId(world: World): number {
  world.nextId += 1;
  return world.nextId;
}

/** By id or by present or former key, whatever its case. */
export function findIssue(world: World, idOrKey: string): Issue | null {
  if (/^\d+$/.test(idOrKey)) return world.issues.get(Number(idOrKey)) ?? null;
  return world.keys.get(idOrKey.toUpperCase()) ?? null;
}

/** Ranks compare byte by byte. */
export function byRank(a: Issue, b: Issue): number {
  if (a.rank === b.rank) return a.id - b.id;
  return a.rank < b.rank ? -1 : 1;
}

/** Issues by rank; those without one come last, in the order given, and get one. */
function ranked(issues: readonly Issue[]): Issue[] {
  const order = issues.filter(issue => issue.rank !== '').sort(byRank);
  const rest = issues.filter(issue => issue.rank === '');
  const last = order.at(-1)?.rank ?? null;
  const ranks = last === null ? freshRanks(rest.length) : ranksBetween(last, null, rest.length);
  for (const [place, issue] of rest.entries()) issue.rank = ranks[place] ?? '';
  return [...order, ...rest];
}

function highestId(issues: readonly Issue[]): number {
  let highest = 100_000;
  const see = (id: string | number): void => void (highest = Math.max(highest, Number(id) || 0));
  for (const issue of issues) {
    see(issue.id);
    for (const entry of [...issue.histories, ...issue.comments, ...issue.worklogs, ...issue.links]) see(entry.id);
  }
  return highest;
}

/** What every site has, whatever its issues mention. */
function complete(registries: Registries, projects: readonly { readonly key: string; readonly name: string }[]): void {
  for (const [place, { key, name }] of projects.entries()) {
    if (!registries.projects.has(key)) registries.projects.set(key, { id: String(20_000 + place), key, name });
  }
  const categories = new Set([...registries.statuses.values()].map(status => status.category));
  const add = (id: string, name: string, category: 'new' | 'indeterminate' | 'done'): void => {
    if (!categories.has(category)) registries.statuses.set(id, { id, name, category });
  };
  add('10900', 'To Do', 'new');
  add('10901', 'In Progress', 'indeterminate');
  add('10902', 'Done', 'done');
  if (registries.priorities.size === 0) {
    for (const [place, name] of ['Highest', 'High', 'Medium', 'Low', 'Lowest'].entries()) {
      registries.priorities.set(String(place + 1), { id: String(place + 1), name });
    }
  }
  if (registries.types.size === 0) {
    registries.types.set('10911', { id: '10911', name: 'Story', subtask: false });
    registries.types.set('10912', { id: '10912', name: 'Sub-task', subtask: true });
  }
  const blocks = { id: '10920', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' };
  if (registries.linkTypes.size === 0) registries.linkTypes.set(blocks.id, blocks);
}

function boardsOf(registries: Registries, wishes: readonly BoardWish[] | undefined): Board[] {
  const projects = [...registries.projects.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return (wishes ?? projects.map(project => ({ projectKey: project.key }))).map((wish: BoardWish, place) => {
    const project: Project | undefined = registries.projects.get(wish.projectKey);
    if (project === undefined) throw new Error(`A board names project ${wish.projectKey}, which is not on the site.`);
    return {
      id: FIRST_BOARD + place,
      name: wish.name ?? `${project.key} board`,
      type: wish.type ?? 'scrum',
      project,
      filterId: String(FIRST_FILTER + place),
      jql: wish.jql ?? `project = "${project.key}" ORDER BY Rank ASC`,
    };
  });
}
