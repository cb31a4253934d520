import { roundsOf, type StoryDay } from './demo-story-day.ts';
import type { StorySite } from './demo-story-site.ts';

/** What must be seen when a day is over. Looked up in what happened; nothing here makes it happen. */

type Names = Pick<StorySite, 'nameOf'>;

/** What is known when a day is over. */
export interface Seen {
  readonly today: Omit<StoryDay, 'expected'>;
  readonly days: readonly StoryDay[];
  readonly keyOf: (number: number) => string;
}

/** What people are told must be seen, and whether it was. */
export interface Expectation {
  readonly text: (names: Names) => string;
  readonly holds: (seen: Seen) => boolean;
}

/** No call wrote. */
export const writesNothing: Expectation = {
  text: () => 'nothing is written',
  holds: ({ today }) => today.writes === 0,
};

/** The order is that of the scene before; a drag of this one counts as a change. */
export const orderStands: Expectation = {
  text: () => 'no item changes its place',
  holds: ({ today, days }) => same(today.order, days.at(-1)?.order),
};

/** Of the last round. */
export const status = (wanted: StoryDay['status']): Expectation => ({
  text: () => `the round ends as "${wanted}"`,
  holds: ({ today }) => today.status === wanted,
});

/** The item, by its number, is first. */
export const atTop = (item: number): Expectation => ({
  text: ({ nameOf }) => `${nameOf(item)} is at the top, where a person put it`,
  holds: ({ today, keyOf }) => today.order[0] === keyOf(item),
});

/** Some labels were added, and no more than that. */
export const labelsAtMost = (most: number): Expectation => ({
  text: () => `at most ${most} labels are added`,
  holds: ({ today }) => added(today) > 0 && added(today) <= most,
});

/** The item has no label of ours. */
export const unlabelled = (item: number): Expectation => ({
  text: ({ nameOf }) => `${nameOf(item)} goes without that label`,
  holds: ({ today, keyOf }) => today.labels[keyOf(item)] === undefined,
});

/** One move, of that item. */
export const movesAlone = (item: number): Expectation => ({
  text: ({ nameOf }) => `${nameOf(item)} alone is moved`,
  holds: ({ today, keyOf }) => same(movedKeys(today), [keyOf(item)]),
});

/** Order and our labels are those at the end of that day. */
export const asOnDay = (number: number): Expectation => ({
  text: () => `order and labels are those of day ${number}`,
  holds({ today, days }) {
    const then = days.findLast(({ day }) => day === number);
    return then !== undefined && same(today.order, then.order) && same(flat(today.labels), flat(then.labels));
  },
});

function flat(labels: StoryDay['labels']): readonly string[] {
  return Object.entries(labels)
    .flatMap(([key, names]) => names.map(name => `${key} ${name}`))
    .sort();
}

function added(today: Pick<StoryDay, 'told'>): number {
  return roundsOf(today).flatMap(({ changes }) => changes.filter(({ kind }) => kind === 'label-add')).length;
}

function movedKeys(today: Pick<StoryDay, 'told'>): readonly string[] {
  return roundsOf(today).flatMap(({ changes }) => changes.filter(({ kind }) => kind === 'move').map(({ key }) => key));
}

function same(a: readonly string[], b: readonly string[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((one, place) => one === b[place]);
}
