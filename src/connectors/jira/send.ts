import type { SendRequestOptions } from 'jira.js/core';
import type { Clock } from '../../clock.ts';
import { StoppedError, TrackerBusyError, UncertainWriteError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { HttpAnswer } from '../http.ts';
import type { Limiter } from '../limiter.ts';
import { networkCode, networkTrouble, nextTry, unreachable } from '../network-trouble.ts';
import type { Sleep } from '../pause.ts';
import { nextStep, type Trouble } from '../retry.ts';
import type { Exchange } from './exchange.ts';
import { interpret, type Meaning } from './interpret.ts';
import { endpointOf, quotaReset, quotaSpent, type Throttle } from './throttle.ts';
import type { Answer, Call } from './call.ts';

export interface SendParts {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly log: Log;
  readonly sleep: Sleep;
  readonly chance: () => number;
  readonly limit: Limiter;
  readonly throttle: Throttle;
  readonly secrets: readonly string[];
  readonly count: (kind: 'read' | 'write') => void;
}

type Failure = Extract<Meaning, { kind: 'trouble' }> & { readonly code: string | null };

/** Sends until there is an answer, or until the retry table says to stop. Every error is one of src/errors.ts. */
export async function sendWithRetries(parts: SendParts, call: Call, options: SendRequestOptions): Promise<Answer> {
  await holdBack(parts, call, options);
  for (let attempt = 1; ; attempt++) {
    const meaning = await tryOnce(parts, call, options);
    if (meaning.kind === 'body') return { status: meaning.status, body: meaning.body };
    const step = nextStep({ trouble: meaning.trouble, request: call.kind, attempt, chance: parts.chance() });
    if (step.kind === 'uncertain') throw uncertain(parts, call, meaning.said);
    if (step.kind === 'give-up') throw givenUp(parts, call, meaning, step.ms);
    parts.log.debug({ what: call.what, why: meaning.said, attempt, waitMs: step.ms }, 'Jira asked again after a pause');
    if (meaning.reason !== null) slowEndpoint(parts, options, meaning.reason, step.ms);
    await parts.sleep(step.ms, call.signal);
  }
}

/** Waits while this endpoint is slowed. */
async function holdBack(parts: SendParts, call: Call, options: SendRequestOptions): Promise<void> {
  const now = parts.clock.now();
  const waits = [true, false].map(perIssue =>
    parts.throttle.delay(endpointOf(options.method ?? 'GET', options.url, perIssue), now),
  );
  const wait = Math.max(...waits);
  if (wait > 0) await parts.sleep(wait, call.signal);
}

function slowEndpoint(parts: SendParts, options: SendRequestOptions, reason: string, ms: number): void {
  const endpoint = endpointOf(options.method ?? 'GET', options.url, reason.includes('per-issue'));
  parts.throttle.slow(endpoint, new Date(parts.clock.now().getTime() + ms));
}

async function tryOnce(
  parts: SendParts,
  call: Call,
  options: SendRequestOptions,
): Promise<Extract<Meaning, { kind: 'body' }> | Failure> {
  const writes = call.kind !== 'read';
  let answer: HttpAnswer;
  try {
    answer = await parts.limit(() => {
      parts.count(writes ? 'write' : 'read');
      return parts.exchange.send(options, { writes, signal: call.signal });
    });
  } catch (error) {
    if (call.signal.aborted && !writes) throw new StoppedError(`stopped while ${call.what}`, { cause: error });
    const code = networkCode(error);
    const said = code ?? (error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no answer');
    return { kind: 'trouble', trouble: networkTrouble(error), reason: null, said, code };
  }
  const now = parts.clock.now();
  const meaning = interpret(answer, { what: call.what, host: parts.exchange.host, now, secrets: parts.secrets });
  return settled(parts, call, answer, meaning);
}

function settled(
  parts: SendParts,
  call: Call,
  answer: HttpAnswer,
  meaning: Meaning,
): Extract<Meaning, { kind: 'body' }> | Failure {
  switch (meaning.kind) {
    case 'body':
      return meaning;
    case 'trouble':
      return { ...meaning, code: null };
    case 'quota': {
      const until = quotaReset(answer.headers.get('x-ratelimit-reset'), meaning.askedMs, parts.clock.now());
      parts.throttle.close(until, meaning.reason);
      throw quotaSpent(until, meaning.reason);
    }
    case 'unreadable':
      // 2xx: the write may well have been done, only its answer was spoilt on the way.
      if (call.kind === 'write' && answer.status < 300) throw uncertain(parts, call, 'an unreadable answer');
      throw meaning.error;
    case 'refused':
      throw meaning.error;
    default:
      return meaning satisfies never;
  }
}

function uncertain(parts: SendParts, call: Call, said: string): UncertainWriteError {
  return new UncertainWriteError(
    `${parts.exchange.host} did not confirm ${call.what} (${said}); it may or may not have happened`,
  );
}

function givenUp(parts: SendParts, call: Call, failure: Failure, askedMs: number | null): Error {
  const { host } = parts.exchange;
  const { code, said } = failure;
  const hopeless = unreachable(code, host);
  if (hopeless !== null) return hopeless;
  const retryAt = askedMs === null ? null : new Date(parts.clock.now().getTime() + askedMs);
  return new TrackerBusyError(
    `${host} could not serve ${call.what} (${said}${unavailable(failure.trouble)}); ${nextTry(retryAt)}.`,
    {
      retryAt,
      reason: failure.reason,
    },
  );
}

function unavailable(trouble: Trouble): string {
  return trouble.kind === 'not-sent' ? ', nothing was sent' : '';
}
