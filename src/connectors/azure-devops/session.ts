import { NotFoundError, StoppedError, TrackerBusyError, UncertainWriteError, messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { createCallCounter } from '../call-counter.ts';
import type { Calls } from '../connector.ts';
import { networkCode, networkTrouble, nextTry, unreachable } from '../network-trouble.ts';
import { nextStep, type RequestKind, type Trouble } from '../retry.ts';
import { ServerTroubleError } from './answer.ts';
import type { Apis } from './client.ts';
import type { Credentials } from './credentials.ts';
import { stopIfAsked, type Gate } from './gate.ts';

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

interface SessionParts {
  readonly apis: Apis;
  readonly gate: Gate;
  readonly credentials: Credentials;
  readonly log: Log;
  readonly now: () => Date;
  /** 0..1 */
  readonly chance: () => number;
}

/** Calls are counted here: each is one request, and only changes are PATCHes (queries and batch reads are POSTs). */
export function createSession(parts: SessionParts): Session {
  const counter = createCallCounter();
  const inTurn = createTurns();
  const once = <T>(kind: 'read' | 'write', call: (apis: Apis) => Promise<T>, signal: AbortSignal): Promise<T> =>
    parts.gate.run(async () => {
      await parts.credentials.ready();
      counter.count(kind);
      return call(parts.apis);
    }, signal);

  return {
    calls: counter.now,
    read: (call, signal) =>
      persist('read', () => untilStopped(() => once('read', call, signal), signal), parts, signal),
    write: (key, call, signal) => inTurn(key, () => persist('write', () => once('write', call, signal), parts, signal)),
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
  request: RequestKind,
  work: () => Promise<T>,
  { gate, log, now, chance }: SessionParts,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const trouble = troubleOf(error, now());
      if (trouble === null) throw error;
      const step = nextStep({ trouble, request, attempt, chance: chance() });
      if (step.kind === 'uncertain') throw new UncertainWriteError(messageOf(error), { cause: error });
      if (step.kind === 'give-up') throw givenUp(error);
      log.debug({ attempt, waitMs: step.ms, why: messageOf(error) }, 'Azure DevOps is asked again after a pause');
      await gate.pause(step.ms, signal);
    }
  }
}

/** What a failed attempt says about trying again; null: no repetition can heal it. */
function troubleOf(error: unknown, now: Date): Trouble | null {
  if (error instanceof TrackerBusyError) {
    const askedMs = error.retryAt === null ? null : Math.max(0, error.retryAt.getTime() - now.getTime());
    return { kind: 'refused', askedMs };
  }
  return error instanceof ServerTroubleError ? networkTrouble(error) : null;
}

function givenUp(error: unknown): unknown {
  if (error instanceof TrackerBusyError) {
    const { message, retryAt, reason } = error;
    return new TrackerBusyError(`${message}; ${nextTry(retryAt)}.`, { retryAt, reason, cause: error });
  }
  if (!(error instanceof ServerTroubleError)) return error;
  const { message, host } = error;
  return (
    unreachable(networkCode(error), host) ?? new TrackerBusyError(`${message}; ${nextTry(null)}.`, { cause: error })
  );
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
