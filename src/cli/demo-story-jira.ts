import type { Clock } from '../clock.ts';
import { startJiraSite, type RawIssue } from '../demo/jira/index.ts';
import { storyItems, type StoryItem } from './demo-story-items.ts';
import { author, somebody, type StorySite } from './demo-story-site.ts';

const dayMs = 86_400_000;
const points = 'customfield_10016';
const project = 'SHOP';

/** The story's backlog on an emulated Jira Cloud site. */
export async function startStoryJira(clock: Clock): Promise<StorySite> {
  const start = clock.now().getTime();
  const records = storyItems.map((item, place) => issueOf(item, place, start));
  const site = await startJiraSite({ clock, records, account: { displayName: 'Winnow' } });
  const board = site.boards[0]?.id ?? 0;
  const keyOf = (number: number): string => `${project}-${number}`;
  return {
    tracker: 'jira',
    title: 'Jira Cloud',
    connectionYaml: { tracker: 'jira', url: site.url, auth: { email: site.email, apiToken: site.apiToken } },
    scopeYaml: { board },
    keyOf,
    nameOf: keyOf,
    order: () => site.order(board),
    titleOf: key => site.issue(key).summary,
    labels: key => site.issue(key).labels,
    dragToTop: number => site.rank(keyOf(number), { before: site.order(board)[0] ?? '' }, somebody),
    removeLabel: (number, label) => site.removeLabel(keyOf(number), label, somebody),
    estimate: (number, value) => site.editIssue(keyOf(number), { [points]: value }, somebody),
    close: () => site.close(),
  };
}

/** As Jira's REST API gives it. Without a rank of its own it stands where it is listed. */
function issueOf(item: StoryItem, place: number, start: number): RawIssue {
  const made = new Date(start - item.idleDays * dayMs).toISOString();
  const reporter = { accountId: 'u-sofia', displayName: author, accountType: 'atlassian' };
  const level = ['highest', 'high', 'medium', 'low'].indexOf(item.priority);
  const fields = {
    summary: item.title,
    description: item.text,
    issuetype: { id: '10001', name: 'Story', subtask: false },
    project: { id: '10001', key: project, name: 'Online shop' },
    status: { id: '10000', name: 'To Do', statusCategory: { key: 'new' } },
    priority: { id: String(level + 1), name: ['Highest', 'High', 'Medium', 'Low'][level] },
    ...{ reporter, creator: reporter, assignee: null, labels: [], duedate: null },
    ...{ votes: { votes: 0 }, watches: { watchCount: 0 }, created: made, updated: made },
    [points]: item.points,
  };
  const names = place === 0 ? { names: { [points]: 'Story Points' } } : {};
  return { id: String(11_000 + item.number), key: `${project}-${item.number}`, fields, ...names };
}
