/** One item of the story's backlog, in words that both trackers can hold. */
export interface StoryItem {
  /** `SHOP-<number>` on Jira, the id on Azure DevOps. */
  readonly number: number;
  readonly title: string;
  readonly priority: 'highest' | 'high' | 'medium' | 'low';
  /** Story points; null: never estimated. */
  readonly points: number | null;
  /** Days before the story since a person last did something to it. */
  readonly idleDays: number;
  readonly text: string;
}

const known = 'Support keeps a list of the orders this affects and corrects them by hand, some ten of them every week.';
const asked =
  'Customers ask for this by telephone, mostly before a holiday, and the design lies finished in the shared folder.';
const ours =
  'Nobody outside sees this work, but each week without it costs the team an hour of waiting and some nerves.';

/**
 * The backlog as the team left it, top first: sensible on the whole, with a few items that nobody has put in their place, two
 * without an estimate, one without a word of detail, and some that were forgotten long ago.
 */
export const storyItems: readonly StoryItem[] = [
  item(2, 'Prices are rounded wrongly in the basket', { priority: 'highest', points: 2, idleDays: 9, text: known }),
  item(14, 'A double click orders twice', { priority: 'highest', points: 3, idleDays: 5, text: known }),
  item(13, 'Move the logs of the stock service', { priority: 'low', points: 13, idleDays: 300, text: ours }),
  item(6, 'Error 500 after a time-out in the checkout', { priority: 'highest', points: 1, idleDays: 3, text: known }),
  item(1, 'Let guests pay without an account', { priority: 'highest', points: 5, idleDays: 4, text: asked }),
  item(12, 'Allow several addresses in one order', { priority: 'medium', points: 13, idleDays: 25, text: asked }),
  item(4, 'Show delivery dates in the basket', { priority: 'high', points: 3, idleDays: 12, text: asked }),
  item(11, 'Explain shipping costs before the checkout', { priority: 'high', points: null, idleDays: 15, text: asked }),
  item(17, 'Show who else bought this', { priority: 'medium', points: 3, idleDays: 8, text: 'See mail.' }),
  item(5, 'Translate the returns form', { priority: 'medium', points: 5, idleDays: 130, text: asked }),
  item(9, 'Remember the size chosen last time', { priority: 'medium', points: 2, idleDays: 30, text: asked }),
  item(16, 'Write load tests for the checkout', { priority: 'medium', points: null, idleDays: 22, text: ours }),
  item(8, 'Update the libraries behind search', { priority: 'medium', points: 8, idleDays: 155, text: ours }),
  item(15, 'Save an unfinished newsletter sign-up', { priority: 'low', points: 3, idleDays: 40, text: asked }),
  item(10, 'Announce low stock on the product page', { priority: 'high', points: 1, idleDays: 6, text: asked }),
  item(7, 'Offer gift wrapping', { priority: 'low', points: 5, idleDays: 20, text: asked }),
  item(3, 'Add a dark theme to the shop', { priority: 'low', points: 8, idleDays: 210, text: asked }),
];

function item(number: number, title: string, rest: Omit<StoryItem, 'number' | 'title'>): StoryItem {
  return { number, title, ...rest };
}
