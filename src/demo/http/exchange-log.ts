import type { Exchange } from './message.ts';

/** The last exchanges, oldest first; bodies above `LARGEST_KEPT_BODY` characters are dropped from it. */
export interface ExchangeLog {
  add(exchange: Exchange): void;
  all(): readonly Exchange[];
  clear(): void;
}

/** Pages of a large backlog would otherwise keep hundreds of megabytes alive. */
const LARGEST_KEPT_BODY = 64_000;

/** Keeps the last `keep` exchanges. */
export function createExchangeLog(keep: number): ExchangeLog {
  let kept: Exchange[] = [];
  return {
    add(exchange) {
      kept.push(slim(exchange));
      // Trimmed in steps, so that adding stays cheap.
      if (kept.length >= keep * 2) kept = kept.slice(-keep);
    },
    all: () => kept.slice(-keep),
    clear: () => void (kept = []),
  };
}

function slim(exchange: Exchange): Exchange {
  const { answer } = exchange;
  if (answer === null || answer.body === null || answer.body.length <= LARGEST_KEPT_BODY) return exchange;
  return { ...exchange, answer: { ...answer, body: null } };
}
