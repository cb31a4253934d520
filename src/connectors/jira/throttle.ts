import { TrackerBusyError } from '../../errors.ts';
import { longestAskedMs } from '../retry-after.ts';

/**
 * What Jira's 429 reasons ask for. A burst or per-issue limit concerns one endpoint, a points quota the whole site.
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
export interface Throttle {
  /** Milliseconds until this endpoint may be called; throws TrackerBusyError while the whole site is off limits. */
  delay(endpoint: string, now: Date): number;
  slow(endpoint: string, until: Date): void;
  close(until: Date, reason: string): void;
}

export function createThrottle(): Throttle {
  const notBefore = new Map<string, number>();
  let closed: { readonly until: Date; readonly reason: string } | null = null;
  return {
    delay(endpoint, now) {
      if (closed !== null && now < closed.until) throw quotaSpent(closed.until, closed.reason);
      closed = null;
      const wait = (notBefore.get(endpoint) ?? 0) - now.getTime();
      if (wait <= 0) notBefore.delete(endpoint);
      return Math.max(0, wait);
    },
    slow(endpoint, until) {
      notBefore.set(endpoint, Math.max(notBefore.get(endpoint) ?? 0, until.getTime()));
    },
    close(until, reason) {
      closed = { until, reason };
    },
  };
}

export function quotaSpent(until: Date, reason: string): TrackerBusyError {
  return new TrackerBusyError(
    `Jira's request quota is spent (${reason}); it opens again at ${until.toISOString()}. The next round after that goes on.`,
    { retryAt: until, reason },
  );
}

/** The bucket that a 429 is about: method and path, ids replaced unless the limit is per issue. */
export function endpointOf(method: string, path: string, perIssue: boolean): string {
  const where = perIssue ? path : path.replace(/(?<!\/api)\/(\d+|[A-Z][A-Z0-9_]+-\d+)(?=\/|$)/g, '/*');
  return `${method} ${where}`;
}

/**
 * When a spent quota comes back: `X-RateLimit-Reset` (ISO, seconds sometimes left out), else what was asked, else the next
 * full hour. At most a day from now.
 */
export function quotaReset(header: string | null, askedMs: number | null, now: Date): Date {
  const at = Date.parse(header ?? '');
  if (!Number.isNaN(at)) return new Date(Math.min(at, now.getTime() + longestAskedMs));
  if (askedMs !== null) return new Date(now.getTime() + askedMs);
  const hourMs = 3_600_000;
  return new Date((Math.floor(now.getTime() / hourMs) + 1) * hourMs);
}
