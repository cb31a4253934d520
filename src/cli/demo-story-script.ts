import {
  asOnDay,
  atTop,
  labelsAtMost,
  movesAlone,
  orderStands,
  status,
  unlabelled,
  writesNothing,
  type Expectation,
} from './demo-story-expectations.ts';
import type { StorySite } from './demo-story-site.ts';

/** Limits small enough to be seen on seventeen items; everything else is as without a word. */
export const storySettings = {
  limits: { maxMoves: 5, maxMovedShare: 0.5, maxLabelChanges: 4, quietMinutes: 10 },
  pins: { dragHoldsDays: 28 },
} as const;

/** A command as it is typed; `undo` takes back every round of that day that wrote, the newest first. */
export type StoryCommand = 'observe' | 'apply' | 'approve' | 'resume' | { readonly undo: number };

type People = Pick<StorySite, 'dragToTop' | 'removeLabel' | 'estimate' | 'nameOf'>;

/** One scene: what people do, an hour later the commands, and what must be seen then. */
export interface Scene {
  readonly day: number;
  /** Played again every `repeatDays` days, up to this one, which is one of them. */
  readonly until?: number;
  /** Of the commands, UTC. */
  readonly hour: number;
  readonly what: (people: People) => string;
  readonly rule: string;
  readonly people?: (people: People) => void;
  readonly commands: readonly StoryCommand[];
  readonly expected: readonly Expectation[];
}

/** Days between rounds where nothing happens: enough to show it, without making people wait. */
export const repeatDays = 3;

const dragged = 7;
const kept = 8;

/** New estimates for 9 of 15 estimated items (60 %) and for one without; with what stood there before. */
const edited: readonly (readonly [item: number, points: number, before: number | null])[] = [
  [1, 1, 5],
  [2, 8, 2],
  [6, 13, 1],
  [9, 13, 2],
  [10, 13, 1],
  [12, 1, 13],
  [14, 13, 3],
  [15, 13, 3],
  [17, 13, 3],
  [16, 1, null],
];

/** A month of a backlog. */
export const story: readonly Scene[] = [
  {
    day: 0,
    hour: 10,
    what: () => 'Winnow observes',
    rule: 'A new backlog is only looked at: a round says what it would do, and writes nothing.',
    commands: ['observe'],
    expected: [status('observed'), writesNothing],
  },
  {
    day: 1,
    hour: 10,
    what: () => 'Winnow may write',
    rule: 'The order is set with few moves. Labels come a few a round, on the longest idle first.',
    commands: ['apply'],
    expected: [status('applied'), labelsAtMost(storySettings.limits.maxLabelChanges)],
  },
  {
    day: 2,
    hour: 10,
    what: ({ nameOf }) => `Ada Park drags ${nameOf(dragged)} to the top`,
    rule: `An item that a person drags stays there for ${storySettings.pins.dragHoldsDays} days; the others flow around it.`,
    people: ({ dragToTop }) => dragToTop(dragged),
    commands: ['apply'],
    expected: [atTop(dragged), labelsAtMost(storySettings.limits.maxLabelChanges)],
  },
  {
    day: 3,
    hour: 10,
    what: ({ nameOf }) => `Ada Park removes winnow-stale from ${nameOf(kept)}`,
    rule: 'Somebody looked and disagreed: that is activity, and the item is fresh again.',
    people: ({ removeLabel }) => removeLabel(kept, 'winnow-stale'),
    commands: ['apply'],
    expected: [unlabelled(kept), orderStands, writesNothing],
  },
  {
    day: 4,
    hour: 10,
    what: () => 'Ada Park bulk-edits 60 % of the estimates',
    rule: `More than ${storySettings.limits.maxMoves} moves wait for approval. Labels do not.`,
    people({ estimate }) {
      for (const [item, points] of edited) estimate(item, points);
    },
    commands: ['apply'],
    expected: [status('needs-approval'), orderStands],
  },
  {
    day: 4,
    hour: 12,
    what: () => 'The product manager approves',
    rule: 'An approval is a bound on the moves of the next plans, for a day.',
    commands: ['approve', 'apply'],
    expected: [status('applied'), atTop(dragged)],
  },
  {
    day: 5,
    hour: 9,
    what: () => 'The estimates were wrong: yesterday is undone',
    rule: 'An undo puts back what is still as Winnow left it, and pauses the backlog.',
    commands: [{ undo: 4 }],
    expected: [asOnDay(3), atTop(dragged)],
  },
  {
    day: 5,
    hour: 12,
    what: () => 'Ada Park puts the estimates back, and Winnow goes on',
    rule: 'With the old estimates the old order is right again.',
    people({ estimate }) {
      for (const [item, , before] of edited) estimate(item, before);
    },
    commands: ['resume', 'apply'],
    expected: [status('nothing-to-do'), writesNothing],
  },
  quiet(6, 18),
  {
    day: 19,
    hour: 10,
    what: () => 'The most urgent items have lain for 14 days',
    rule: 'How long an item may lie depends on its priority: 14 days for the highest, 90 for the others.',
    commands: ['apply'],
    expected: [status('applied'), orderStands, labelsAtMost(storySettings.limits.maxLabelChanges)],
  },
  quiet(20, 29),
  {
    day: 30,
    hour: 10,
    what: ({ nameOf }) => `The drag of ${nameOf(dragged)} has held for ${storySettings.pins.dragHoldsDays} days`,
    rule: 'A pin by a drag ends by itself; a pin by a label holds until the label goes.',
    commands: ['apply'],
    expected: [status('applied'), movesAlone(dragged)],
  },
];

function quiet(day: number, until: number): Scene {
  return {
    day,
    until,
    hour: 10,
    what: () => 'Nobody touches anything',
    rule: 'A round in which nothing changed writes nothing.',
    commands: ['apply'],
    expected: [writesNothing, orderStands, atTop(dragged)],
  };
}
