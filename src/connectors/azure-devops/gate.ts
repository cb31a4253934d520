import type { Clock } from '../../clock.ts';
import { StoppedError, TrackerBusyError } from '../../errors.ts';
import { createLimiter } from '../limiter.ts';
import type { Sleep } from '../pause.ts';
import { jittered, longestWaitMs } from '../retry.ts';
import { pauseOf, type Headers } from './throttle-headers.ts';

/** What all calls of one connection share: how many run at once, and when the next may start. */
export interface Gate {
  /** Remembers what an answer says about pauses. */
  note(headers: Headers): void;
  /** Runs a call when there is room and no pause is due. */
  run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Waits for exactly so long. Throws StoppedError when stopped, TrackerBusyError if a round should not wait so long. */
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
  const limit = createLimiter(parts.atOnce);
  let notBefore = 0;
  const untilDue = (): number => notBefore - parts.clock.now().getTime();

  return {
    pause: (ms, signal) => pause(ms, parts, signal),
    note(headers) {
      const now = parts.clock.now();
      const asked = pauseOf(headers, now);
      if (asked !== null) notBefore = Math.max(notBefore, now.getTime() + asked);
    },
    run: (call, signal) =>
      limit(async () => {
        stopIfAsked(signal);
        // Once is enough for one due time, whatever the clock says afterwards; a later one is waited for too.
        for (let waited = 0; notBefore !== waited && untilDue() > 0; waited = notBefore) {
          await pause(jittered(untilDue(), parts.chance()), parts, signal);
        }
        return await call();
      }),
  };
}

async function pause(ms: number, { clock, sleep }: GateParts, signal: AbortSignal): Promise<void> {
  if (ms > longestWaitMs * 1.3) {
    const retryAt = new Date(clock.now().getTime() + ms);
    throw new TrackerBusyError(`Azure DevOps asks for a pause until ${retryAt.toISOString()}.`, { retryAt });
  }
  await sleep(ms, signal);
  stopIfAsked(signal);
}

export function stopIfAsked(signal: AbortSignal): void {
  if (signal.aborted) throw new StoppedError('Stopped while talking to Azure DevOps; nothing is left half-written.');
}
