import { createHash } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** Opaque page tokens: good for the question they came from, until they expire. */
export interface Tokens {
  /** Where a page starts. Throws a refusal (400) on a token of another question or an expired one. */
  start(token: string | null, question: string): number;
  make(start: number, question: string): string;
  /** All tokens given so far stop working. */
  expireAll(): void;
}

export function createTokens(): Tokens {
  let generation = 0;
  const digest = (question: string): string =>
    createHash('sha256').update(`${generation}:${question}`).digest('base64url').slice(0, 16);
  return {
    start(token, question) {
      if (token === null || token === '') return 0;
      const [start = '', mark] = Buffer.from(token, 'base64url').toString('utf8').split('|');
      if (/^\d+$/.test(start) && mark === digest(question)) return Number(start);
      throw new Refusal(400, 'The nextPageToken is invalid or expired.');
    },
    make: (start, question) => Buffer.from(`${start}|${digest(question)}`).toString('base64url'),
    expireAll: () => void (generation += 1),
  };
}

export interface Page<T> {
  readonly items: readonly T[];
  /** null on the last page. */
  readonly next: string | null;
}

/** One page of a list by token. */
export function tokenPage<T>(
  tokens: Tokens,
  all: readonly T[],
  ask: { readonly token: string | null; readonly question: string; readonly size: number },
): Page<T> {
  const start = tokens.start(ask.token, ask.question);
  const end = start + ask.size;
  const next = end < all.length ? tokens.make(end, ask.question) : null;
  return { items: all.slice(start, end), next };
}
