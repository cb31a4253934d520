import type { Job as BullJob } from 'bullmq';
import type { AnyQueue } from './channel.ts';
import { isOfLater } from './slot-job.ts';

/** Jobs a second that no connection ever makes: the library's limit, of which only the pause set by hand is wanted. */
export const neverReached = 1000;

/** How long a connection's queue still pauses because its tracker asked for it, milliseconds; 0: it does not. */
export async function pauseLeft(queue: AnyQueue): Promise<number> {
  return Math.max(0, await queue.getRateLimitTtl(neverReached));
}

/** Longer than the longest pause that is ever set (retry.ts). */
const impossibleMs = 2 * 60 * 60_000;
const looked = 100;

/**
 * After the machine's clock was set back, what was due in a minute is due in a minute and so long: jobs that were put off on
 * the later clock go on now, and a pause longer than any that is ever set ends. Answers how many that were.
 */
export async function unstick(queue: AnyQueue, now: Date): Promise<number> {
  const delayed = (await queue.getDelayed(0, looked - 1)) as BullJob[];
  const stuck = delayed.filter(job => isOfLater(job.timestamp, now) || isOfLater(job.processedOn, now));
  for (const job of stuck) await job.promote();
  if ((await pauseLeft(queue)) < impossibleMs) return stuck.length;
  await queue.removeRateLimitKey();
  return stuck.length + 1;
}
