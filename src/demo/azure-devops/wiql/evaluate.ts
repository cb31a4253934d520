import type { Field, FieldCatalogue } from '../field-catalogue.ts';
import { isIdentity } from '../identity.ts';
import type { FieldMap, FieldValue } from '../records.ts';
import { hasTag } from '../tags.ts';
import { isUnder } from '../tree.ts';
import { WiqlError } from './lex.ts';
import type { Comparison, Condition, Operand, Query } from './parse.ts';

export interface QueryContext {
  readonly fields: FieldCatalogue;
  /** Values behind `@project`, `@me`, `@today`...; null: the macro needs a project or team in the URL. */
  readonly macro: (name: string, offset: number) => string | null;
  /** Whether dates may hold a time, and are compared with it. */
  readonly timePrecision: boolean;
}

export type Predicate = (values: FieldMap) => boolean;

/** Turns the WHERE clause into a test. Throws WiqlError for unknown fields and operators a field does not support. */
export function compile(condition: Condition | null, context: QueryContext): Predicate {
  if (condition === null) return () => true;
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map(part => compile(part, context));
      return values => parts.every(part => part(values));
    }
    case 'or': {
      const parts = condition.parts.map(part => compile(part, context));
      return values => parts.some(part => part(values));
    }
    case 'not': {
      const part = compile(condition.part, context);
      return values => !part(values);
    }
    case 'is': {
      const field = knownField(condition.field, context);
      const operands = condition.operands.map(operand => resolve(operand, field, context));
      return comparisonOf(condition.comparison, field, operands, context);
    }
    default:
      return condition satisfies never;
  }
}

export function knownField(name: string, context: QueryContext): Field {
  const field = context.fields.find(name);
  if (field === null) throw new WiqlError('TF51005: The query references a field that does not exist.', `[${name}]`);
  return field;
}

type Key = string | number | boolean | null;

function resolve(operand: Operand, field: Field, context: QueryContext): Key {
  switch (operand.kind) {
    case 'number':
      if (isNumeric(field)) return operand.value;
      if (field.type === 'dateTime' || field.type === 'boolean') throw wrongType(field, String(operand.value));
      return String(operand.value).toLowerCase();
    case 'macro': {
      const text = context.macro(operand.name, operand.offset);
      if (text === null) throw new WiqlError('The macro is not known here.', `@${operand.name}`);
      return fromText(text, field, context);
    }
    case 'text':
      return fromText(operand.text, field, context);
    default:
      return operand satisfies never;
  }
}

const isNumeric = (field: Field): boolean => field.type === 'integer' || field.type === 'double';

function wrongType(field: Field, text: string): WiqlError {
  return new WiqlError(`The value does not fit the type of the field ${field.name}.`, text);
}

function fromText(text: string, field: Field, context: QueryContext): Key {
  if (text === '') return null;
  if (isNumeric(field)) {
    const number = Number(text);
    if (Number.isNaN(number)) throw wrongType(field, text);
    return number;
  }
  if (field.type === 'boolean') return text.toLowerCase() === 'true' || text === '1';
  if (field.type !== 'dateTime') return text.toLowerCase();
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at)) throw wrongType(field, text);
  if (!context.timePrecision && /\d:\d/.test(text)) {
    throw new WiqlError(
      'You cannot supply a time with the date when running a query using date precision.',
      `'${text}'`,
    );
  }
  return context.timePrecision ? at : dayOf(at);
}

const DAY = 86_400_000;
const dayOf = (at: number): number => Math.floor(at / DAY);

/** A stored value as it is compared: text without case, dates as instants or days. */
function keyOf(value: FieldValue | undefined, field: Field, context: QueryContext): Key {
  if (value === undefined || value === '') return null;
  if (isIdentity(value)) return value.displayName.toLowerCase();
  if (field.type === 'dateTime') {
    const at = Date.parse(String(value));
    return context.timePrecision ? at : dayOf(at);
  }
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function comparisonOf(kind: Comparison, field: Field, operands: readonly Key[], context: QueryContext): Predicate {
  const [operand = null] = operands;
  const read = (values: FieldMap): Key => keyOf(values[field.ref], field, context);
  switch (kind) {
    case '=':
    case 'in':
      return values => operands.some(wanted => matches(values, field, read(values), wanted));
    case '<>':
    case 'not in':
      return values => !operands.some(wanted => matches(values, field, read(values), wanted));
    case 'under':
    case 'not under': {
      if (field.type !== 'treePath' || typeof operand !== 'string') throw unsupported(kind, field);
      return values => isUnder(String(read(values) ?? ''), operand) === (kind === 'under');
    }
    case 'contains':
    case 'not contains': {
      if (isNumeric(field) || field.type === 'dateTime' || typeof operand !== 'string') throw unsupported(kind, field);
      return values => contains(values[field.ref], field, operand) === (kind === 'contains');
    }
    case '>':
    case '>=':
    case '<':
    case '<=':
      if (field.ref === 'System.Tags') throw unsupported(kind, field);
      return values => relation(kind, read(values), operand);
    default:
      return kind satisfies never;
  }
}

function unsupported(kind: string, field: Field): WiqlError {
  return new WiqlError(`The operator cannot be used with the field ${field.name}.`, kind.toUpperCase());
}

/** Identities are matched by display name, unique name, or `Name <unique name>`. */
function matches(values: FieldMap, field: Field, key: Key, wanted: Key): boolean {
  if (key === wanted) return true;
  const value = values[field.ref];
  if (!isIdentity(value) || typeof wanted !== 'string') return false;
  const unique = value.uniqueName.toLowerCase();
  return wanted === unique || wanted === `${value.displayName.toLowerCase()} <${unique}>`;
}

function contains(value: FieldValue | undefined, field: Field, wanted: string): boolean {
  if (value === undefined) return false;
  if (field.ref === 'System.Tags') return hasTag(String(value), wanted);
  const text = isIdentity(value) ? value.displayName : String(value);
  return text.toLowerCase().includes(wanted);
}

/** An empty field is neither before nor after anything. */
function relation(kind: '>' | '>=' | '<' | '<=', key: Key, wanted: Key): boolean {
  if (key === null || wanted === null || typeof key !== typeof wanted) return false;
  if (kind === '>') return key > wanted;
  if (kind === '>=') return key >= wanted;
  return kind === '<' ? key < wanted : key <= wanted;
}

/** Sorts as the database does: empty values first when ascending, ties by id. */
export function sortBy(order: Query['order'], context: QueryContext): (a: FieldMap, b: FieldMap) => number {
  const keys = order.map(({ field, descending }) => ({ field: knownField(field, context), sign: descending ? -1 : 1 }));
  const precise = { ...context, timePrecision: true };
  return (a, b) => {
    for (const { field, sign } of keys) {
      const difference = compareKeys(keyOf(a[field.ref], field, precise), keyOf(b[field.ref], field, precise));
      if (difference !== 0) return sign * difference;
    }
    return Number(a['System.Id']) - Number(b['System.Id']);
  };
}

function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
