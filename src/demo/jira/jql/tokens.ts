import { Refusal } from '../refusal.ts';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'symbol';
  readonly text: string;
  readonly at: number;
}

const SYMBOL = /^(?:!=|!~|>=|<=|&&|\|\||[=><~!(),])/;
const QUOTED = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/s;
const WORD = /^[^\s"'=!<>~(),&|]+/;

/** Words, quoted texts and symbols of a query. Throws a refusal (400) on a quote without end. */
export function tokensOf(jql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < jql.length) {
    const rest = jql.slice(at);
    const blank = /^\s+/.exec(rest);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    const token = tokenAt(rest, at);
    if (token === null)
      throw new Refusal(400, `Error in the JQL Query: the character at ${at + 1} is not allowed here.`);
    tokens.push(token.token);
    at += token.length;
  }
  return tokens;
}

function tokenAt(rest: string, at: number): { token: Token; length: number } | null {
  const quoted = QUOTED.exec(rest);
  if (quoted !== null) {
    const text = (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/gs, '$1');
    return { token: { kind: 'quoted', text, at }, length: quoted[0].length };
  }
  const symbol = SYMBOL.exec(rest);
  if (symbol !== null) return { token: { kind: 'symbol', text: symbol[0], at }, length: symbol[0].length };
  const word = WORD.exec(rest);
  return word === null ? null : { token: { kind: 'word', text: word[0], at }, length: word[0].length };
}
