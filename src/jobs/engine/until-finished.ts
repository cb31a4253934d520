import { NotFoundError } from '../../errors.ts';
import type { JobProgress, RoundSummary } from '../job.ts';
import type { AnyEvents, AnyQueue } from './channel.ts';

const lookAgainMs = 1000;

/**
 * Waits for a job's end and answers what its handler answered. Throws with its problem when it was given up.
 * Events only shorten the wait: one that is sent while the listener is between two reads may come late or never.
 */
export async function untilFinished(
  { queue, events }: { readonly queue: AnyQueue; readonly events: AnyEvents },
  id: string,
  progress: (step: JobProgress) => void,
): Promise<RoundSummary> {
  let told = '';
  for (;;) {
    const nudge = listenFor(events, id);
    try {
      const job = await queue.getJob(id);
      if (job === undefined) throw new NotFoundError(`Job ${id} was removed from its queue before it ended.`);
      const state = await job.getState();
      // Read after its state was: what is final, is final here too.
      const now = (await queue.getJob(id)) ?? job;
      const step = JSON.stringify(now.progress);
      if (step !== told && typeof now.progress === 'object') progress(now.progress as JobProgress);
      told = step;
      if (state === 'completed') return now.returnvalue as RoundSummary;
      if (state === 'failed') throw new Error(now.failedReason);
      await nudge.heard;
    } finally {
      nudge.stop();
    }
  }
}

function listenFor(events: AnyEvents, id: string): { readonly heard: Promise<void>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hear = ({ jobId }: { readonly jobId: string }): void => {
    if (jobId === id) resolve();
  };
  const timer = setTimeout(resolve, lookAgainMs);
  events.on('progress', hear);
  events.on('completed', hear);
  events.on('failed', hear);
  const stop = (): void => {
    clearTimeout(timer);
    events.off('progress', hear);
    events.off('completed', hear);
    events.off('failed', hear);
  };
  return { heard: promise, stop };
}
