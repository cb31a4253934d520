/** Nobody is obeyed for longer: after a day we ask again, and nonsense cannot close a site for ever. */
export const longestAskedMs = 86_400_000;

/**
 * How long a `Retry-After` header asks us to wait, in milliseconds: a number of seconds or an HTTP date
 * (RFC 9110, 10.2.3). null when it is absent or says neither; never negative, at most a day.
 */
export function parseRetryAfter(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(longestAskedMs, Math.ceil(Number(text) * 1000));
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.min(longestAskedMs, Math.max(0, at - now.getTime()));
}
