/** Words of the Work Item Query Language. */
export type Token =
  | { readonly kind: 'field'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'macro'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };

/** A query that cannot be read; the message ends with where. */
export class WiqlError extends Error {
  override name = 'WiqlError';
  readonly near: string;

  constructor(problem: string, near: string) {
    super(problem);
    this.near = near;
  }
}

const PATTERNS: readonly (readonly [Token['kind'] | 'blank', RegExp])[] = [
  ['blank', /\s+/y],
  ['field', /\[([^\]\n]+)\]/y],
  ['text', /'((?:[^']|'')*)'/y],
  ['text', /"((?:[^"]|"")*)"/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['macro', /@[A-Za-z]+/y],
  ['sign', /<>|<=|>=|[=<>(),+-]/y],
  ['word', /[A-Za-z_][A-Za-z0-9_.]*/y],
];

/** Cuts a query into tokens. Throws WiqlError at the first character that begins none. */
export function lex(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let place = 0;
  while (place < query.length) {
    const read = readAt(query, place, tokens.at(-1));
    if (read === null)
      throw new WiqlError('The query contains a character that is not expected here.', query.slice(place, place + 20));
    if (read.token !== null) tokens.push(read.token);
    place = read.end;
  }
  return tokens;
}

function readAt(query: string, place: number, last: Token | undefined): { token: Token | null; end: number } | null {
  for (const [kind, pattern] of PATTERNS) {
    // `@today-30`: after a macro the minus is a sign of its own.
    if (kind === 'number' && last?.kind === 'macro' && query[place] === '-') continue;
    pattern.lastIndex = place;
    const match = pattern.exec(query);
    if (match === null) continue;
    return { token: tokenOf(kind, match), end: place + match[0].length };
  }
  return null;
}

function tokenOf(kind: Token['kind'] | 'blank', match: RegExpExecArray): Token | null {
  const [whole, inner] = match;
  switch (kind) {
    case 'blank':
      return null;
    case 'field':
      return { kind, text: (inner ?? '').trim() };
    case 'text':
      return { kind, text: (inner ?? '').replaceAll("''", "'") };
    case 'number':
      return { kind, value: Number(whole), text: whole };
    default:
      return { kind, text: whole };
  }
}
