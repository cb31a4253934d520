/**
 * How long a `Retry-After` header asks us to wait, in milliseconds: a number of seconds or an HTTP date
 * (RFC 9110, 10.2.3). null when it is absent or says neither; never negative.
 */
export function parseRetryAfter(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
