import { longestAskedMs, parseRetryAfter } from '../retry-after.ts';

/** Response headers, lower-cased names. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Milliseconds the service wants us to wait before the next call, or null. The headers may come with a good answer too.
 * Source: https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits
 */
export function pauseOf(headers: Headers, now: Date): number | null {
  const header = headers['retry-after'];
  const asked = parseRetryAfter(header === undefined ? null : String(header), now);
  if (asked !== null) return asked;
  const remaining = numberOf(headers['x-ratelimit-remaining']);
  const reset = numberOf(headers['x-ratelimit-reset']);
  const serverNow = Date.parse(String(headers['date'] ?? ''));
  if (remaining !== null && remaining <= 0 && reset !== null) {
    const wait = reset * 1000 - (Number.isNaN(serverNow) ? now.getTime() : serverNow);
    return Math.min(longestAskedMs, Math.max(0, wait));
  }
  const delay = numberOf(headers['x-ratelimit-delay']);
  return delay !== null && delay > 0 ? Math.min(longestAskedMs, delay * 1000) : null;
}

function numberOf(header: string | readonly string[] | undefined): number | null {
  const text = String(header ?? '').trim();
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}
