/** The few failures a caller can act upon. Messages say what happened, where, and what to do next; never a secret. */

/** The configuration or the command line is wrong: exit code 2. Never retried. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Two backlogs that write hold one item: the second one's round fails (design law 8). What is configured decides it. */
export class SharedItemsError extends ConfigError {
  override name = 'SharedItemsError';
}

/** The tracker does not accept the credential. Retrying cannot heal it; the connection stops. */
export class CredentialError extends Error {
  override name = 'CredentialError';
}

/** Signed in, but this act or place is not permitted. */
export class PermissionError extends Error {
  override name = 'PermissionError';
}

/** The thing named in the configuration or by a key does not exist, or cannot be seen. */
export class NotFoundError extends Error {
  override name = 'NotFoundError';
}

/** Throttled or unavailable for now. `retryAt` is when the tracker asked to be called again, if it said. */
export class TrackerBusyError extends Error {
  override name = 'TrackerBusyError';
  readonly retryAt: Date | null;
  /** The tracker's own word for it, e.g. Jira's `RateLimit-Reason`. */
  readonly reason: string | null;

  constructor(message: string, options: { retryAt?: Date | null; reason?: string | null; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAt = options.retryAt ?? null;
    this.reason = options.reason ?? null;
  }
}

/** The request may or may not have had its effect: read back before doing anything again. */
export class UncertainWriteError extends Error {
  override name = 'UncertainWriteError';
}

/** The tracker refused the request itself (4xx that no retry heals). */
export class RejectedError extends Error {
  override name = 'RejectedError';
  readonly status: number;
  /** Vendor code or key, e.g. `TF401320`, `errors.labels`. */
  readonly code: string | null;

  constructor(message: string, options: { status: number; code?: string | null; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.code = options.code ?? null;
  }
}

/** The answer was not what the vendor documents: HTML with 200, truncated JSON, a sign-in page, missing fields. */
export class BadAnswerError extends Error {
  override name = 'BadAnswerError';
}

/** A read that is incomplete or implausibly short: the round fails, nothing is written (design law 5). */
export class ShortReadError extends Error {
  override name = 'ShortReadError';
}

/** Somebody else holds what we need: the data folder, the lease of a backlog. */
export class InUseError extends Error {
  override name = 'InUseError';
}

/** A round was stopped from outside (SIGTERM, abort) between two writes. */
export class StoppedError extends Error {
  override name = 'StoppedError';
}

/** Our own bug: an invariant did not hold. */
export class InternalError extends Error {
  override name = 'InternalError';
}

/** The message of anything thrown, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
