import { beforeEach, describe, expect, it } from 'vitest';
import { itemRef, value, type BacklogItem, type ItemRef } from '../../src/item.ts';
import type { BacklogSettings } from '../../src/settings.ts';
import { aField, alice, anItem } from '../support/items.ts';
import { aWorld, type World } from '../support/round-world.ts';

const ref = (n: number): ItemRef => itemRef('jira', n);
const scheme = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const touched = new Date('2026-05-25T00:00:00Z');

/** Five items, the most important first; settled by a first round. */
async function settled(): Promise<World> {
  const items = scheme.map((name, i): BacklogItem => {
    const times = { createdAt: touched, changedAt: touched };
    return anItem({ id: i + 1, order: (i + 1) * 1_000, priority: value({ name, scheme }), ...times });
  });
  const world = aWorld(items);
  await world.round();
  return world;
}

function drag(world: World, id: number): void {
  world.now = new Date(world.now.getTime() + 3_600_000);
  world.tracker.now = world.now;
  world.tracker.edit(ref(id), { order: -9_999_999 }, alice, [aField({ kind: 'rank', field: 'Rank' })]);
  world.now = new Date(world.now.getTime() + 3_600_000);
}

const moves = async (world: World): Promise<readonly string[]> =>
  (await world.round()).report.changes.flatMap(({ kind, key }) => (kind === 'move' ? [key] : []));

describe('settings that change between rounds', () => {
  let world: World;
  beforeEach(async () => {
    world = await settled();
  });
  const change = (over: Partial<BacklogSettings>): void => {
    world.settings = { ...world.settings, ...over };
  };

  it('forget no drag that holds', async () => {
    drag(world, 5);
    expect(await moves(world)).toEqual([]);
    change({ sources: { value: 'Business value' } });

    expect(await moves(world)).toEqual([]);

    expect(world.tracker.order()[0]).toBe(ref(5));
    world.now = new Date(world.now.getTime() + 15 * 86_400_000);
    expect(await moves(world)).toEqual(['SHOP-5']);
  });

  it('overlook no drag that was made meanwhile', async () => {
    drag(world, 5);
    change({ blockers: { linkTypes: ['Depends'] } });

    expect(await moves(world)).toEqual([]);
    expect(world.tracker.order()[0]).toBe(ref(5));
  });

  it('are tried by a question that uses up nothing', async () => {
    drag(world, 5);
    const { settings } = world;
    change({ sources: { value: 'Business value' }, scope: { kind: 'jira-board', board: 2 } });
    await world.round({ purpose: 'explain', memory: 'first' });
    world.settings = settings;

    expect(await moves(world)).toEqual([]);
    expect(world.tracker.order()[0]).toBe(ref(5));
  });

  it('hide no short read', async () => {
    change({ timezone: 'Europe/Berlin' });
    for (const id of [2, 3, 4, 5]) world.tracker.hidden.add(ref(id));

    const { report } = await world.round();

    expect(report.status).toBe('failed');
  });

  it('for other items start anew', async () => {
    drag(world, 5);
    expect(await moves(world)).toEqual([]);
    change({ scope: { kind: 'jira-board', board: 2 } });

    expect(await moves(world)).toEqual(['SHOP-5']);
  });
});
