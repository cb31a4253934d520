import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JiraSite } from '../../../src/demo/jira/index.ts';
import { aSite, ask, at, keysOf, NOW } from './a-site.ts';

const backlog = '/rest/software/1.0/board/1/backlog?fields=summary&maxResults=100';

describe('demo/jira/site', () => {
  let site: JiraSite;

  beforeEach(async () => {
    site = await aSite();
  });
  afterEach(() => site.close());

  it('a block of issues keeps its order beside the anchor', async () => {
    const before = site.order(1);
    const block = [before[9], before[4], before[30]].map(String);
    const anchor = String(before[20]);

    const body = { issues: block, rankAfterIssue: anchor };
    const reply = await ask(site, '/rest/agile/1.0/issue/rank', { method: 'PUT', body });

    const rest = before.filter(key => !block.includes(key));
    const place = rest.indexOf(anchor) + 1;
    expect(reply.status).toBe(204);
    expect(site.order(1)).toEqual([...rest.slice(0, place), ...block, ...rest.slice(place)]);
  });

  it('the backlog list stands in rank order, as the ranks compare', async () => {
    site.rank('SHOP-9', { before: String(site.order(1)[0]) }, 'Ellen Visser');

    const keys = keysOf(await ask(site, backlog));

    const ranks = keys.map(key => site.issue(key).rank);
    expect(ranks).toEqual(ranks.toSorted());
    expect(keys).toEqual(site.order(1).filter(key => keys.includes(key)));
  });

  it('a move writes a rank entry, moves updated, and nobody else', async () => {
    const [first, second] = site.order(1).map(String);
    const before = site.issue(String(first));

    site.rank(String(second), { before: String(first) }, 'Ellen Visser');

    const entry = site.history(String(second)).at(-1);
    const lead = (entry?.at.getTime() ?? 0) - site.issue(String(second)).updated.getTime();
    expect(entry).toMatchObject({
      by: 'Ellen Visser',
      items: [{ field: 'Rank', from: '', to: '', toString: 'Ranked higher' }],
    });
    expect(lead).toBeGreaterThanOrEqual(2);
    expect(lead).toBeLessThanOrEqual(4);
    expect(site.issue(String(first))).toEqual(before);
  });

  it('events get ascending times while the clock stands', () => {
    for (const name of ['a', 'b', 'c']) site.addLabel('SHOP-2', name, 'Hiro Tanaka');

    const times = site.history('SHOP-2').map(entry => entry.at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    expect(times.at(-1)).toBeGreaterThan(NOW.getTime());
  });

  it('an edit that changes nothing leaves no trace', async () => {
    site.addLabel('SHOP-2', 'there', 'Hiro Tanaka');
    const before = [site.issue('SHOP-2'), site.history('SHOP-2')];

    await ask(site, '/rest/api/3/issue/SHOP-2', { method: 'PUT', body: { update: { labels: [{ add: 'there' }] } } });

    expect([site.issue('SHOP-2'), site.history('SHOP-2')]).toEqual(before);
    expect(site.mails()).toEqual([]);
  });

  it('properties leave updated and history alone', async () => {
    const before = [site.issue('SHOP-2').updated, site.history('SHOP-2')];

    await ask(site, '/rest/api/3/issue/SHOP-2/properties/winnow', { method: 'PUT', body: { score: 50 } });

    expect([site.issue('SHOP-2').updated, site.history('SHOP-2')]).toEqual(before);
    expect(site.property('SHOP-2', 'winnow')).toEqual({ score: 50 });
  });

  it('a moved issue answers to its old key with the new one', async () => {
    await site.close();
    site = await aSite({ projects: [{ key: 'OPS', name: 'Operations' }] });
    const key = site.moveProject('SHOP-2', 'OPS', 'Pedro Alves');

    const reply = await ask(site, '/rest/api/3/issue/SHOP-2?fields=project');

    expect([key, at(reply, 'key'), at(reply, 'fields.project.key')]).toEqual(['OPS-1', 'OPS-1', 'OPS']);
    const shop = site.boards.find(board => board.projectKey === 'SHOP');
    expect(site.order(shop?.id ?? 0)).not.toContain('OPS-1');
  });

  it('the backlog leaves out done issues, coming sprints and epics', async () => {
    const keys = keysOf(await ask(site, backlog));
    const [one, two, three] = keys;
    site.transition(String(one), 'Done', 'Pedro Alves');
    site.setSprint(String(two), site.createSprint({ name: 'Next', state: 'future', boardId: 1 }), 'Pedro Alves');
    site.deleteIssue(String(three));

    expect(keysOf(await ask(site, backlog))).toEqual(keys.slice(3));
  });

  it('the bulk changelog is oldest first, in milliseconds, over several pages', async () => {
    const body = { issueIdsOrKeys: ['SHOP-1', 'SHOP-2', 'SHOP-3', 'SHOP-4', 'SHOP-5'], maxResults: 2 };
    const times: number[] = [];
    let token: unknown;
    do {
      const page = await ask(site, '/rest/api/3/changelog/bulkfetch', {
        body: token === undefined ? body : { ...body, nextPageToken: token },
      });
      const logs = at(page, 'issueChangeLogs') as { changeHistories: { created: number }[] }[];
      times.push(...logs.flatMap(log => log.changeHistories.map(entry => entry.created)).toSorted());
      token = at(page, 'nextPageToken');
    } while (token !== undefined);

    const all = body.issueIdsOrKeys.flatMap(key => site.history(key).map(entry => entry.at.getTime()));
    expect(times).toEqual(all.toSorted((a, b) => a - b));
  });

  it('a rebalance keeps the order, changes every rank and tells nobody', () => {
    const before = site.order(1);
    const [updated, rank] = [site.issue('SHOP-2').updated, site.issue('SHOP-2').rank];

    site.rebalance();

    expect(site.order(1)).toEqual(before);
    expect(site.issue('SHOP-2').updated).toEqual(updated);
    expect(site.issue('SHOP-2').rank).not.toBe(rank);
    expect(site.issue('SHOP-2').rank.startsWith('1|')).toBe(true);
  });

  it('answers carry the site’s own time', async () => {
    expect((await ask(site, '/rest/api/3/serverInfo')).headers.get('date')).toBe(NOW.toUTCString());
  });
});
