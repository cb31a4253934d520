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
  const tell = (step: unknown): void => {
    const text = JSON.stringify(step);
    if (text !== told && typeof step === 'object') progress(step as JobProgress);
    told = text;
  };
  const ear = listenFor(events, id, tell);
  try {
    for (;;) {
      // Pricked up before looking: an end in between is heard.
      const heard = ear.ended();
      const state = await queue.getJobState(id);
      if (state === 'completed' || state === 'failed') {
        const job = await queue.getJob(id);
        if (job === undefined) throw removed(id);
        tell(job.progress);
        if (state === 'failed') throw new Error(job.failedReason);
        return job.returnvalue as RoundSummary;
      }
      if (state === 'unknown') throw removed(id);
      await heard;
    }
  } finally {
    ear.close();
  }
}

function removed(id: string): NotFoundError {
  return new NotFoundError(`Job ${id} was removed from its queue before it ended.`);
}

interface Ear {
  /** Resolves when the job is said to have ended, or when it is time to look again. */
  ended(): Promise<void>;
  close(): void;
}

function listenFor(events: AnyEvents, id: string, tell: (step: unknown) => void): Ear {
  let wake: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const hearStep = ({ jobId, data }: { readonly jobId: string; readonly data: unknown }): void => {
    if (jobId === id) tell(data);
  };
  const hearEnd = ({ jobId }: { readonly jobId: string }): void => {
    if (jobId === id) wake();
  };
  events.on('progress', hearStep);
  events.on('completed', hearEnd);
  events.on('failed', hearEnd);
  return {
    ended() {
      const { promise, resolve } = Promise.withResolvers<void>();
      clearTimeout(timer);
      timer = setTimeout(resolve, lookAgainMs);
      wake = resolve;
      return promise;
    },
    close() {
      clearTimeout(timer);
      events.off('progress', hearStep);
      events.off('completed', hearEnd);
      events.off('failed', hearEnd);
    },
  };
}
