/** Atlassian Document Format from the wiki text that Jira Server exports hold: version 3 of the API speaks nothing else. */

interface Node {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly Node[];
  readonly text?: string;
  readonly marks?: readonly { readonly type: string }[];
}

export interface Document extends Node {
  readonly version: 1;
}

/** Paragraphs, headings, bullets, code blocks, rules and pictures; other wiki marks stay as text. Blank text: null. */
export function documentOf(wiki: string): Document | null {
  if (wiki.trim() === '') return null;
  const content: Node[] = [];
  let paragraph: string[] = [];
  const close = (): void => {
    if (paragraph.length > 0) content.push({ type: 'paragraph', content: inline(paragraph) });
    paragraph = [];
  };
  const lines = wiki.split(/\r\n|\r|\n/);
  for (let place = 0; place < lines.length; place += 1) {
    const line = lines[place] ?? '';
    const code = /^\s*\{(code|noformat)[^}]*\}\s*$/.exec(line);
    if (code !== null) {
      close();
      const end = lines.findIndex((other, at) => at > place && other.trim() === `{${code[1] ?? ''}}`);
      const until = end < 0 ? lines.length : end;
      content.push(codeBlock(lines.slice(place + 1, until)));
      place = until;
      continue;
    }
    const block = blockOf(line);
    if (line.trim() === '' || block !== null) close();
    if (block !== null) append(content, block);
    else if (line.trim() !== '') paragraph.push(line);
  }
  close();
  return { type: 'doc', version: 1, content };
}

/** True for what the API accepts as a document. */
export function isDocument(value: unknown): value is Document {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'doc' &&
    'version' in value &&
    value.version === 1 &&
    'content' in value &&
    Array.isArray(value.content)
  );
}

/** All text of a document, one line per block. */
export function plainText(node: Node | null): string {
  if (node === null) return '';
  if (node.type === 'text') return node.text ?? '';
  const parts = (node.content ?? []).map(plainText);
  return parts.join(node.type === 'doc' || node.type === 'bulletList' ? '\n' : '');
}

/** A line that is a block of its own; null for running text. */
function blockOf(line: string): Node | null {
  const heading = /^\s*h([1-6])\.\s+(.+)$/.exec(line);
  if (heading !== null) {
    return { type: 'heading', attrs: { level: Number(heading[1]) }, content: inline([heading[2] ?? '']) };
  }
  const picture = /^\s*!([^!|\s]+)(\|[^!]*)?!\s*$/.exec(line);
  if (picture !== null) return mediaOf(picture[1] ?? '');
  const bullet = /^\s*[*\-#]\s+(.+)$/.exec(line);
  if (bullet !== null) {
    const paragraph: Node = { type: 'paragraph', content: inline([bullet[1] ?? '']) };
    return { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph] }] };
  }
  return /^\s*-{4,}\s*$/.test(line) ? { type: 'rule' } : null;
}

/** Neighbouring bullets make one list. */
function append(content: Node[], block: Node): void {
  const last = content.at(-1);
  if (block.type === 'bulletList' && last?.type === 'bulletList') {
    content[content.length - 1] = { ...last, content: [...(last.content ?? []), ...(block.content ?? [])] };
  } else content.push(block);
}

function codeBlock(lines: readonly string[]): Node {
  const text = lines.join('\n');
  return { type: 'codeBlock', content: text === '' ? [] : [{ type: 'text', text }] };
}

function mediaOf(name: string): Node {
  const media = { type: 'media', attrs: { type: 'file', id: name, collection: '' } };
  return { type: 'mediaSingle', attrs: { layout: 'center' }, content: [media] };
}

function inline(lines: readonly string[]): readonly Node[] {
  return lines.flatMap((line, place) => [
    ...(place === 0 ? [] : [{ type: 'hardBreak' }]),
    ...(line === '' ? [] : [{ type: 'text', text: line }]),
  ]);
}
