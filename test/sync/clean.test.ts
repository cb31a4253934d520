import { describe, expect, it } from 'vitest';
import { itemRef } from '../../src/item.ts';
import { trackers, type Seen, type TrackerWorld } from '../support/tracker-worlds.ts';

const ours = (seen: readonly Seen[]): readonly string[] =>
  seen.flatMap(({ labels }) => labels.filter(label => label.startsWith('winnow-') && label !== 'winnow-pin'));

const placeOf = (world: TrackerWorld, key: string): number => world.look().findIndex(one => one.key === key);

describe.each(trackers)('sync/clean on %s', (_name, open) => {
  it('takes off every label of ours, and forgets no place that a person chose', async () => {
    const world = await open({ items: 30, seed: 3 });
    const { study } = await world.round();
    const last = study?.desired.order.at(-1) ?? itemRef('jira', 0);
    const key = study?.pulled.states.get(last)?.item.key ?? '';
    const before = ours(world.look());
    world.pass(3_600_000);
    world.dragUp(key);
    const place = placeOf(world, key);
    const held = await world.round();

    const report = await world.clean();
    const bare = ours(world.look());
    const after = await world.round();
    const settled = await world.round();
    const seen = world.look();
    await world.close();

    expect(held.study?.desired.holds.get(last)?.kind).toBe('drag');
    expect(before.length).toBeGreaterThan(0);
    expect([report.status, bare]).toEqual(['applied', []]);
    expect(after.report.changes.filter(change => change.kind === 'move')).toEqual([]);
    expect(after.study?.desired.holds.get(last)?.kind).toBe('drag');
    expect(seen.findIndex(one => one.key === key)).toBe(place);
    expect(ours(seen).length).toBeGreaterThan(0);
    expect(settled.report).toMatchObject({ status: 'nothing-to-do', changes: [] });
  });
});
