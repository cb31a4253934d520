import { Refusal } from '../refusal.ts';
import { tokensOf, type Token } from './tokens.ts';

/** The part of JQL that the site understands; anything else is refused, as a mistyped query is. */

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'in' | 'not in' | 'is' | 'is not';

export type Operand =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly string[] };

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  | {
      readonly kind: 'clause';
      readonly field: string;
      readonly operator: Operator;
      readonly operands: readonly Operand[];
    };

export interface Query {
  /** null: no restriction at all. */
  readonly where: Expression | null;
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[];
}

/** Most fields one may order by. */
const MOST_ORDERS = 7;

interface Reader {
  readonly jql: string;
  readonly tokens: readonly Token[];
  at: number;
}

/** Throws a refusal (400) where the text is not such a query. */
export function parseJql(jql: string): Query {
  const reader: Reader = { jql, tokens: tokensOf(jql), at: 0 };
  const where = reader.tokens.length === 0 || isWord(reader, 'order') ? null : either(reader);
  const orderBy = orders(reader);
  if (reader.at < reader.tokens.length) throw misread(reader);
  if (orderBy.length > MOST_ORDERS) throw new Refusal(400, `The maximum number of ORDER BY fields is ${MOST_ORDERS}.`);
  return { where, orderBy };
}

function either(reader: Reader): Expression {
  const parts = [both(reader)];
  while (takeWord(reader, 'or') || takeSymbol(reader, '||')) parts.push(both(reader));
  return parts.length === 1 ? (parts[0] as Expression) : { kind: 'or', parts };
}

function both(reader: Reader): Expression {
  const parts = [single(reader)];
  while (takeWord(reader, 'and') || takeSymbol(reader, '&&')) parts.push(single(reader));
  return parts.length === 1 ? (parts[0] as Expression) : { kind: 'and', parts };
}

function single(reader: Reader): Expression {
  if (takeWord(reader, 'not') || takeSymbol(reader, '!')) return { kind: 'not', part: single(reader) };
  if (!takeSymbol(reader, '(')) return clause(reader);
  const inside = either(reader);
  expectSymbol(reader, ')');
  return inside;
}

function clause(reader: Reader): Expression {
  const field = value(reader);
  const operator = operatorOf(reader);
  if (operator === 'in' || operator === 'not in') return { kind: 'clause', field, operator, operands: list(reader) };
  const only = operand(reader);
  if (operator.startsWith('is') && only.kind !== 'empty') throw misread(reader);
  return { kind: 'clause', field, operator, operands: [only] };
}

const SYMBOLS = ['=', '!=', '>', '>=', '<', '<=', '~', '!~'] as const;

function operatorOf(reader: Reader): Operator {
  for (const symbol of SYMBOLS) {
    if (takeSymbol(reader, symbol)) return symbol;
  }
  if (takeWord(reader, 'in')) return 'in';
  if (takeWord(reader, 'is')) return takeWord(reader, 'not') ? 'is not' : 'is';
  if (takeWord(reader, 'not') && takeWord(reader, 'in')) return 'not in';
  throw misread(reader);
}

function list(reader: Reader): readonly Operand[] {
  if (!takeSymbol(reader, '(')) return [operand(reader)];
  const operands = [operand(reader)];
  while (takeSymbol(reader, ',')) operands.push(operand(reader));
  expectSymbol(reader, ')');
  return operands;
}

function operand(reader: Reader): Operand {
  const token = reader.tokens[reader.at];
  const text = value(reader);
  if (token?.kind === 'word' && /^(empty|null)$/i.test(text)) return { kind: 'empty' };
  if (token?.kind !== 'word' || !takeSymbol(reader, '(')) return { kind: 'value', text };
  const args: string[] = [];
  while (!takeSymbol(reader, ')')) {
    args.push(value(reader));
    takeSymbol(reader, ',');
  }
  return { kind: 'function', name: text.toLowerCase(), args };
}

function orders(reader: Reader): Query['orderBy'] {
  if (!takeWord(reader, 'order')) return [];
  if (!takeWord(reader, 'by')) throw misread(reader);
  const orderBy: { field: string; descending: boolean }[] = [];
  do {
    const field = value(reader);
    const descending = takeWord(reader, 'desc');
    if (!descending) takeWord(reader, 'asc');
    orderBy.push({ field, descending });
  } while (takeSymbol(reader, ','));
  return orderBy;
}

function value(reader: Reader): string {
  const token = reader.tokens[reader.at];
  if (token === undefined || token.kind === 'symbol') throw misread(reader);
  reader.at += 1;
  return token.text;
}

function isWord(reader: Reader, word: string): boolean {
  const token = reader.tokens[reader.at];
  return token?.kind === 'word' && token.text.toLowerCase() === word;
}

function takeWord(reader: Reader, word: string): boolean {
  if (!isWord(reader, word)) return false;
  reader.at += 1;
  return true;
}

function takeSymbol(reader: Reader, symbol: string): boolean {
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'symbol' || token.text !== symbol) return false;
  reader.at += 1;
  return true;
}

function expectSymbol(reader: Reader, symbol: string): void {
  if (!takeSymbol(reader, symbol)) throw misread(reader);
}

function misread(reader: Reader): Refusal {
  const near = reader.tokens[reader.at];
  const where = near === undefined ? 'at the end' : `near '${near.text}' (character ${near.at + 1})`;
  return new Refusal(400, `Error in the JQL Query: '${reader.jql}' cannot be read ${where}.`);
}
