import type { Chance } from '../chance.ts';
import { derivedAccountId } from './people.ts';
import type { Json } from './json.ts';
import { jiraTime } from './jira-time.ts';
import { COMMENTS, LABELS, PEOPLE } from './story-words.ts';

const DAY = 86_400_000;

/** What happened to one issue since it was written down. */
export interface Past {
  readonly created: number;
  readonly updated: number;
  readonly reporter: Json;
  readonly labels: readonly string[];
  readonly histories: readonly Json[];
  readonly comments: readonly Json[];
}

export interface PastAsk {
  readonly chance: Chance;
  readonly now: number;
  readonly index: number;
  /** What the priority is now. */
  readonly priority: { readonly id: string; readonly name: string };
  /** Numbers for histories and comments. */
  readonly nextId: () => string;
}

export function person(name: string): Json {
  return { accountId: derivedAccountId(name), displayName: name, accountType: 'atlassian', active: true };
}

/** The same id on every Cloud site. */
export const automation: Json = {
  accountId: '557058:f58131cb-b67d-43c7-b30d-6b58d40bd077',
  displayName: 'Automation for Jira',
  accountType: 'app',
  active: true,
};

/**
 * A life in days before now: people lose interest at some day, bots go on. About a third is fresh, a third ages, a third
 * has been quiet for longer than a quarter.
 */
export function pastOf(ask: PastAsk): Past {
  const { chance, now, index } = ask;
  const age = chance.whole(1, 540);
  const lastByPerson = Math.min(age, index % 3 === 0 ? chance.whole(95, 420) : chance.whole(0, 85));
  const at = (daysAgo: number): number => now - daysAgo * DAY - chance.whole(60_000, 8 * 3_600_000);
  const created = at(age);
  const reporter = person(chance.of(PEOPLE));
  const histories: { readonly at: number; readonly json: Json }[] = [];
  const write = (when: number, author: Json, item: Json): void => {
    const moment = Math.max(when, created + 60_000);
    histories.push({ at: moment, json: { id: ask.nextId(), author, created: jiraTime(moment), items: [item] } });
  };
  if (age > lastByPerson) write(at(lastByPerson), person(chance.of(PEOPLE)), priorityItem(ask.priority));
  const labels = labelsOf(chance);
  if (labels.length > 0 && age > 5) write(at(chance.whole(lastByPerson, age)), reporter, labelItem([], labels));
  // Bots keep `updated` young while nobody looks at the item.
  const triaged = chance.hits(0.35) ? [...labels, 'triaged'] : labels;
  if (triaged !== labels) write(at(chance.whole(0, lastByPerson)), automation, labelItem(labels, triaged));
  if (chance.hits(0.3)) write(at(chance.whole(0, lastByPerson)), person(chance.of(PEOPLE)), RANKED);
  const said = Array.from({ length: chance.hits(0.4) ? chance.whole(1, 4) : 0 }, () => {
    const moment = Math.max(at(chance.whole(lastByPerson, age)), created + 60_000);
    return { at: moment, json: commentJson(ask, moment) };
  });
  const times = [...histories, ...said].map(event => event.at);
  const bySaying = (a: { readonly at: number }, b: { readonly at: number }): number => a.at - b.at;
  return {
    created,
    updated: Math.max(created, ...times),
    reporter,
    labels: triaged,
    histories: histories.sort(bySaying).map(entry => entry.json),
    comments: said.sort(bySaying).map(entry => entry.json),
  };
}

const RANKED = {
  ...{ field: 'Rank', fieldtype: 'custom', fieldId: 'customfield_10019' },
  ...{ from: '', fromString: '', to: '', toString: 'Ranked higher' },
};

/** People mostly correct the level that new issues get. */
function priorityItem(now: PastAsk['priority']): Json {
  const before = now.name === 'Medium' ? { id: '2', name: 'High' } : { id: '3', name: 'Medium' };
  const words = { from: before.id, fromString: before.name, to: now.id, toString: now.name };
  return { field: 'priority', fieldtype: 'jira', fieldId: 'priority', ...words };
}

function labelItem(before: readonly string[], after: readonly string[]): Json {
  const words = { fromString: before.join(' '), toString: after.join(' ') };
  return { field: 'labels', fieldtype: 'jira', fieldId: 'labels', from: '', to: '', ...words };
}

function labelsOf(chance: Chance): readonly string[] {
  const labels = new Set<string>();
  for (let count = chance.whole(0, 2); count > 0; count -= 1) labels.add(chance.of(LABELS));
  return [...labels];
}

function commentJson({ chance, nextId }: PastAsk, at: number): Json {
  const author = person(chance.of(PEOPLE));
  const times = { created: jiraTime(at), updated: jiraTime(at) };
  return { id: nextId(), author, updateAuthor: author, body: chance.of(COMMENTS), ...times };
}
