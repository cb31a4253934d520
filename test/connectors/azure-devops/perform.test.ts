import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/change.ts';
import type { TrackerBacklog, Write } from '../../../src/connectors/connector.ts';
import { CredentialError, TrackerBusyError, UncertainWriteError } from '../../../src/errors.ts';
import { aWorld, closeAfterEach, readAll, readChanges, type Snapshot, type World } from './support/emulated.ts';
import { ref } from './support/values.ts';

interface Stage {
  readonly world: World;
  readonly backlog: TrackerBacklog;
  readonly snapshot: Snapshot;
  readonly ids: readonly number[];
}

async function aStage(): Promise<Stage> {
  const world = await aWorld();
  const ids = [1, 2, 3].map(i =>
    world.story(`story ${i}`, { 'Microsoft.VSTS.Common.StackRank': i * 1000, 'System.Tags': 'ui' }),
  );
  const backlog = await world.open();
  return { world, backlog, snapshot: await readAll(backlog, world.options), ids };
}

function writesFor({ backlog, snapshot, ids }: Stage, changes: readonly Change[], desired = ids): readonly Write[] {
  const refs = desired.map(ref);
  return backlog.prepare({ changes, items: snapshot.items, desired: refs, current: ids.map(ref), fixed: new Set() });
}

function labelled(stage: Stage, index = 0): { readonly id: number; readonly write: Write } {
  const id = stage.ids[index] ?? 0;
  const change: Change = {
    kind: 'label-add',
    ref: ref(id),
    key: String(id),
    from: null,
    to: 'winnow-stale',
    because: '',
  };
  const [write] = writesFor(stage, [change]);
  if (write === undefined) throw new Error('nothing to write');
  return { id, write };
}

const signal = new AbortController().signal;

describe('connectors/azure-devops/perform', () => {
  closeAfterEach();

  it('a round with one change costs five calls: feeds, batch, patch, read back', async () => {
    const stage = await aStage();
    const { world, snapshot, ids } = stage;
    const [first = 0, , third = 0] = ids;
    world.site.edit(third, { 'System.Title': 'changed' });
    const backlog = await world.open();
    await readChanges(backlog, snapshot, world.options);
    const move: Change = { kind: 'move', ref: ref(third), key: '', from: 3, to: 1, after: null, because: '' };
    const [write] = writesFor({ ...stage, backlog }, [move], [third, first, ids[1] ?? 0]);
    if (write === undefined) throw new Error('nothing to write');

    const results = await backlog.perform(write, signal);
    const found = await backlog.locate([ref(third)], world.options);
    const settled = await backlog.settle(snapshot.cursor, [], world.options);

    expect(results).toEqual([{ ref: ref(third), status: 'applied' }]);
    expect(found.get(ref(third))).toMatchObject({ state: 'in-scope', item: { order: 500, version: '3' } });
    expect(backlog.calls()).toEqual({ read: 4, write: 1 });
    expect(world.site.order('Payments')[0]).toBe(third);
    expect(settled.touched).toEqual([]);
  });

  it('the echo of our own write is not read again', async () => {
    const stage = await aStage();
    const { world, backlog, snapshot } = stage;
    const { id, write } = labelled(stage);
    await backlog.perform(write, signal);
    const where = (await backlog.locate([ref(id)], world.options)).get(ref(id));
    if (where?.state !== 'in-scope') throw new Error('lost');
    snapshot.items.set(ref(id), { ...where.item, memo: JSON.parse(JSON.stringify(where.item.memo)) as unknown });
    const fresh = await world.open();

    const { read } = await readChanges(fresh, snapshot, world.options);

    expect(read).toEqual([]);
    expect(fresh.calls().read).toBe(2);
  });

  it('a change by somebody else just before our write is still told', async () => {
    const stage = await aStage();
    const { world, backlog, snapshot } = stage;
    const { id, write } = labelled(stage);
    world.site.comment(id, 'wait');
    const refused = await backlog.perform(write, signal);
    const there = (await backlog.locate([ref(id)], world.options)).get(ref(id));
    if (there?.state !== 'in-scope') throw new Error('lost');
    snapshot.items.set(ref(id), there.item);
    await backlog.perform(labelled(stage).write, signal);
    const back = (await backlog.locate([ref(id)], world.options)).get(ref(id));
    if (back?.state !== 'in-scope') throw new Error('lost');
    snapshot.items.set(ref(id), back.item);

    const { of } = await readChanges(await world.open(), snapshot, world.options);

    expect(refused).toMatchObject([{ status: 'conflict' }]);
    expect(of(id).history.entries.map(entry => entry.kind)).toEqual(['commented', 'changed']);
  });

  it('no mail is sent, and a refused request for that is remembered', async () => {
    const stage = await aStage();
    stage.world.site.switches.allowSuppress(false);

    await stage.backlog.perform(labelled(stage, 0).write, signal);
    await stage.backlog.perform(labelled(stage, 1).write, signal);

    const patches = stage.world.site.exchanges().filter(({ request }) => request.method === 'PATCH');
    const asked = patches.map(({ request }) => request.query.get('suppressNotifications'));
    expect(asked).toEqual(['true', null, null]);
    const findings = await (await stage.world.open()).check();
    expect(findings.find(({ topic }) => topic === 'notifications')?.status).toBe('note');
  });

  it.each([
    ['a race at the save', 409, { message: 'TF26071: changed by someone else' }, 'conflict', undefined],
    ['a newer revision', 412, { message: 'VS403351: Test Operation failed' }, 'conflict', undefined],
    ['a rule', 400, rule(), 'failed', true],
    ['a forbidden item', 403, { message: 'TF401027: no permission' }, 'failed', false],
    ['a vanished item', 404, { message: 'TF401232: Work item does not exist' }, 'failed', false],
    ['too many revisions', 500, { message: 'The work item exceeds the limit of 10000 revisions.' }, 'failed', true],
  ])('%s is a result of the item', async (_name, status, body, outcome, repeats) => {
    const stage = await aStage();
    stage.world.site.faults.next({ kind: 'status', status, body, method: 'PATCH', times: status === 403 ? 2 : 1 });

    const [result] = await stage.backlog.perform(labelled(stage).write, signal);

    expect(result).toMatchObject({ status: outcome, ...(repeats === undefined ? {} : { repeats }) });
    expect(stage.world.site.faults.pending()).toBe(0);
  });

  it('a broken rule says which field and why', async () => {
    const stage = await aStage();
    const { id, write } = labelled(stage);
    stage.world.site.switches.breakRuleOn(id, 'System.Title');

    const [result] = await stage.backlog.perform(write, signal);

    expect(result).toMatchObject({ status: 'failed', repeats: true });
    expect(result !== undefined && 'problem' in result ? result.problem : '').toMatch(/System\.Title: TF401320/);
  });

  it.each([
    ['lost before it had an effect', { kind: 'reset-before' }, false],
    ['lost after it had its effect', { kind: 'reset-after' }, true],
    ['answered by a proxy', { kind: 'html', after: true }, true],
    ['answered with half a body', { kind: 'truncate' }, true],
    ['failing inside the service', { kind: 'status', status: 502 }, false],
  ] as const)('a write %s is uncertain, and sent once', async (_name, fault, landed) => {
    const stage = await aStage();
    const { id, write } = labelled(stage);
    stage.world.site.faults.next({ ...fault, method: 'PATCH' });

    await expect(stage.backlog.perform(write, signal)).rejects.toThrow(UncertainWriteError);

    expect(stage.world.site.item(id).tags.includes('winnow-stale')).toBe(landed);
    expect(stage.world.site.exchanges().filter(({ request }) => request.method === 'PATCH')).toHaveLength(1);
  });

  it('a throttled write is sent again after the pause', async () => {
    const stage = await aStage();
    stage.world.site.switches.refuseNext({ retryAfterSeconds: 20 });

    const [result] = await stage.backlog.perform(labelled(stage).write, signal);

    expect(result?.status).toBe('applied');
    expect(stage.world.slept).toEqual([20_000]);
  });

  it('a long pause and a dead credential end the round', async () => {
    const stage = await aStage();
    stage.world.site.switches.refuseNext({ retryAfterSeconds: 3_600 });
    await expect(stage.backlog.perform(labelled(stage).write, signal)).rejects.toThrow(TrackerBusyError);
    const other = await aStage();
    other.world.site.switches.revokePat();
    await expect(other.backlog.perform(labelled(other).write, signal)).rejects.toThrow(CredentialError);
  });
});

function rule(): unknown {
  const errors = [{ fieldReferenceName: 'Custom.Team', errorMessage: 'TF401320: Rule Error' }];
  return {
    message: 'TF401320',
    typeKey: 'RuleValidationException',
    customProperties: { RuleValidationErrors: errors },
  };
}
