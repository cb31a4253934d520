import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Refusals } from './ports.ts';

interface RefusalMemoryParts {
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly log: Log;
  /** How often the store is told at most, milliseconds. */
  readonly everyMs?: number;
}

/**
 * Counts refused deliveries. Anybody can send those, so the store is told of the first at once and then of all that came
 * in ten seconds together; what a process did not tell yet when it ends is lost.
 */
export function createRefusalMemory({ refusals, clock, log, everyMs = 10_000 }: RefusalMemoryParts): {
  note(connection: string, problem: string): void;
} {
  const counts = new Map<string, { count: number; problem: string }>();
  const resting = new Set<string>();

  const tell = (connection: string): void => {
    const counted = counts.get(connection);
    resting.delete(connection);
    if (counted === undefined) return;
    counts.delete(connection);
    resting.add(connection);
    setTimeout(() => tell(connection), everyMs).unref();
    refusals.note(connection, { ...counted, at: clock.now() }).catch((error: unknown) => {
      log.warn({ connection, problem: messageOf(error) }, 'refused deliveries could not be remembered');
    });
  };

  return {
    note(connection, problem) {
      counts.set(connection, { count: (counts.get(connection)?.count ?? 0) + 1, problem });
      if (!resting.has(connection)) tell(connection);
    },
  };
}
