import fc from 'fast-check';
import type { Tracker } from '../../../src/item.ts';
import { past, type Past } from './steps.ts';
import { day, minute, openHistoryWorld, type HistoryWorld } from './world.ts';

/** What must hold on a site after any past. Throws saying what does not. */
export type Law = (world: HistoryWorld) => Promise<void>;

/** Checks a law on so many pasts of a tracker. Answers how many were told, and how many steps they had. */
export async function checkLaw(
  tracker: Tracker,
  law: Law,
  how: { readonly seed: number; readonly runs: number },
): Promise<{ readonly cases: number; readonly steps: number }> {
  let [cases, steps] = [0, 0];
  const tried = fc.asyncProperty(past, async (one: Past) => {
    cases++;
    steps += one.steps.length;
    const world = await openHistoryWorld(tracker, one);
    try {
      await world.live(one.steps);
      await world.settle();
      await law(world);
    } finally {
      await world.close();
    }
  });
  await fc.assert(tried, { seed: how.seed, numRuns: how.runs });
  return { cases, steps };
}

/** From any past, further rounds without a human change write nothing and want to write nothing. */
export const quietAfterwards: Law = async world => {
  const [writes, seen, since] = [world.site.writes(), JSON.stringify(world.site.look()), world.now];
  world.now += 20 * minute;
  const ends = await world.holdEnds();
  if (ends.some(end => end > since - 10 * minute && end <= world.now + day / 4)) return;
  for (const sweep of [false, true, false]) {
    const { changes, problems, status } = await world.round(sweep);
    if (changes.length > 0 || status === 'failed') {
      throw new Error(`a further round (sweep: ${sweep}) ${status}: ${JSON.stringify([changes, problems])}`);
    }
    world.now += 20 * minute;
  }
  if (world.site.writes() !== writes) throw new Error(`${world.site.writes() - writes} writes without a change`);
  if (JSON.stringify(world.site.look()) !== seen) throw new Error(`the site changed: ${seen}`);
};
