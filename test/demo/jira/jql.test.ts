import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JiraSite } from '../../../src/demo/jira/index.ts';
import { aClock, aSite, ask, keysOf } from './a-site.ts';

describe('demo/jira/jql', () => {
  const clock = aClock(new Date('2026-03-31T10:00:00Z'));
  let site: JiraSite;

  beforeAll(async () => {
    site = await aSite({ items: 12, clock, timeZone: 'America/New_York' });
    const sprint = site.createSprint({ name: 'Now', state: 'active', boardId: 1 });
    for (const key of site.order(1)) site.transition(key, 'To Do', 'Ellen Visser');
    clock.pass(86_400_000);
    site.addLabel('SHOP-1', 'Red', 'Ellen Visser');
    site.editIssue('SHOP-2', { 'Story Points': 21, priority: { name: 'Highest' } }, 'Ellen Visser');
    site.setSprint('SHOP-3', sprint, 'Ellen Visser');
    site.transition('SHOP-4', 'In Progress', 'Ellen Visser');
  });
  afterAll(() => site.close());

  const found = async (jql: string): Promise<readonly string[]> =>
    keysOf(await ask(site, '/rest/api/3/search/jql', { body: { jql, fields: ['summary'], maxResults: 100 } }));

  const some = (...numbers: number[]): string[] => numbers.map(number => `SHOP-${number}`);
  const among = 'key in (SHOP-1, SHOP-2, SHOP-3, SHOP-4)';

  const QUERIES: readonly (readonly [jql: string, keys: readonly string[]])[] = [
    ['labels = red', some(1)],
    [`${among} AND labels in (Red, blue) ORDER BY key`, some(1)],
    ['project = shop and statusCategory = "In Progress"', some(4)],
    ['status = "In Progress" or "Story Points" > 20 order by key desc', some(4, 2)],
    [`${among} and not (status = "In Progress" or labels = Red) order by key`, some(2, 3)],
    [`${among} and sprint in openSprints()`, some(3)],
    ['sprint = Now', some(3)],
    [`${among} AND sprint is EMPTY ORDER BY id`, some(1, 2, 4)],
    ['id in (11000, 11002) order by id', some(1, 3)],
    ['filter = 10000 AND issuekey = SHOP-2', some(2)],
    ['cf[10016] = 21', some(2)],
    ['updated >= 1775037600000 order by updated asc', some(1, 2, 3, 4)],
    ['updated >= "2026-04-01 05:59" order by updated desc', some(4, 3, 2, 1)],
    ['updated >= "2026-04-01 06:01"', []],
    ['updated >= -1h order by key asc', some(1, 2, 3, 4)],
    [`${among} and priority = Highest and key != SHOP-1 and key in (SHOP-2)`, some(2)],
  ];

  it.each(QUERIES)('%s', async (jql, keys) => {
    expect(await found(jql)).toEqual(keys);
  });

  it('labels that differ do not match issues without labels', async () => {
    const without = await found('labels is EMPTY');

    expect(without.length).toBeGreaterThan(0);
    expect((await found('labels != Red')).filter(key => without.includes(key))).toEqual([]);
  });

  it('order by rank is the order of the board', async () => {
    expect(await found('project = SHOP ORDER BY Rank ASC')).toEqual(site.order(1));
    expect(await found('project = SHOP ORDER BY Rank DESC')).toEqual(site.order(1).toReversed());
  });
});
