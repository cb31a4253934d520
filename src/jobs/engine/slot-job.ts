import type { Job as BullJob } from 'bullmq';
import { mostSkewMs } from '../../clock.ts';
import type { AnyQueue } from './channel.ts';

/** True when an instant (ms) was told by a clock that has since been set back. */
export function isOfLater(at: number | undefined, now: Date): boolean {
  return typeof at === 'number' && at > now.getTime() + mostSkewMs;
}

/**
 * The id that a slot's job has or shall have, the same for every replica, and whether there is such a job. A slot comes
 * again, under an id that tells after what: when its job was given up before `anewBefore`, and when its job ended on a
 * clock that was set back since.
 */
export async function slotJob(
  queue: AnyQueue,
  id: string,
  at: { readonly now: Date; readonly anewBefore: Date | null },
): Promise<{ readonly id: string; readonly exists: boolean }> {
  for (let next = id; ;) {
    const found = (await queue.getJob(next)) as BullJob | undefined;
    if (found === undefined) return { id: next, exists: false };
    const ended = endOf(found);
    if (ended === null) return { id: next, exists: true };
    const givenUp = at.anewBefore !== null && ended < at.anewBefore.getTime() && (await found.isFailed());
    if (!givenUp && !isOfLater(ended, at.now)) return { id: next, exists: true };
    next = `${id}@after-${ended}`;
  }
}

/** When a job was completed or given up, ms; null: neither. */
export function endOf({ finishedOn }: BullJob): number | null {
  return typeof finishedOn === 'number' ? finishedOn : null;
}
