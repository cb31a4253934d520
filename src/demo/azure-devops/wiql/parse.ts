import { lex, WiqlError, type Token } from './lex.ts';

export type Comparison =
  '=' | '<>' | '>' | '>=' | '<' | '<=' | 'in' | 'not in' | 'under' | 'not under' | 'contains' | 'not contains';

export type Operand =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  /** `@today-30` is `{ name: 'today', offset: -30 }`. */
  | { readonly kind: 'macro'; readonly name: string; readonly offset: number };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | {
      readonly kind: 'is';
      readonly field: string;
      readonly comparison: Comparison;
      readonly operands: readonly Operand[];
    };

export interface Query {
  readonly columns: readonly string[];
  readonly where: Condition | null;
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
}

/** Reads a flat query (`FROM WorkItems`). Throws WiqlError. */
export function parseWiql(text: string): Query {
  const reader = createReader(lex(text));
  reader.expect('select');
  const columns = commaList(reader, () => reader.field());
  reader.expect('from');
  reader.expect('workitems');
  const where = reader.word('where') ? disjunction(reader) : null;
  const order = reader.word('order') ? orderBy(reader) : [];
  reader.end();
  return { columns, where, order };
}

interface Reader {
  /** Takes the word if it is next. */
  word(text: string): boolean;
  sign(text: string): boolean;
  expect(word: string): void;
  expectSign(sign: string): void;
  field(): string;
  next(): Token;
  end(): void;
}

function createReader(tokens: readonly Token[]): Reader {
  let place = 0;
  const rest = (): string =>
    tokens
      .slice(place, place + 3)
      .map(token => ('text' in token ? token.text : ''))
      .join(' ') || 'the end';
  const fail = (problem: string): never => {
    throw new WiqlError(problem, rest());
  };
  const is = (kind: Token['kind'], text: string): boolean => {
    const token = tokens[place];
    return token?.kind === kind && token.text.toLowerCase() === text;
  };
  const taken = (yes: boolean): boolean => {
    if (yes) place += 1;
    return yes;
  };
  return {
    word: text => taken(is('word', text)),
    sign: text => taken(is('sign', text)),
    expect: word => void (taken(is('word', word)) || fail(`Expecting ${word.toUpperCase()}.`)),
    expectSign: sign => void (taken(is('sign', sign)) || fail(`Expecting "${sign}".`)),
    field() {
      const token = tokens[place];
      if (token?.kind !== 'field' && token?.kind !== 'word') return fail('Expecting a field name.');
      place += 1;
      return token.text;
    },
    next() {
      const token = tokens[place] ?? fail('The query ends too early.');
      place += 1;
      return token;
    },
    end: () => void (place < tokens.length && fail('Expecting the end of the query.')),
  };
}

function commaList<T>(reader: Reader, read: () => T): readonly T[] {
  const list = [read()];
  while (reader.sign(',')) list.push(read());
  return list;
}

function orderBy(reader: Reader): Query['order'] {
  reader.expect('by');
  return commaList(reader, () => {
    const field = reader.field();
    const descending = reader.word('desc');
    if (!descending) reader.word('asc');
    return { field, descending };
  });
}

function disjunction(reader: Reader): Condition {
  const parts = [conjunction(reader)];
  while (reader.word('or')) parts.push(conjunction(reader));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'or', parts };
}

function conjunction(reader: Reader): Condition {
  const parts = [negation(reader)];
  while (reader.word('and')) parts.push(negation(reader));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts };
}

function negation(reader: Reader): Condition {
  if (reader.word('not')) return { kind: 'not', part: negation(reader) };
  if (!reader.sign('(')) return comparison(reader);
  const inner = disjunction(reader);
  reader.expectSign(')');
  return inner;
}

function comparison(reader: Reader): Condition {
  const field = reader.field();
  const kind = operator(reader);
  if (kind !== 'in' && kind !== 'not in') return { kind: 'is', field, comparison: kind, operands: [operand(reader)] };
  reader.expectSign('(');
  const operands = commaList(reader, () => operand(reader));
  reader.expectSign(')');
  return { kind: 'is', field, comparison: kind, operands };
}

const SIGNS: readonly Comparison[] = ['=', '<>', '>=', '<=', '>', '<'];
const WORDS = ['in', 'under', 'contains'] as const;

function operator(reader: Reader): Comparison {
  const sign = SIGNS.find(candidate => reader.sign(candidate));
  if (sign !== undefined) return sign;
  const not = reader.word('not');
  const word = WORDS.find(candidate => reader.word(candidate));
  if (word === undefined) throw new WiqlError('Expecting a comparison operator.', tokenText(reader));
  return not ? `not ${word}` : word;
}

const tokenText = (reader: Reader): string => {
  const token = reader.next();
  return 'text' in token ? token.text : '';
};

function operand(reader: Reader): Operand {
  const token = reader.next();
  if (token.kind === 'text') return { kind: 'text', text: token.text };
  if (token.kind === 'number') return { kind: 'number', value: token.value };
  if (token.kind !== 'macro') throw new WiqlError('Expecting a value.', token.text);
  const sign = reader.sign('-') ? -1 : reader.sign('+') ? 1 : 0;
  const offset = sign === 0 ? null : reader.next();
  if (offset !== null && offset.kind !== 'number') throw new WiqlError('Expecting a number.', token.text);
  return { kind: 'macro', name: token.text.slice(1).toLowerCase(), offset: offset === null ? 0 : sign * offset.value };
}
