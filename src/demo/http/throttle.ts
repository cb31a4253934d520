import type { Clock } from '../../clock.ts';

/** A token bucket per key, on the given clock: what is left, and when the next token comes. */
export interface Throttle {
  /** Takes a token. `retryAfterSeconds` is null when the request may pass. */
  take(key: string): { readonly retryAfterSeconds: number | null; readonly left: number };
}

/** `burst` tokens at once, refilled at `perSecond`. */
export function createThrottle(limits: { readonly burst: number; readonly perSecond: number }, clock: Clock): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key) {
      const at = clock.now().getTime();
      const bucket = buckets.get(key) ?? { tokens: limits.burst, at };
      const tokens = Math.min(limits.burst, bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * limits.perSecond);
      const passes = tokens >= 1;
      buckets.set(key, { tokens: passes ? tokens - 1 : tokens, at: Math.max(at, bucket.at) });
      if (passes) return { retryAfterSeconds: null, left: Math.floor(tokens - 1) };
      return { retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / limits.perSecond)), left: 0 };
    },
  };
}
