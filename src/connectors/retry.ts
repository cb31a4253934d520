/** When to make a request again. Pure: waiting, counting and chance belong to the caller. */

/**
 * What a repetition would do. `read` changes nothing; `idempotent` has the same effect twice as once;
 * a `write` must never be repeated unless it is certain that it had no effect.
 */
export type RequestKind = 'read' | 'idempotent' | 'write';

export type Trouble =
  /** The tracker says it did nothing (429, or 503 with `Retry-After`); `askedMs` is how long it asked us to wait. */
  | { readonly kind: 'refused'; readonly askedMs: number | null }
  /** The request never reached the tracker: no address, connection refused, no connection in time. */
  | { readonly kind: 'not-sent' }
  /** 5xx, reset, no answer in time: it may have had its effect. */
  | { readonly kind: 'unknown' };

export type NextStep =
  | { readonly kind: 'wait'; readonly ms: number }
  /** `ms`: how long the tracker asked us to stay away, if it said. */
  | { readonly kind: 'give-up'; readonly ms: number | null }
  /** A write whose effect nobody knows: it must be read back. */
  | { readonly kind: 'uncertain' };

const maxTries = 4;
/** A round does not sit out a longer pause than this. */
export const longestWaitMs = 5 * 60_000;

const baseMs = 2_000;
const capMs = 30_000;

/**
 * | trouble               | read, idempotent            | write                       |
 * | refused, asked <= 5 m | as asked, at most 4 tries   | as asked, at most 4 tries   |
 * | refused, asked > 5 m  | give up at once             | give up at once             |
 * | refused, not asked    | 2, 4, 8 s                   | 2, 4, 8 s                   |
 * | not sent              | 2, 4, 8 s                   | 2, 4, 8 s                   |
 * | unknown               | 2, 4, 8 s                   | uncertain, never repeated   |
 *
 * Every wait is stretched by 1.0 to 1.3, so that what was asked for is a floor and replicas do not return in step.
 * `attempt` is 1 after the first try; `chance` is uniform in 0..1.
 */
export function nextStep(question: {
  readonly trouble: Trouble;
  readonly request: RequestKind;
  readonly attempt: number;
  readonly chance: number;
}): NextStep {
  const { trouble, request, attempt, chance } = question;
  if (trouble.kind === 'unknown' && request === 'write') return { kind: 'uncertain' };
  const asked = trouble.kind === 'refused' ? trouble.askedMs : null;
  if (asked !== null && asked > longestWaitMs) return { kind: 'give-up', ms: asked };
  if (attempt >= maxTries) return { kind: 'give-up', ms: asked };
  // Nought seconds is no answer: four requests in a row would only be refused again.
  const waitMs = asked === null || asked === 0 ? backoffMs(attempt) : asked;
  return { kind: 'wait', ms: jittered(waitMs, chance) };
}

/** 2 s, doubled per attempt, at most 30 s. */
function backoffMs(attempt: number): number {
  return Math.min(capMs, baseMs * 2 ** (attempt - 1));
}

/** Stretched by 1.0 to 1.3. */
export function jittered(ms: number, chance: number): number {
  return Math.round(ms * (1 + 0.3 * chance));
}
