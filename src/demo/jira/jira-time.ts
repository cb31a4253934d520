/** Times as Jira writes them: milliseconds and an offset without a colon, in the site's own zone. */

/** `2026-11-24T06:00:00.000+0100` for a site whose zone is `offsetMinutes` east of UTC. */
export function jiraTime(ms: number, offsetMinutes = 0): string {
  const local = new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, -1);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const size = Math.abs(offsetMinutes);
  return `${local}${sign}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

/** Milliseconds since 1970 of a time in Jira's or ISO form; null for anything else. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? null : ms;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
