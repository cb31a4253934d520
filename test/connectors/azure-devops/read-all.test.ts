import { describe, expect, it } from 'vitest';
import { partition } from '../../../src/connectors/azure-devops/query-ids.ts';
import { ShortReadError } from '../../../src/errors.ts';
import { aWorld, closeAfterEach, readAll, robot } from './support/emulated.ts';
import { ref } from './support/values.ts';

const day = 86_400_000;

describe('connectors/azure-devops/read-all', () => {
  closeAfterEach();

  it("reads the team's open items and no others", async () => {
    const world = await aWorld({ areas: ['Cards'] });
    const open = world.story('open');
    const started = world.story('started', { 'System.State': 'Active' });
    const below = world.story('below', { 'System.AreaPath': 'Payments\\Cards' });
    world.story('closed', { 'System.State': 'Closed' });
    world.site.createItem({ project: 'Payments', type: 'Epic', title: 'an epic' });
    world.site.remove(world.story('deleted'));

    const { items } = await readAll(await world.open(), world.options);

    expect([...items.keys()]).toEqual([open, started, below].map(ref));
    expect(items.get(ref(started))?.progress).toBe('doing');
  });

  it('bugs are on the level only if the team says so', async () => {
    for (const [bugsBehavior, count] of [
      ['asRequirements', 2],
      ['asTasks', 1],
      ['off', 1],
    ] as const) {
      const world = await aWorld({ bugsBehavior });
      world.story('a story');
      world.site.createItem({ project: 'Payments', type: 'Bug', title: 'a bug' });

      const { items } = await readAll(await world.open(), world.options);

      expect([bugsBehavior, items.size]).toEqual([bugsBehavior, count]);
    }
  });

  it('tells the history of the window, seen from the revision before it', async () => {
    const world = await aWorld();
    const id = world.story('old', { 'System.Tags': 'ui' });
    world.site.setState(id, 'Active');
    const quiet = world.story('quiet');
    world.pass(200 * day);
    world.site.edit(id, { 'System.Tags': 'ui; winnow-stale' }, robot);
    world.site.comment(id, 'still wanted');

    const since = new Date(world.now().getTime() - 100 * day);
    const { read } = await readAll(await world.open(), { ...world.options, historySince: since });

    const changed = read.find(({ item }) => item.ref === ref(id));
    expect(changed?.history.before?.toISOString()).toMatch(/^2026-03-10T12:/);
    expect(changed?.history.entries).toMatchObject([
      { id: '3', kind: 'changed', actor: { automated: true }, fields: [{ kind: 'labels', added: ['winnow-stale'] }] },
      { id: '4', kind: 'commented', actor: { name: 'Ada Park' } },
    ]);
    const still = read.find(({ item }) => item.ref === ref(quiet));
    expect(still?.history).toMatchObject({ entries: [], before: still?.item.changedAt });
  });

  it('a feed of many pages is followed to its end', async () => {
    const world = await aWorld({ feedPageSize: 3 });
    for (let i = 0; i < 10; i++) world.site.comment(world.story(`story ${i}`), 'hello');

    const { read } = await readAll(await world.open(), world.options);

    expect(read.map(({ history }) => history.entries.length)).toEqual(Array(10).fill(1));
  });

  it('parents and blockers are told, dropped links are not', async () => {
    const world = await aWorld();
    const [a, b, c] = [world.story('a'), world.story('b'), world.story('c')];
    const feature = world.site.createItem({ project: 'Payments', type: 'Feature', title: 'f' });
    world.site.reparent(a, feature);
    world.site.link(a, 'System.LinkTypes.Dependency-Forward', b);
    world.site.link(b, 'System.LinkTypes.Dependency-Reverse', c);
    world.site.link(a, 'System.LinkTypes.Dependency-Forward', c);
    world.site.unlink(a, 'System.LinkTypes.Dependency-Forward', c);
    world.site.link(b, 'System.LinkTypes.Related', a);

    const { items } = await readAll(await world.open(), world.options);

    expect(items.get(ref(a))).toMatchObject({ parent: ref(feature), blockedBy: [] });
    expect(items.get(ref(b))?.blockedBy).toEqual([ref(a), ref(c)]);
    expect(items.get(ref(c))?.blockedBy).toEqual([]);
  });

  it('current and future iterations are sprints, the backlog iteration is none', async () => {
    const world = await aWorld({
      iterations: [
        { path: 'Past', dates: { start: '2026-02-01', finish: '2026-03-09' } },
        { path: 'Now', dates: { start: '2026-03-09', finish: '2026-03-10' } },
        { path: 'Next', dates: { start: '2026-03-11', finish: '2026-03-20' } },
        { path: 'Someday' },
      ],
    });
    const ids = ['Past', 'Now', 'Next', 'Someday'].map(name =>
      world.story(name, { 'System.IterationPath': `Payments\\${name}` }),
    );
    const root = world.story('root');

    const { items } = await readAll(await world.open(), world.options);

    expect([...ids, root].map(id => items.get(ref(id))?.sprint)).toEqual([null, 'Now', 'Next', 'Someday', null]);
  });

  it('an item that the query names and nobody can read fails the read', async () => {
    const world = await aWorld();
    const id = world.story('hidden later');
    world.site.faults.next({
      kind: 'alter',
      path: /workItemsBatch/i,
      times: 2,
      alter: () => ({ count: 1, value: [null] }),
    });
    world.site.faults.next({
      kind: 'alter',
      path: /workItemsBatch/i,
      times: 1,
      alter: () => ({ count: 0, value: [] }),
    });

    await expect(readAll(await world.open(), world.options)).rejects.toThrow(ShortReadError);
    expect(id).toBeGreaterThan(0);
  });

  it('an item deleted during the read is no failure', async () => {
    const world = await aWorld();
    const id = world.story('goes');
    const backlog = await world.open();
    const kept = world.story('stays');
    world.site.faults.next({
      kind: 'alter',
      path: /wiql/i,
      alter(json) {
        world.site.remove(id);
        return json;
      },
    });

    expect([...(await readAll(backlog, world.options)).items.keys()]).toEqual([ref(kept)]);
  });

  it('an item that enters during the read is not lost', async () => {
    const world = await aWorld();
    world.story('first');
    let late = 0;
    world.site.faults.next({
      kind: 'alter',
      path: /wiql/i,
      alter(json) {
        late = world.story('late');
        return json;
      },
    });

    const { items } = await readAll(await world.open(), world.options);

    expect(items.has(ref(late))).toBe(true);
  });

  it('more ids than one query may return are asked for in parts', async () => {
    const world = await aWorld();
    const backlog = await world.open();
    const first = Array.from({ length: partition }, (_, i) => ({ id: i + 1 }));
    world.site.faults.next({
      kind: 'alter',
      path: /wiql/i,
      alter: json => ({ ...(json as object), workItems: first }),
    });
    const told: string[] = [];
    const progress = ({ what, done }: { what: string; done: number }): void => void told.push(`${what} ${done}`);

    await expect(readAll(backlog, { ...world.options, progress })).rejects.toThrow(ShortReadError);

    const queries = world.site.exchanges().filter(({ request }) => /wiql/i.test(request.path));
    expect(queries.map(({ request }) => /\[System\.Id\] > (\d+)/.exec(request.text)?.[1])).toEqual(['0', '19999']);
    expect(queries[0]?.request.query.get('$top')).toBe('19999');
    expect(told[0]).toBe('work items found 19999');
  });

  it('a query refused as too large is halved', async () => {
    const world = await aWorld();
    const ids = Array.from({ length: 9 }, (_, i) => world.story(`story ${i}`));
    const body = { message: 'VS402337: The number of work items returned exceeds the size limit of 20000.' };
    world.site.faults.next({ kind: 'status', status: 400, body, path: /wiql/i, times: 2 });

    const { items } = await readAll(await world.open(), world.options);

    expect([...items.keys()]).toEqual(ids.map(ref));
    const queries = world.site.exchanges().filter(({ request }) => /wiql/i.test(request.path));
    expect(queries).toHaveLength(5);
  });
});
