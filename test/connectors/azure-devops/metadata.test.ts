import { describe, expect, it } from 'vitest';
import { ConfigError, NotFoundError } from '../../../src/errors.ts';
import { aWorld, closeAfterEach, readAll } from './support/emulated.ts';
import { ref } from './support/values.ts';

const level = (name: string | null, team: string | null = null, project = 'Payments') => ({
  scope: { kind: 'azure-devops' as const, project, team, level: name },
});

describe('connectors/azure-devops/metadata', () => {
  closeAfterEach();

  it.each(['Stories', 'stories', 'Microsoft.RequirementCategory', null])('level %s is the same', async name => {
    const world = await aWorld();
    const id = world.story('a story');

    const { items } = await readAll(await world.open(level(name)), world.options);

    expect([...items.keys()]).toEqual([ref(id)]);
  });

  it('another level has its own types', async () => {
    const world = await aWorld();
    world.story('a story');
    const epic = world.site.createItem({ project: 'Payments', type: 'Epic', title: 'e' });

    const { items } = await readAll(await world.open(level('Epics')), world.options);

    expect([...items.keys()]).toEqual([ref(epic)]);
  });

  it.each([
    ['project', level(null, null, 'Paymets'), /"Paymets" does not exist.*Payments/],
    ['team', level(null, 'Nobody'), /no team "Nobody"\. Teams: .*Payments Team/],
    ['level', level('Sagas'), /no backlog level "Sagas"\. Levels: Stories \(Microsoft\.RequirementCategory\), .*Epics/],
  ])('an unknown %s is answered with the choices', async (_name, over, message) => {
    const world = await aWorld();

    const error: unknown = await world.open(over).catch((e: unknown) => e);

    expect(error).toBeInstanceOf(NotFoundError);
    expect(String(error)).toMatch(message);
  });

  it('a team that nobody configured is told apart', async () => {
    const world = await aWorld({ teams: [{ name: 'Fresh', fresh: true }] });

    const error: unknown = await world.open(level(null, 'Fresh')).catch((e: unknown) => e);

    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(/"Fresh" of project Payments has no (area path|backlog iteration)/);
  });

  it('a backlog of another tracker is refused', async () => {
    const world = await aWorld();

    await expect(world.open({ scope: { kind: 'jira-board', board: 3 } })).rejects.toThrow(/needs "project:"/);
  });

  it('fields go by reference name or display name', async () => {
    const world = await aWorld();
    const sources = { value: 'Business Value', size: 'microsoft.vsts.scheduling.storypoints' };
    const id = world.story('s', {
      'Microsoft.VSTS.Common.BusinessValue': 40,
      'Microsoft.VSTS.Scheduling.StoryPoints': 5,
    });

    const backlog = await world.open({ sources });
    const { items } = await readAll(backlog, world.options);

    expect(items.get(ref(id))?.inputs).toEqual({
      value: { kind: 'value', value: 40 },
      size: { kind: 'value', value: 5 },
    });
    expect(backlog.sources['value']).toBe('Business Value (Microsoft.VSTS.Common.BusinessValue)');
  });

  it.each([
    [
      'an unknown field',
      { sources: { value: 'Buisness' } },
      NotFoundError,
      /factor "value" names the field "Buisness"/,
    ],
    ['a score field that holds text', { scoreField: 'Title' }, ConfigError, /holds no numbers/],
    ['a score field that is read-only', { scoreField: 'System.CommentCount' }, ConfigError, /read-only/],
  ])('%s is refused', async (_name, over, kind, message) => {
    const world = await aWorld();

    const error: unknown = await world.open(over).catch((e: unknown) => e);

    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toMatch(message);
  });

  it('a display name of two fields lists both', async () => {
    const world = await aWorld();
    world.site.faults.next({
      kind: 'alter',
      path: /\/fields$/i,
      alter: json => ({
        ...(json as object),
        value: ['A', 'B'].map(x => ({ referenceName: `Custom.${x}`, name: 'Value', type: 'double', readOnly: false })),
      }),
    });

    await expect(world.open({ sources: { value: 'value' } })).rejects.toThrow(/Custom\.A, Custom\.B/);
  });

  it('a second backlog on the same team asks nothing again', async () => {
    const world = await aWorld();
    await world.open();
    const before = world.site.exchanges().length;

    await world.open();

    const paths = world.site.exchanges().slice(before);
    expect(paths.map(({ request }) => request.path)).toEqual(['/acme/_apis/connectionData']);
  });

  it('a field made since the cache was filled is found', async () => {
    const world = await aWorld();
    await world.open();
    const key = 'azure-devops:backlog:["Payments",null,null]';
    const cached = (await world.cache.get(key)) as { fields: { ref: string }[] };
    const fields = cached.fields.filter(field => field.ref !== 'Microsoft.VSTS.Common.BusinessValue');
    await world.cache.put(key, { ...cached, fields }, 60);

    const backlog = await world.open({ sources: { value: 'Business Value' } });

    expect(backlog.sources['value']).toContain('Microsoft.VSTS.Common.BusinessValue');
  });

  it('a full read asks for the areas anew', async () => {
    const world = await aWorld({ areas: ['Cards'] });
    const id = world.story('in cards', { 'System.AreaPath': 'Payments\\Cards' });
    await world.open();
    const key = 'azure-devops:backlog:["Payments",null,null]';
    const cached = (await world.cache.get(key)) as { scope: object };
    const areas = [{ path: 'Payments', includeChildren: false }];
    await world.cache.put(key, { ...cached, scope: { ...cached.scope, areas } }, 60);

    const { items } = await readAll(await world.open(), world.options);

    expect([...items.keys()]).toEqual([ref(id)]);
  });
});
