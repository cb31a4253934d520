import { beforeEach, describe, expect, it } from 'vitest';
import { TrackerBusyError } from '../../src/errors.ts';
import { itemRef } from '../../src/item.ts';
import { preconditionOf } from '../../src/sync/saved-plan.ts';
import { anItem } from '../support/items.ts';
import { aWorld, type World } from '../support/round-world.ts';

const touched = { createdAt: new Date('2026-05-25'), changedAt: new Date('2026-05-25') };
const stray = itemRef('jira', 1);
let world: World;

const labels = (): readonly string[] => world.tracker.items.get(stray)?.item.labels ?? [];

/** One stale item among fresh ones bears our label, and leaves the backlog. */
beforeEach(async () => {
  const fresh = [2, 3, 4, 5, 6, 7, 8].map(id => anItem({ id, order: id, ...touched }));
  world = aWorld([anItem({ id: 1, order: 1 }), ...fresh]);
  await world.round();
  expect(labels()).toEqual(['winnow-stale']);
  const held = world.tracker.items.get(stray);
  if (held !== undefined) held.inScope = false;
});

describe('sync: items that leave the scope', () => {
  it('lose their labels', async () => {
    const { report } = await world.round();

    expect(report.changes.map(c => [c.kind, c.key])).toEqual([['label-remove', 'SHOP-1']]);
    expect(labels()).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['was only planned', () => world.round({ purpose: 'plan' })],
    [
      'came outside the hours of writing',
      () => world.round({ settings: { ...world.settings, writeHours: { from: 60, to: 61 } } }),
    ],
    [
      'was stopped',
      () => {
        world.tracker.beforeWrite = () => {
          world.tracker.beforeWrite = null;
          throw new TrackerBusyError('not now');
        };
        return world.round();
      },
    ],
  ])('lose them later, where the round that saw them leave %s', async (_what, meanwhile) => {
    await meanwhile();
    expect(labels()).toEqual(['winnow-stale']);

    const { report } = await world.round();

    expect(report.changes.map(c => [c.kind, c.key])).toEqual([['label-remove', 'SHOP-1']]);
    expect(labels()).toEqual([]);
    expect((await world.round()).report).toMatchObject({ status: 'nothing-to-do', changes: [] });
  });

  it('a saved plan takes their labels off too', async () => {
    const { report, study } = await world.round({ purpose: 'plan' });
    const before = new Map((study?.pulled.strays ?? []).map(item => [item.ref, preconditionOf(item)]));
    const savedPlan = { backlog: 'shop', modelHash: world.model.hash, changes: report.changes, before };

    expect((await world.round({ savedPlan })).report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(labels()).toEqual([]);
  });
});
