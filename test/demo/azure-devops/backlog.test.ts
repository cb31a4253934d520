import { describe, expect, it } from 'vitest';
import type { ProcessName } from '../../../src/demo/azure-devops/process.ts';
import { aSite, ask, aStory } from './a-site.ts';

const ORDER = '/Shop/Shop%20Team/_apis/work/workitemsorder?api-version=7.1';
const rank = (value: number) => ({ 'Microsoft.VSTS.Common.StackRank': value });

describe('demo/azure-devops/backlog', () => {
  it.each([
    ['Agile', 'StackRank', 'StoryPoints', ['User Story', 'Bug']],
    ['Scrum', 'BacklogPriority', 'Effort', ['Product Backlog Item', 'Bug']],
    ['CMMI', 'StackRank', 'Size', ['Requirement', 'Bug']],
    ['Basic', 'StackRank', 'Effort', ['Issue']],
  ] as const)('%s orders by %s and estimates in %s', async (process: ProcessName, order, effort, types) => {
    const site = await aSite({ projects: [{ name: 'P', process }] });

    const { json } = await ask(site, '/P/_apis/work/backlogconfiguration?api-version=7.1');

    expect(json['backlogFields']?.['typeFields']).toMatchObject({
      Order: `Microsoft.VSTS.Common.${order}`,
      Effort: `Microsoft.VSTS.Scheduling.${effort}`,
    });
    expect(json['requirementBacklog']).toMatchObject({ workItemTypes: types.map(name => ({ name })) });
  });

  it('the order is by order field, empty last, ties by id', async () => {
    const site = await aSite();
    const [none, high, low, same] = [
      aStory(site),
      aStory(site, 'h', rank(9)),
      aStory(site, 'l', rank(1)),
      aStory(site, 's', rank(1)),
    ];

    expect(site.order('Shop')).toEqual([low, same, high, none]);
  });

  it('finished items and items of other areas are not on it', async () => {
    const site = await aSite({
      projects: [{ name: 'Shop', teams: [{ name: 'Pay', areas: [{ path: 'Pay', includeChildren: false }] }] }],
    });
    const [open, done, own] = [aStory(site), aStory(site), aStory(site)];
    site.setState(done, 'Closed');
    site.moveArea(own, 'Pay');

    expect(site.order('Shop')).toEqual([open, own]);
    expect(site.order('Shop', 'Pay')).toEqual([own]);
  });

  it('a reorder ranks items nobody named', async () => {
    const site = await aSite();
    const [first, second, loose, moved] = [
      aStory(site, 'a', rank(1e9)),
      aStory(site, 'b', rank(2e9)),
      aStory(site),
      aStory(site, 'd', rank(3e9)),
    ];

    const { status, json } = await ask(site, ORDER, {
      method: 'PATCH',
      body: { ids: [moved], parentId: 0, previousId: first, nextId: second },
      type: 'application/json',
    });

    expect(status).toBe(200);
    expect(json).toMatchObject({ count: 2, value: [{ id: moved, order: 1.5e9 }, { id: loose }] });
    expect(site.order('Shop')).toEqual([first, moved, second, loose]);
    expect([first, second, loose, moved].map(id => site.item(id).rev)).toEqual([1, 1, 2, 2]);
  });

  it('an unranked neighbour is no anchor', async () => {
    const site = await aSite();
    const [loose, moved] = [aStory(site), aStory(site, 'm', rank(5))];

    const { status, json } = await ask(site, ORDER, {
      method: 'PATCH',
      body: { ids: [moved], parentId: 0, previousId: loose, nextId: 0 },
      type: 'application/json',
    });

    expect(status).toBe(400);
    expect(json['message']).toMatch(/^TF400486/);
  });

  it('a human drag moves one item between two others', async () => {
    const site = await aSite();
    const [a, b, c] = [aStory(site, 'a', rank(1e9)), aStory(site, 'b', rank(2e9)), aStory(site, 'c', rank(3e9))];

    site.reorder(c, { after: a, before: b }, 'Mira');

    expect(site.order('Shop')).toEqual([a, c, b]);
    expect(site.revisions(c).at(-1)).toMatchObject({ rev: 2, by: 'Mira' });
  });

  it('an item can be dragged to the top and to the end', async () => {
    const site = await aSite();
    const [a, b, c] = [aStory(site, 'a', rank(1e9)), aStory(site, 'b', rank(2e9)), aStory(site, 'c', rank(3e9))];

    site.reorder(c, { before: a });
    site.reorder(a, { after: b });

    expect(site.order('Shop')).toEqual([c, b, a]);
  });

  it('time frames of iterations follow the clock', async () => {
    const site = await aSite();

    const { json } = await ask(site, '/Shop/_apis/work/teamsettings/iterations?api-version=7.1');
    const current = await ask(site, '/Shop/_apis/work/teamsettings/iterations?$timeframe=current&api-version=7.1');

    expect(json['value']).toMatchObject([
      { path: 'Shop\\Sprint 1', attributes: { timeFrame: 'current' } },
      { path: 'Shop\\Sprint 2', attributes: { timeFrame: 'future' } },
    ]);
    expect(current.json['count']).toBe(1);
  });

  it('a fresh team has no areas and a zero backlog iteration', async () => {
    const site = await aSite();

    const settings = await ask(site, '/Shop/Fresh/_apis/work/teamsettings?api-version=7.1');
    const areas = await ask(site, '/Shop/Fresh/_apis/work/teamsettings/teamfieldvalues?api-version=7.1');

    expect(settings.json['backlogIteration']).toEqual({ id: '00000000-0000-0000-0000-000000000000' });
    expect(areas.json).toMatchObject({ defaultValue: null, values: [] });
  });
});
