import { createChance, type Chance } from '../chance.ts';
import { jiraTime } from './jira-time.ts';
import type { Json } from './json.ts';
import { freshRanks } from './lexorank.ts';
import type { RawIssue } from './load.ts';
import { pastOf, person, type Past } from './story-history.ts';
import { BUGS, PEOPLE, PLACES, SENTENCES, STORIES, TASKS } from './story-words.ts';

export interface BelievableOptions {
  readonly items: number;
  readonly seed: number;
  readonly now: Date;
}

const DAY = 86_400_000;
const PROJECT = { id: '10001', key: 'SHOP', name: 'Online shop' };

const NAMES = {
  customfield_10016: 'Story Points',
  customfield_10019: 'Rank',
  customfield_10020: 'Sprint',
  customfield_10042: 'Business value',
};

const TYPES = {
  Story: { id: '10001', name: 'Story', subtask: false },
  Bug: { id: '10002', name: 'Bug', subtask: false },
  Task: { id: '10003', name: 'Task', subtask: false },
} as const;

const STATUSES = {
  todo: { id: '10000', name: 'To Do', statusCategory: { key: 'new' } },
  selected: { id: '10004', name: 'Selected for development', statusCategory: { key: 'new' } },
  doing: { id: '10005', name: 'In Progress', statusCategory: { key: 'indeterminate' } },
  done: { id: '10006', name: 'Done', statusCategory: { key: 'done' } },
} as const;

const PRIORITIES = ['Highest', 'High', 'Medium', 'Low', 'Lowest'] as const;
const POINTS = [1, 1, 2, 2, 3, 3, 5, 5, 8, 13] as const;
const BLOCKS = { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' };

/** Shares of what is what, by index, so that even a small backlog shows everything. */
const PINNED = [7, 31];
const ZERO_ESTIMATE = 11;

/**
 * The backlog of an online shop: stories, bugs and tasks with estimates (some missing, one zero), due dates, votes,
 * discussions, blockers, pins, a sprint under way, and items that only bots have touched for months. The same options give
 * the same backlog; nothing happens after `now`.
 */
export function believableJiraBacklog({ items, seed, now }: BelievableOptions): readonly RawIssue[] {
  const chance = createChance(seed);
  let number = 20_000;
  const nextId = (): string => String((number += 1));
  const ranks = shuffled(freshRanks(items), chance);
  const titles = titlesFor(items, chance);
  const drafts = titles.map(({ type, summary }, index) => {
    const place = chance.of([0, 1, 1, 2, 2, 2, 3, 3, 4] as const);
    const priority = { id: String(place + 1), name: PRIORITIES[place] };
    const past = pastOf({ chance, now: now.getTime(), index, priority, nextId });
    return { type, summary, priority, past, rank: ranks[index] ?? '', index };
  });
  const links = blockersOf(items, chance, nextId);
  return drafts.map((draft): RawIssue => {
    const fields = { ...fieldsOf(draft, chance, now), issuelinks: links.get(draft.index) ?? [] };
    const names = draft.index === 0 ? { names: NAMES } : {};
    return {
      id: idOf(draft.index),
      key: keyOf(draft.index),
      fields,
      changelog: { histories: draft.past.histories },
      ...names,
    };
  });
}

interface Draft {
  readonly type: keyof typeof TYPES;
  readonly summary: string;
  readonly priority: { readonly id: string; readonly name: string };
  readonly past: Past;
  readonly rank: string;
  readonly index: number;
}

const idOf = (index: number): string => String(11_000 + index);
const keyOf = (index: number): string => `${PROJECT.key}-${index + 1}`;

function fieldsOf({ type, summary, priority, past, rank, index }: Draft, chance: Chance, now: Date): Json {
  const status = statusOf(index, chance);
  const labels = PINNED.includes(index) ? [...past.labels, 'winnow-pin'] : past.labels;
  return {
    summary,
    description: descriptionOf(chance),
    issuetype: TYPES[type],
    project: PROJECT,
    status: STATUSES[status],
    priority,
    assignee: status === 'doing' ? person(chance.of(PEOPLE)) : null,
    reporter: past.reporter,
    creator: past.reporter,
    labels,
    duedate: duedateOf(chance, now),
    votes: { votes: votesOf(chance) },
    watches: { watchCount: chance.whole(0, 6) },
    created: jiraTime(past.created),
    updated: jiraTime(past.updated),
    comment: { comments: past.comments, total: past.comments.length },
    customfield_10016: pointsOf(index, chance),
    customfield_10019: rank,
    customfield_10020: status === 'selected' ? [sprintAround(now)] : null,
    customfield_10042: chance.hits(0.6) ? chance.whole(1, 20) * 5 : null,
  };
}

function statusOf(index: number, chance: Chance): keyof typeof STATUSES {
  if (PINNED.includes(index) || index === ZERO_ESTIMATE) return 'todo';
  if (index % 17 === 5) return 'doing';
  if (index % 19 === 9) return 'selected';
  return chance.hits(0.07) ? 'done' : 'todo';
}

function pointsOf(index: number, chance: Chance): number | null {
  const points = chance.of(POINTS);
  if (index === ZERO_ESTIMATE) return 0;
  return chance.hits(0.75) ? points : null;
}

function duedateOf(chance: Chance, now: Date): string | null {
  if (!chance.hits(0.18)) return null;
  return new Date(now.getTime() + chance.whole(-20, 120) * DAY).toISOString().slice(0, 10);
}

/** Most have none; a few are what everybody wants. */
function votesOf(chance: Chance): number {
  if (chance.hits(0.65)) return 0;
  return chance.hits(0.15) ? chance.whole(10, 34) : chance.whole(1, 6);
}

function descriptionOf(chance: Chance): string | null {
  if (chance.hits(0.12)) return null;
  const sentences = Array.from({ length: chance.whole(1, 5) }, () => chance.of(SENTENCES));
  if (chance.hits(0.1)) return 'See mail.';
  const criteria = chance.hits(0.3)
    ? '\n\nh3. Acceptance criteria\n* The basket keeps its items\n* It works on a phone'
    : '';
  return `${[...new Set(sentences)].join(' ')}${criteria}`;
}

function sprintAround(now: Date): Json {
  const day = (offset: number): string => new Date(now.getTime() + offset * DAY).toISOString();
  return { id: 1, name: 'SHOP Sprint 24', state: 'active', boardId: 1, goal: '', startDate: day(-5), endDate: day(9) };
}

/** Different titles as long as the words last, then numbered ones. */
function titlesFor(items: number, chance: Chance): readonly Pick<Draft, 'type' | 'summary'>[] {
  const all = Object.entries({ Story: STORIES, Bug: BUGS, Task: TASKS }).flatMap(([type, starts]) =>
    starts.flatMap(start => PLACES.map(place => ({ type: type as keyof typeof TYPES, summary: `${start} ${place}` }))),
  );
  const mixed = shuffled(all, chance);
  return Array.from({ length: items }, (_, index) => {
    const round = Math.floor(index / mixed.length);
    const { type, summary } = mixed[index % mixed.length] ?? { type: 'Task' as const, summary: 'Tidy up' };
    return { type, summary: round === 0 ? summary : `${summary} (part ${round + 1})` };
  });
}

function blockersOf(items: number, chance: Chance, nextId: () => string): ReadonlyMap<number, readonly Json[]> {
  const links = new Map<number, Json[]>();
  const add = (index: number, link: Json): void => void links.set(index, [...(links.get(index) ?? []), link]);
  for (let index = 3; index < items; index += 1) {
    if (!chance.hits(0.07)) continue;
    const blocker = chance.whole(0, index - 1);
    const id = nextId();
    const other = (at: number): Json => ({ id: idOf(at), key: keyOf(at), fields: {} });
    add(index, { id, type: BLOCKS, inwardIssue: other(blocker) });
    add(blocker, { id, type: BLOCKS, outwardIssue: other(index) });
  }
  return links;
}

function shuffled<T>(list: readonly T[], chance: Chance): readonly T[] {
  const order = [...list];
  for (let place = order.length - 1; place > 0; place -= 1) {
    const other = chance.whole(0, place);
    [order[place], order[other]] = [order[other] as T, order[place] as T];
  }
  return order;
}
