import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { withinTime } from '../within-time.ts';

export interface WatchdogParts {
  /** Asks for a sign of life. */
  readonly ask: () => Promise<unknown>;
  readonly log: Log;
  /** Called once, when it has not answered so many times in a row. */
  readonly gone: () => void;
  readonly everyMs?: number;
  readonly times?: number;
  readonly signal: AbortSignal;
}

/**
 * Watches something that cannot come back by itself: the embedded database lives in this process, and once it is broken
 * only a new process has a sound one. Whoever supervises the service starts it anew. Ends with the signal.
 */
export async function watch(parts: WatchdogParts): Promise<void> {
  const { ask, log, gone, everyMs = 20_000, times = 3, signal } = parts;
  let missed = 0;
  while (missed < times) {
    await pause(everyMs, null, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    const answer = await withinTime(ask());
    missed = answer.kind === 'ok' ? 0 : missed + 1;
    if (answer.kind === 'down') log.error({ missed, problem: answer.problem }, 'the embedded database does not answer');
  }
  log.error({}, 'the embedded database is broken; ending, so that a new process opens it afresh');
  gone();
}
