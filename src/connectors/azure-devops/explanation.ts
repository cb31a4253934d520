import { absent, unreadable, value, type Reading } from '../../item.ts';
import type { ExplanationForm } from '../connector.ts';
import type { TextField } from './field-plan.ts';
import { decode } from './html-words.ts';

/** A text field of one line holds so many characters. */
const oneLine = 255;

export function formOf({ text }: TextField): ExplanationForm {
  if (text === 'line') return { form: 'line', mostCharacters: oneLine, untold: false };
  return { form: 'lines', mostCharacters: null, untold: true };
}

/** What stands where the explanation goes, as plain lines. */
export function explanationReading(raw: unknown, { text }: TextField): Reading<string> {
  if (raw === undefined || raw === null || raw === '') return absent;
  if (typeof raw !== 'string') return unreadable(raw, 'no text');
  if (text !== 'html') return raw.trim() === '' ? absent : value(raw);
  const lines = linesOf(raw);
  if (lines !== '') return value(lines);
  // An emptied field keeps empty tags; a picture has no words, yet it is somebody's.
  return /<(img|table|video|iframe|object)\b/i.test(raw) ? unreadable(raw, 'a text without words') : absent;
}

/** The value of the field for a text. Angle brackets in it are letters, never tags. */
export function explanationValue(lines: string, { text }: TextField): string {
  if (text !== 'html') return lines;
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const escaped = lines.replace(/[&<>"]/g, mark => names[mark] ?? mark);
  return `<div>${escaped.split('\n').join('</div><div>')}</div>`;
}

function linesOf(html: string): string {
  const broken = html.replace(/\s+/g, ' ').replace(/<br\b[^>]*>|<\/(div|p|li|tr|h[1-6])\s*>/gi, '\n');
  return decode(broken.replace(/<[^>]*>/g, ''))
    .split('\n')
    .map(line => line.trim())
    .join('\n')
    .trim();
}
