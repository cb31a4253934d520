import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../errors.ts';

/** What came of asking; `down`: it threw, or did not answer in time. */
export type Asked<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'down'; readonly problem: string };

const answerMs = 3_000;

/** Waits three seconds for an answer. Never throws. */
export async function withinTime<T>(work: Promise<T>): Promise<Asked<T>> {
  const stop = new AbortController();
  const late = pause(answerMs, null, { signal: stop.signal, ref: false }).then(
    () => ({ kind: 'down', problem: `no answer within ${answerMs / 1000} seconds` }) as const,
  );
  late.catch(() => undefined);
  try {
    return await Promise.race([work.then(value => ({ kind: 'ok', value }) as const), late]);
  } catch (error) {
    return { kind: 'down', problem: messageOf(error) };
  } finally {
    stop.abort();
  }
}
