import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { StoppedError, TrackerBusyError } from '../../errors.ts';
import { pauseOf, type Headers } from './throttle-headers.ts';

/** Waits; resolves early when the signal fires. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const realSleep: Sleep = async (ms, signal) => {
  await delay(ms, undefined, { signal }).catch(() => undefined);
};

/** A pause longer than this is not waited for: the round ends and comes back. */
export const longestPauseMs = 5 * 60_000;

/** What all calls of one connection share: how many run at once, and when the next may start. */
export interface Gate {
  /** Remembers what an answer says about pauses. */
  note(headers: Headers): void;
  /** Runs a call when there is room and no pause is due. */
  run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Waits, with jitter so that several workers do not return at once. Throws StoppedError when stopped. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

interface GateParts {
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** 0..1 */
  readonly chance: () => number;
  readonly atOnce: number;
}

export function createGate(parts: GateParts): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  let notBefore = 0;
  const untilDue = (): number => notBefore - parts.clock.now().getTime();

  return {
    pause: (ms, signal) => pause(ms, parts, signal),
    note(headers) {
      const now = parts.clock.now();
      const asked = pauseOf(headers, now);
      if (asked !== null) notBefore = Math.max(notBefore, now.getTime() + asked);
    },
    async run(call, signal) {
      if (running >= parts.atOnce) await new Promise<void>(resolve => waiting.push(resolve));
      else running++;
      try {
        stopIfAsked(signal);
        // Once is enough for one due time, whatever the clock says afterwards; a later one is waited for too.
        for (let waited = 0; notBefore !== waited && untilDue() > 0; waited = notBefore) {
          await pause(untilDue(), parts, signal);
        }
        return await call();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running--;
        else next();
      }
    },
  };
}

async function pause(ms: number, { clock, sleep, chance }: GateParts, signal: AbortSignal): Promise<void> {
  if (ms > longestPauseMs) {
    const retryAt = new Date(clock.now().getTime() + ms);
    throw new TrackerBusyError(`Azure DevOps asks for a pause until ${retryAt.toISOString()}.`, { retryAt });
  }
  await sleep(Math.ceil(ms * (1 + 0.2 * chance())), signal);
  stopIfAsked(signal);
}

export function stopIfAsked(signal: AbortSignal): void {
  if (signal.aborted) throw new StoppedError('Stopped while talking to Azure DevOps; nothing is left half-written.');
}
