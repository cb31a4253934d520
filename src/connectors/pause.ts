import { setTimeout as timer } from 'node:timers/promises';
import { StoppedError } from '../errors.ts';

/** Waits that long, or throws StoppedError as soon as the signal is raised. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const pause: Sleep = async (ms, signal) => {
  try {
    await timer(ms, undefined, { signal });
  } catch (error) {
    throw new StoppedError('stopped while waiting for the tracker', { cause: error });
  }
};
