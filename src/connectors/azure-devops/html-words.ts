import { countPlainWords } from '../word-count.ts';

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * Number of words in a description, without headings and images. Azure DevOps stores HTML, or Markdown where a field
 * was switched to it; a text without any tag is taken for the latter.
 */
export function countWords(text: string): number {
  const plain = /<[a-z!/][^>]*>/i.test(text) ? plainOfHtml(text) : plainOfMarkdown(text);
  return countPlainWords(decode(plain));
}

function plainOfHtml(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<(h[1-6]|script|style)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<\/?(b|i|u|em|strong|span|font|a|code|sub|sup|mark)\b[^>]*>/gi, '')
    .replace(/<[^>]*>/g, ' ');
}

function plainOfMarkdown(markdown: string): string {
  return markdown
    .replace(/^ {0,3}#{1,6}\s.*$/gm, ' ')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

/** Character references as the characters they stand for; unknown ones stay as they are. */
export function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return named[name.toLowerCase()] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  });
}
