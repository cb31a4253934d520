import { messageOf } from './errors.ts';

/** What came of asking; `down`: it threw, or did not answer in time. */
export type Asked<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'down'; readonly problem: string };

const answerMs = 3_000;

/** Waits three seconds for an answer. Never throws. */
export async function withinTime<T>(work: Promise<T>): Promise<Asked<T>> {
  try {
    return { kind: 'ok', value: await answeredWithin(work, answerMs) };
  } catch (error) {
    return { kind: 'down', problem: messageOf(error) };
  }
}

/** The answer, or a throw after so many milliseconds; the work itself goes on, and its end is nobody's concern. */
export async function answeredWithin<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1000} seconds`)), ms);
  timer.unref();
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
