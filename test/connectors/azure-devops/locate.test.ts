import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { aWorld, closeAfterEach, readAll } from './support/emulated.ts';
import { ref } from './support/values.ts';
import { aBench, host, useWire, whoAmI } from './support/wire.ts';

describe('connectors/azure-devops/locate', () => {
  closeAfterEach();

  it('in scope, out of scope, in the recycle bin, nowhere', async () => {
    const world = await aWorld();
    const [open, closed, binned] = [world.story('a'), world.story('b', { 'System.State': 'Closed' }), world.story('c')];
    world.site.remove(binned);
    const backlog = await world.open();

    const found = await backlog.locate([open, closed, binned, 9_999].map(ref), world.options);

    expect([...found.values()].map(where => where.state)).toEqual(['in-scope', 'out-of-scope', 'gone', 'unknown']);
  });

  it('blockers of items read before are kept', async () => {
    const world = await aWorld();
    const [a, b] = [world.story('a'), world.story('b')];
    world.site.link(a, 'System.LinkTypes.Dependency-Forward', b);
    const backlog = await world.open();
    await readAll(backlog, world.options);

    const where = (await backlog.locate([ref(b)], world.options)).get(ref(b));

    expect(where?.state === 'in-scope' ? where.item.blockedBy : null).toEqual([ref(a)]);
  });

  it('labelled items are found in any state, by the whole tag', async () => {
    const world = await aWorld();
    const [open, closed] = ['New', 'Closed'].map(state =>
      world.story(state, { 'System.State': state, 'System.Tags': 'Winnow-Stale; ui' }),
    );
    world.story('other', { 'System.Tags': 'winnow-stale-ish' });

    const found = await (await world.open()).findLabelled(['winnow-stale', "it's"], world.options);

    expect(found.map(item => item.ref)).toEqual([ref(open ?? 0), ref(closed ?? 0)]);
  });

  it('a team whose areas can be seen can be browsed', async () => {
    const world = await aWorld();

    expect(await (await world.open()).canBrowse()).toBe(true);
  });
});

const node = { id: 1, identifier: 'root-guid', name: 'Payments', children: [] };
const areas = /\/acme\/p-1\/_apis\/wit\/classificationNodes\/Areas/i;
const rights = /_apis\/permissions\/83e28ad4-2d72-4ceb-97b0-c7726d5502c3\/16/;

describe('connectors/azure-devops/permissions', () => {
  useWire();

  /** An item that is neither readable nor in the recycle bin. */
  function nowhere(): void {
    whoAmI();
    nock(host)
      .post('/acme/_apis/wit/workItemsBatch')
      .reply(200, { count: 1, value: [null] });
    nock(host)
      .get(/recyclebin/i)
      .query(true)
      .reply(200, { count: 0, value: [] });
  }

  it.each([
    ['confirmed', 200, { count: 1, value: [true] }, 'gone'],
    ['denied', 200, { count: 1, value: [false] }, 'unknown'],
    ['not told', 403, { message: 'no' }, 'unknown'],
    ['beyond the token', 401, {}, 'unknown'],
  ])('with the right to read %s', async (_name, status, body, state) => {
    nowhere();
    nock(host).get(areas).query(true).reply(200, node);
    nock(host).get(rights).query({ tokens: 'vstfs:///Classification/Node/root-guid' }).reply(status, body);
    const bench = aBench();
    const backlog = await bench.open();

    const found = await backlog.locate([ref(7)], bench.options);

    expect(found.get(ref(7))?.state).toBe(state);
  });

  it('areas that cannot be seen exclude nothing', async () => {
    nowhere();
    nock(host).get(areas).query(true).reply(404, { message: 'VS402485: no such node' });
    const bench = aBench();
    const backlog = await bench.open();

    expect((await backlog.locate([ref(7)], bench.options)).get(ref(7))?.state).toBe('unknown');
  });
});
