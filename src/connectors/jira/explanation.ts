import { absent, unreadable, value, type Reading } from '../../item.ts';
import type { ExplanationForm } from '../connector.ts';
import type { ExplanationPlace } from './fields.ts';
import { isRecord } from './readings.ts';
import type { WireIssue } from './schema.ts';

/** The issue property for programs: it is in no history, mails nobody and leaves `updated` alone. */
export const propertyKey = 'winnow';

/** A short text field of Jira holds so many characters, a paragraph 32,767. */
const shortText = 255;

export function formOf(place: ExplanationPlace): ExplanationForm {
  if (place.kind === 'property') return { form: 'json', mostCharacters: null, untold: true };
  if (place.rich) return { form: 'lines', mostCharacters: null, untold: false };
  return { form: 'line', mostCharacters: shortText, untold: false };
}

/** What stands where the explanation goes, on one issue. A property is told as JSON with its keys in order. */
export function explanationReading(issue: WireIssue, place: ExplanationPlace): Reading<string> {
  if (place.kind === 'property') {
    const held = issue.properties?.[propertyKey];
    return held === undefined || held === null ? absent : value(JSON.stringify(sorted(held)));
  }
  const raw = issue.fields[place.id];
  if (raw === null || raw === undefined) return absent;
  if (typeof raw === 'string') return raw.trim() === '' ? absent : value(raw);
  if (!isRecord(raw) || raw['type'] !== 'doc') return unreadable(raw, 'no text');
  const text = linesOf(raw).trim();
  // A picture, a table without words: nothing to read, yet somebody's.
  if (text === '' && !isBlank(raw)) return unreadable(raw, 'a document without words');
  return text === '' ? absent : value(text);
}

/** The value of the field for a text; null empties it. */
export function explanationValue(text: string | null, rich: boolean): unknown {
  if (text === null || !rich) return text;
  const content = text.split('\n').flatMap((line, i) => {
    const words = line === '' ? [] : [{ type: 'text', text: line }];
    return i === 0 ? words : [{ type: 'hardBreak' }, ...words];
  });
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content }] };
}

const deepest = 100;

/** The words of a document, a line per paragraph or break. */
function linesOf(node: unknown, depth = 0): string {
  if (!isRecord(node) || depth > deepest) return '';
  if (typeof node['text'] === 'string') return node['text'];
  if (node['type'] === 'hardBreak') return '\n';
  const inner = Array.isArray(node['content']) ? node['content'].map(child => linesOf(child, depth + 1)).join('') : '';
  return node['type'] === 'paragraph' ? `${inner}\n` : inner;
}

/** An empty document: nothing but paragraphs without content. */
function isBlank(doc: Readonly<Record<string, unknown>>): boolean {
  const content = Array.isArray(doc['content']) ? doc['content'] : [];
  return content.every(
    node => isRecord(node) && node['type'] === 'paragraph' && linesOf(node).trim() === '' && onlyText(node),
  );
}

function onlyText(paragraph: Readonly<Record<string, unknown>>): boolean {
  const content = Array.isArray(paragraph['content']) ? paragraph['content'] : [];
  return content.every(node => isRecord(node) && (node['type'] === 'text' || node['type'] === 'hardBreak'));
}

function sorted(held: unknown): unknown {
  if (Array.isArray(held)) return held.map(sorted);
  if (!isRecord(held)) return held;
  const keys = Object.keys(held).sort();
  return Object.fromEntries(keys.map(key => [key, sorted(held[key])]));
}
