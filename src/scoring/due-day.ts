import { dayOf, dayOfDate } from '../calendar.ts';

const date = /^\d{4}-\d{2}-\d{2}$/;
const localTime = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

/**
 * Epoch day of a due date: a calendar date stands as written, an instant with an offset falls on the zone's date, a
 * date and time without offset means the date written. null when the text is no such date, 30 February included.
 */
export function dueDay(text: string, zone: string): number | null {
  const trimmed = text.trim();
  if (date.test(trimmed)) return calendarDay(trimmed);
  const local = localTime.exec(trimmed);
  if (local !== null) return calendarDay(local[1] ?? '');
  if (!instant.test(trimmed) || calendarDay(trimmed.slice(0, 10)) === null) return null;
  // Jira writes offsets as +0000; the language's own date format wants +00:00.
  const at = new Date(trimmed.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at.getTime()) ? null : dayOf(at, zone);
}

/** The language rolls 30 February over to March; such a date is a mistake, not a date. */
function calendarDay(text: string): number | null {
  const day = dayOfDate(text);
  if (!Number.isFinite(day)) return null;
  return new Date(day * 86_400_000).toISOString().slice(0, 10) === text ? day : null;
}
