import { countPlainWords } from '../word-count.ts';

/** Counts the words of a description: Atlassian Document Format, or the plain or wiki text of older answers. */

/** Headings are template furniture, images say nothing in words. */
const silent = new Set(['heading', 'media', 'mediaSingle', 'mediaGroup', 'mediaInline', 'emoji', 'rule']);
const deepest = 200;

export function countWords(description: unknown): number {
  if (description === null || description === undefined) return 0;
  return countPlainWords(typeof description === 'string' ? plainWiki(description) : textOf(description, 0));
}

function textOf(node: unknown, depth: number): string {
  if (typeof node !== 'object' || node === null || depth > deepest) return '';
  const { type, text, attrs, content } = node as Record<string, unknown>;
  if (typeof type === 'string' && silent.has(type)) return '';
  if (type === 'hardBreak') return ' ';
  if (typeof text === 'string') return text;
  const spoken = typeof attrs === 'object' && attrs !== null ? spokenAttribute(String(type), attrs) : '';
  const inner = Array.isArray(content)
    ? content.map(child => textOf(child, depth + 1)).join(inlineParents.has(String(type)) ? '' : ' ')
    : '';
  return `${spoken}${inner}`;
}

/** Their children run on without a gap: bold inside a word does not make two. */
const inlineParents = new Set(['paragraph', 'codeBlock', 'taskItem', 'decisionItem', 'caption']);

/** What a person reads of a node that has no text: a mention's name, a card's address, a date or status lozenge. */
function spokenAttribute(type: string, attrs: object): string {
  const held = attrs as Record<string, unknown>;
  if (type === 'inlineCard' || type === 'blockCard' || type === 'embedCard')
    return ` ${typeof held['url'] === 'string' ? held['url'] : 'card'} `;
  if (type === 'date') return ' date ';
  return typeof held['text'] === 'string' ? ` ${held['text']} ` : '';
}

/** Wiki markup without headings (`h2. ...`), images (`!shot.png!`), rules and macros' braces. */
function plainWiki(text: string): string {
  return text
    .replace(/^\s*h[1-6]\..*$/gm, ' ')
    .replace(/![^!\s][^!\n]*\.(png|jpe?g|gif|svg|webp|bmp)[^!\n]*!/gi, ' ')
    .replace(/\{[a-z]+(:[^}]*)?\}/gi, ' ')
    .replace(/^-{4,}$/gm, ' ');
}
