import type { World } from './round-world.ts';

/** With a score field to write to. */
export function scored(world: World): World {
  world.settings = { ...world.settings, write: { ...world.settings.write, score: 'Score' } };
  return world;
}

/** Lets time pass, here and at the tracker. */
export function pass(world: World, minutes: number): void {
  world.now = new Date(world.now.getTime() + minutes * 60_000);
  world.tracker.now = world.now;
}

/** What undoing must bring back: order, labels and scores. */
export function picture(world: World) {
  const items = world.tracker.order().map(id => world.tracker.items.get(id)?.item);
  return items.map(item => ({ key: item?.key, labels: [...(item?.labels ?? [])].sort(), score: item?.scoreField }));
}
