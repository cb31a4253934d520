import { NotFoundError, StoppedError, TrackerBusyError, UncertainWriteError, messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Calls } from '../connector.ts';
import { ServerTroubleError } from './answer.ts';
import type { Apis } from './client.ts';
import type { Credentials } from './credentials.ts';
import { longestPauseMs, stopIfAsked, type Gate } from './gate.ts';

/** Calls on behalf of one backlog, with retries where they are safe. */
export interface Session {
  readonly calls: () => Calls;
  /** Anything that changes nothing: throttling, outages and lost connections are tried again. */
  read<T>(call: (apis: Apis) => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * One change, sent at most once unless the service refused it untouched (429, 503 with Retry-After). Throws
   * UncertainWriteError when it may have had its effect. Changes of one `key` run one after the other.
   */
  write<T>(key: string, call: (apis: Apis) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Attempts in all; waits grow 1, 2, 4 seconds, never less than the service asks for. */
const attempts = 4;
const firstWaitMs = 1_000;

interface SessionParts {
  readonly apis: Apis;
  readonly gate: Gate;
  readonly credentials: Credentials;
  readonly log: Log;
  readonly now: () => Date;
}

/** Calls are counted here: each is one request, and only changes are PATCHes (queries and batch reads are POSTs). */
export function createSession(parts: SessionParts): Session {
  const counter = { read: 0, write: 0 };
  const inTurn = createTurns();
  const once = <T>(kind: 'read' | 'write', call: (apis: Apis) => Promise<T>, signal: AbortSignal): Promise<T> =>
    parts.gate.run(async () => {
      await parts.credentials.ready();
      counter[kind]++;
      return call(parts.apis);
    }, signal);

  return {
    calls: () => ({ ...counter }),
    async read(call, signal) {
      try {
        return await persist(() => untilStopped(() => once('read', call, signal), signal), parts, {
          signal,
          retryTrouble: true,
        });
      } catch (error) {
        if (!(error instanceof ServerTroubleError)) throw error;
        throw new TrackerBusyError(error.message, { cause: error });
      }
    },
    write: (key, call, signal) =>
      inTurn(key, async () => {
        try {
          return await persist(() => once('write', call, signal), parts, { signal, retryTrouble: false });
        } catch (error) {
          if (!(error instanceof ServerTroubleError)) throw error;
          throw new UncertainWriteError(error.message, { cause: error });
        }
      }),
  };
}

/** Runs work of one key one after the other, in the order it came. */
function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work).finally(() => {
      if (last.get(key) === mine) last.delete(key);
    });
    last.set(key, mine);
    return mine;
  };
}

/** Tries again where that is safe, after the pause that the service asks for. */
async function persist<T>(
  work: () => Promise<T>,
  { gate, log, now }: SessionParts,
  { signal, retryTrouble }: { readonly signal: AbortSignal; readonly retryTrouble: boolean },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const wait = attempt < attempts ? waitAfter(error, { attempt, retryTrouble, now: now() }) : null;
      if (wait === null) throw error;
      log.debug({ attempt, waitMs: wait, why: messageOf(error) }, 'Azure DevOps is asked again after a pause');
      await gate.pause(wait, signal);
    }
  }
}

/** How long to wait before trying again; null: do not. */
function waitAfter(
  error: unknown,
  { attempt, retryTrouble, now }: { readonly attempt: number; readonly retryTrouble: boolean; readonly now: Date },
): number | null {
  const backoff = firstWaitMs * 2 ** (attempt - 1);
  if (error instanceof TrackerBusyError) {
    const asked = error.retryAt === null ? 0 : error.retryAt.getTime() - now.getTime();
    return asked > longestPauseMs ? null : Math.max(asked, backoff);
  }
  return retryTrouble && error instanceof ServerTroubleError ? backoff : null;
}

/** A stopped round does not wait for an answer it no longer wants. */
async function untilStopped<T>(start: () => Promise<T>, signal: AbortSignal): Promise<T> {
  stopIfAsked(signal);
  const work = start();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new StoppedError('Stopped while reading from Azure DevOps.'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}

/** The value, or null where the service says that there is no such thing. */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
