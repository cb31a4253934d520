import { describe, expect, it } from 'vitest';
import { ResyncNeededError } from '../../../src/connectors/connector.ts';
import { ShortReadError } from '../../../src/errors.ts';
import { aWorld, closeAfterEach, readAll, readChanges, robot } from './support/emulated.ts';
import { ref } from './support/values.ts';

const kindsOf = (entries: readonly { fields: readonly { kind: string }[] }[]): string[][] =>
  entries.map(entry => entry.fields.map(field => field.kind));

/** A world with a few stories, read once. */
async function aReadWorld(count = 3) {
  const world = await aWorld({ iterations: [{ path: 'S1', dates: { start: '2026-03-09', finish: '2026-03-12' } }] });
  const ids = Array.from({ length: count }, (_, i) =>
    world.story(`story ${i}`, { 'Microsoft.VSTS.Common.StackRank': 1_000 * (i + 1) }),
  );
  const backlog = await world.open();
  const snapshot = await readAll(backlog, world.options);
  const [first = 0, second = 0, third = 0] = ids;
  return { world, backlog, snapshot, first, second, third };
}

describe('connectors/azure-devops/read-changes', () => {
  closeAfterEach();

  it('nothing happened: two calls, by a process that knows nothing', async () => {
    const { world, snapshot } = await aReadWorld();
    const fresh = await world.open();

    const { read, left } = await readChanges(fresh, snapshot, world.options);

    expect([read, left, fresh.calls()]).toEqual([[], [], { read: 2, write: 0 }]);
  });

  it('a changed item costs one call more and continues its history', async () => {
    const { world, snapshot, first } = await aReadWorld();
    world.site.edit(first, { 'System.Title': 'new' });
    world.site.reorder(first, {});
    world.site.edit(first, { 'System.Tags': 'winnow-stale' }, robot);
    const fresh = await world.open();

    const { read, of } = await readChanges(fresh, snapshot, world.options);

    expect(read).toHaveLength(1);
    expect(fresh.calls().read).toBe(3);
    expect(of(first).history.continues).toBe(true);
    expect(kindsOf(of(first).history.entries)).toEqual([['other'], ['rank'], ['labels']]);
    expect((await readChanges(fresh, snapshot, world.options)).read).toEqual([]);
  });

  it('an item planned into an iteration made since the settings were cached is in that sprint', async () => {
    const { world, snapshot, first } = await aReadWorld();
    world.site.planIteration('Payments', 'S2', { start: '2026-03-09', finish: '2026-03-20' });
    world.site.moveIteration(first, 'S2');

    const { of } = await readChanges(await world.open(), snapshot, world.options);

    expect(of(first).item.sprint).toBe('S2');
  });

  it('an iteration that is not on the list of the team is asked for once', async () => {
    const { world, snapshot, first } = await aReadWorld();
    const callsOf = async (): Promise<number> => {
      world.site.edit(first, { 'System.Title': `title ${world.now().getTime()}` });
      world.pass(1_000);
      const backlog = await world.open();
      await readChanges(backlog, snapshot, world.options);
      return backlog.calls().read;
    };
    world.site.moveIteration(first, 'elsewhere');

    const [once, again] = [await callsOf(), await callsOf()];

    expect(again).toBe(3);
    expect(once).toBeGreaterThan(3);
  });

  it('an iteration that a full read met, with the list at hand, is not asked for', async () => {
    const { world, backlog, first } = await aReadWorld();
    world.site.moveIteration(first, 'elsewhere');
    const snapshot = await readAll(backlog, world.options);
    world.site.edit(first, { 'System.Title': 'new' });
    const fresh = await world.open();

    await readChanges(fresh, snapshot, world.options);

    expect(fresh.calls().read).toBe(3);
  });

  it('an attachment is a revision without differences', async () => {
    const { world, backlog, snapshot, first } = await aReadWorld();
    world.site.attach(first, 'shot.png');

    const { of } = await readChanges(backlog, snapshot, world.options);

    expect(of(first).history.entries).toMatchObject([{ kind: 'changed', fields: [] }]);
  });

  it.each([
    ['closed', (w, id) => w.setState(id, 'Closed')],
    ['deleted', (w, id) => w.remove(id)],
    ['removed', (w, id) => w.setState(id, 'Removed')],
  ] satisfies [string, (site: Awaited<ReturnType<typeof aWorld>>['site'], id: number) => void][])(
    'an item that is %s has left',
    async (_name, act) => {
      const { world, backlog, snapshot, second } = await aReadWorld();
      act(world.site, second);

      const { left, read } = await readChanges(backlog, snapshot, world.options);

      expect([left, read]).toEqual([[ref(second)], []]);
    },
  );

  it('a new item arrives with its whole history, without a call of its own', async () => {
    const { world, backlog, snapshot } = await aReadWorld();
    const id = world.story('new');
    world.site.comment(id, 'please');
    const before = backlog.calls().read;

    const { of } = await readChanges(backlog, snapshot, world.options);

    expect(of(id).history).toMatchObject({ since: null, continues: false, entries: [{ kind: 'commented' }] });
    expect(backlog.calls().read - before).toBe(3);
  });

  it('an old item that enters brings its history and its blockers', async () => {
    const world = await aWorld();
    const [known, old] = [world.story('known'), world.story('old', { 'System.State': 'Closed' })];
    world.site.link(known, 'System.LinkTypes.Dependency-Forward', old);
    world.site.link(known, 'System.LinkTypes.Related', old);
    const snapshot = await readAll(await world.open(), world.options);
    world.site.setState(old, 'New');

    const { of } = await readChanges(await world.open(), snapshot, world.options);

    expect(of(old).item.blockedBy).toEqual([ref(known)]);
    expect(kindsOf(of(old).history.entries)).toEqual([['status']]);
  });

  it('links are noticed although they make no revision', async () => {
    const { world, backlog, snapshot, first, second } = await aReadWorld();
    const feature = world.site.createItem({ project: 'Payments', type: 'Feature', title: 'f' });
    world.site.reparent(first, feature);
    world.site.link(first, 'System.LinkTypes.Dependency-Forward', second);

    const { of, read } = await readChanges(backlog, snapshot, world.options);

    expect(of(first).item).toMatchObject({ parent: ref(feature), version: '1' });
    expect(of(second).item.blockedBy).toEqual([ref(first)]);
    expect(read.flatMap(({ history }) => history.entries)).toEqual([]);
  });

  it('a gap in the feed is filled from the revisions of the item', async () => {
    const { world, backlog, snapshot, first } = await aReadWorld();
    world.site.edit(first, { 'System.Title': 'one' });
    world.site.edit(first, { 'System.Title': 'two' });
    world.site.faults.next({
      kind: 'alter',
      path: /workitemrevisions/i,
      alter: json => ({ ...(json as object), values: (json as { values: unknown[] }).values.slice(1) }),
    });

    const { of } = await readChanges(backlog, snapshot, world.options);

    expect(of(first).history.entries.map(({ fields }) => fields[0]?.to)).toEqual(['one', 'two']);
  });

  it('an announced item is told up to now, even if the feed lags', async () => {
    const { world, backlog, snapshot, first } = await aReadWorld();
    world.site.edit(first, { 'System.Title': 'one' });
    const silence = (json: unknown): unknown => ({ ...(json as object), values: [] });
    world.site.faults.next({ kind: 'alter', path: /workitemrevisions/i, alter: silence });

    const { of } = await readChanges(backlog, snapshot, world.options, [first]);

    expect(of(first).history.entries).toHaveLength(1);
    expect((await readChanges(backlog, snapshot, world.options)).read).toEqual([]);
  });

  it('an announced item that is nowhere is no failure unless it was known', async () => {
    const { world, backlog, snapshot, first } = await aReadWorld();

    expect((await readChanges(backlog, snapshot, world.options, [9_999])).read).toEqual([]);
    world.site.hide(first);
    await expect(readChanges(backlog, snapshot, world.options, [first])).rejects.toThrow(ShortReadError);
  });

  it('a sprint ends without anybody touching its items', async () => {
    const { world, backlog, snapshot, first } = await aReadWorld();
    world.site.moveIteration(first, 'S1');
    expect((await readChanges(backlog, snapshot, world.options)).of(first).item.sprint).toBe('S1');
    const later = { ...world.options, now: new Date('2026-03-13T08:00:00Z') };

    const { of, read } = await readChanges(backlog, snapshot, later);

    expect(read).toHaveLength(1);
    expect(of(first)).toMatchObject({ item: { sprint: null }, history: { continues: true, entries: [] } });
  });

  it.each([
    ['an expired token', { status: 400, body: { message: 'VS402625: The continuation token is not valid.' } }],
    ['a forgotten token', { status: 404, body: { message: 'not found' } }],
  ])('%s asks for everything anew', async (_name, fault) => {
    const { world, backlog, snapshot } = await aReadWorld();
    world.site.faults.next({ kind: 'status', path: /workitemrevisions/i, ...fault });

    await expect(readChanges(backlog, snapshot, world.options)).rejects.toThrow(ResyncNeededError);
  });

  it('a field that the feed refuses by name is left to it', async () => {
    const { world, backlog, snapshot, first } = await aReadWorld();
    world.site.edit(first, { 'System.Title': 'one' });
    const body = { message: 'TF51535: Cannot find field System.BoardLane.' };
    world.site.faults.next({ kind: 'status', path: /workitemrevisions/i, status: 400, body });

    const { of } = await readChanges(backlog, snapshot, world.options);

    expect(kindsOf(of(first).history.entries)).toEqual([['other']]);
  });

  it('a cursor of another kind, or of other areas, asks for everything anew', async () => {
    const { world, backlog, snapshot } = await aReadWorld();
    const other = { ...snapshot, cursor: { ...(snapshot.cursor as object), scope: 'changed' } };

    await expect(readChanges(backlog, { ...snapshot, cursor: 7 }, world.options)).rejects.toThrow(ResyncNeededError);
    await expect(readChanges(backlog, other, world.options)).rejects.toThrow(/areas/);
  });
});
