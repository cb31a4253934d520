import {
  BadAnswerError,
  ConfigError,
  CredentialError,
  InternalError,
  InUseError,
  NotFoundError,
  PermissionError,
  RejectedError,
  ShortReadError,
  StoppedError,
  TrackerBusyError,
} from '../errors.ts';

/** What becomes of a job that threw. */
export type Verdict =
  /** The tracker asks for a pause: the connection's whole queue waits. No attempt is counted. */
  | { readonly kind: 'pause'; readonly until: Date }
  /** Not this job's fault: it alone comes again. No attempt is counted. */
  | { readonly kind: 'wait'; readonly until: Date }
  /** May heal: tried again, a few times. */
  | { readonly kind: 'retry'; readonly at: Date }
  /** Trying again cannot heal it; the next schedule or a person starts anew. */
  | { readonly kind: 'park' };

export interface RetryPolicy {
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
}

export const defaultRetry: RetryPolicy = { attempts: 5, baseMs: 15_000, capMs: 10 * 60_000 };

const leaseWaitMs = 15_000;
const stoppedWaitMs = 1_000;
/** A site that is down is asked again at least this often: so late, at most, it is noticed when it is back. */
const longestAbsenceMs = 5 * 60_000;
/** A tracker may ask for hours; the queue asks again at least this often, and is told again. */
const longestPauseMs = 60 * 60_000;
const shortestPauseMs = 1_000;

const hopeless = [ConfigError, CredentialError, NotFoundError, PermissionError, RejectedError, InternalError];
const healing = [BadAnswerError, ShortReadError];

/** How it stands with a job that threw. */
export interface Standing {
  /** 1 for the first. */
  readonly attempt: number;
  /** How often it was started in all; pauses and waits count here, though not as attempts. */
  readonly started: number;
  readonly now: Date;
  /** 0..1, spreads those who failed together. */
  readonly chance: number;
}

export function verdictOn(error: unknown, at: Standing, policy: RetryPolicy = defaultRetry): Verdict {
  const now = at.now.getTime();
  const backoff = backoffMs(at.attempt, at.chance, policy);
  if (error instanceof TrackerBusyError) {
    // A site that is down names no time; a job that only ever met it so has no attempt behind it, but many starts.
    const absence = backoffMs(at.started, at.chance, { ...policy, capMs: longestAbsenceMs });
    const asked = error.retryAt === null ? absence : error.retryAt.getTime() - now;
    const pause = Math.min(longestPauseMs, Math.max(shortestPauseMs, asked));
    return { kind: 'pause', until: new Date(now + pause) };
  }
  if (error instanceof InUseError) return { kind: 'wait', until: new Date(now + leaseWaitMs) };
  if (error instanceof StoppedError) return { kind: 'wait', until: new Date(now + stoppedWaitMs) };
  if (hopeless.some(kind => error instanceof kind)) return { kind: 'park' };
  const mayHeal = healing.some(kind => error instanceof kind) || isNetwork(error);
  // What nobody foresaw gets one more chance; a bug would only fail the same way again.
  const attempts = mayHeal ? policy.attempts : 2;
  return at.attempt < attempts ? { kind: 'retry', at: new Date(now + backoff) } : { kind: 'park' };
}

/** Doubles each time up to the cap; between half and all of it, by chance. */
function backoffMs(attempt: number, chance: number, { baseMs, capMs }: RetryPolicy): number {
  const full = Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.round(full * (0.5 + chance / 2));
}

const networkCode = /^(E(CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN|NOTFOUND|HOSTDOWN)|UND_ERR_\w+)$/;

/** Node's and undici's error codes of a broken or unreachable network, anywhere in the chain of causes. */
function isNetwork(error: unknown): boolean {
  for (let link = error, depth = 0; link instanceof Error && depth < 5; link = link.cause, depth++) {
    if ('code' in link && typeof link.code === 'string' && networkCode.test(link.code)) return true;
  }
  return false;
}
