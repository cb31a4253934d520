import type { AnyQueue } from './channel.ts';

/** Jobs a second that no connection ever makes: the library's limit, of which only the pause set by hand is wanted. */
export const neverReached = 1000;

/** How long a connection's queue still pauses because its tracker asked for it, milliseconds; 0: it does not. */
export async function pauseLeft(queue: AnyQueue): Promise<number> {
  return Math.max(0, await queue.getRateLimitTtl(neverReached));
}
