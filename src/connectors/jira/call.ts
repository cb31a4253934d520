import type { RequestKind } from '../retry.ts';

/** One question to Jira. */
export interface Call {
  readonly kind: RequestKind;
  /** In the middle of a sentence: `reading the backlog`. */
  readonly what: string;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON, or null for an empty body. */
  readonly body: unknown;
}
