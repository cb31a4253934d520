import { absent, unreadable, value, type Reading } from '../../item.ts';

/** Field values as Jira sends them. Absent, zero and unreadable stay three things. */

const decimal = /^[+-]?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i;

export function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

export function textOf(raw: unknown): string | null {
  return typeof raw === 'string' ? raw : null;
}

/** The `name` of an object such as a status or an issue type. */
export function nameOf(raw: unknown): string | null {
  return isRecord(raw) ? textOf(raw['name']) : null;
}

/** A number, or a number written as text (imported sites hold `"3"` and `"-1"`). */
export function numberReading(raw: unknown): Reading<number> {
  if (raw === null || raw === undefined || raw === '') return absent;
  if (typeof raw === 'number' && Number.isFinite(raw)) return value(raw);
  if (typeof raw === 'string' && decimal.test(raw.trim())) return value(Number(raw));
  return unreadable(raw, 'not a number');
}

/**
 * A factor's raw value: a number, a text, the word of an option (`value`), of a version or status (`name`), of a person
 * (`displayName`), or of a list with one of these in it.
 */
export function inputReading(raw: unknown): Reading<number | string> {
  if (raw === null || raw === undefined || raw === '') return absent;
  if (typeof raw === 'number') return Number.isFinite(raw) ? value(raw) : unreadable(raw, 'not a number');
  if (typeof raw === 'string') return value(raw);
  if (typeof raw === 'boolean') return value(String(raw));
  if (Array.isArray(raw)) return listReading(raw);
  if (!isRecord(raw)) return unreadable(raw, 'neither number nor text');
  const word = raw['value'] ?? raw['name'] ?? raw['displayName'];
  if (typeof word === 'number') return value(word);
  return typeof word === 'string' && word !== '' ? value(word) : unreadable(raw, 'neither number nor text');
}

function listReading(list: readonly unknown[]): Reading<number | string> {
  const [only, ...others] = list;
  if (list.length === 0) return absent;
  if (others.length === 0) return inputReading(only);
  return unreadable(list, `${list.length} values where a factor needs one`);
}

/** A calendar date `YYYY-MM-DD`. */
export function dateReading(raw: unknown): Reading<string> {
  if (raw === null || raw === undefined || raw === '') return absent;
  const text = textOf(raw);
  return text !== null && !Number.isNaN(Date.parse(text)) ? value(text) : unreadable(raw, 'not a date');
}
