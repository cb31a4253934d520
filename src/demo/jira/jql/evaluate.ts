import { DateTime } from 'luxon';
import type { Issue, World } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { clauseField, type ClauseField } from './clause-fields.ts';
import { parseJql, type Expression, type Operand, type Query } from './parse.ts';

type Clause = Extract<Expression, { kind: 'clause' }>;
type Test = (issue: Issue) => boolean;

export interface CompiledQuery {
  readonly query: Query;
  readonly matches: Test;
}

/** Throws a refusal (400) on unknown fields, on values that do not exist, and on operators a field does not know. */
export function compileJql(world: World, jql: string): CompiledQuery {
  const query = parseJql(jql);
  for (const { field } of query.orderBy) known(world, field);
  return { query, matches: query.where === null ? () => true : testOf(world, query.where) };
}

function testOf(world: World, expression: Expression): Test {
  switch (expression.kind) {
    case 'and': {
      const parts = expression.parts.map(part => testOf(world, part));
      return issue => parts.every(part => part(issue));
    }
    case 'or': {
      const parts = expression.parts.map(part => testOf(world, part));
      return issue => parts.some(part => part(issue));
    }
    case 'not': {
      const part = testOf(world, expression.part);
      return issue => !part(issue);
    }
    case 'clause':
      return clauseTest(world, expression);
    default:
      return expression satisfies never;
  }
}

function known(world: World, name: string): ClauseField {
  const field = clauseField(world, name);
  if (field !== null) return field;
  throw new Refusal(400, `Field '${name}' does not exist or you do not have permission to view it.`);
}

function clauseTest(world: World, clause: Clause): Test {
  const field = known(world, clause.field);
  if (clause.operator === 'is' || clause.operator === 'is not') return emptiness(world, field, clause);
  switch (field.kind) {
    case 'names':
      return namesTest(world, field, clause);
    case 'text':
      return textTest(field, clause);
    case 'number':
      return orderTest(
        issue => field.value(issue),
        clause,
        operand => numberFrom(operand, clause),
      );
    case 'instant':
      return orderTest(
        issue => field.value(issue, world),
        clause,
        operand => instantFrom(world, operand, clause),
      );
    case 'filter':
      return filterTest(world, clause);
    case 'rank':
      throw new Refusal(400, `The operator '${clause.operator}' is not supported by the 'Rank' field.`);
    default:
      return field satisfies never;
  }
}

function emptiness(world: World, field: ClauseField, clause: Clause): Test {
  const wanted = clause.operator === 'is';
  switch (field.kind) {
    case 'names':
      return issue => (field.values(issue).length === 0) === wanted;
    case 'text':
      return issue => (field.value(issue).trim() === '') === wanted;
    case 'number':
    case 'instant':
      return issue => (field.value(issue, world) === null) === wanted;
    default:
      throw new Refusal(400, `The operator '${clause.operator}' is not supported by the '${clause.field}' field.`);
  }
}

/** `!=` and `not in` do not match empty fields, in Jira as here. */
function namesTest(world: World, field: Extract<ClauseField, { kind: 'names' }>, clause: Clause): Test {
  if (!['=', '!=', 'in', 'not in'].includes(clause.operator)) throw unsupported(clause);
  const wanted = new Set(clause.operands.flatMap(operand => namesFrom(world, operand, clause)));
  if (field.known !== undefined) {
    const existing = new Set(field.known(world));
    const missing = [...wanted].find(name => !existing.has(name));
    if (missing !== undefined) {
      throw new Refusal(400, `The value '${missing}' does not exist for the field '${clause.field}'.`);
    }
  }
  const positive = clause.operator === '=' || clause.operator === 'in';
  const orEmpty = clause.operands.some(operand => operand.kind === 'empty');
  return issue => {
    const values = field.values(issue);
    if (values.length === 0) return positive && orEmpty;
    return values.some(value => wanted.has(value)) === positive;
  };
}

function namesFrom(world: World, operand: Operand, clause: Clause): readonly string[] {
  if (operand.kind === 'empty') return [];
  if (operand.kind === 'function') return functionNames(world, operand.name, clause);
  const name = operand.text.toLowerCase();
  if (clause.field.toLowerCase() !== 'sprint' || /^\d+$/.test(name)) return [name];
  const sprints = [...world.sprints.values()].filter(sprint => sprint.name.toLowerCase() === name);
  if (sprints.length === 0)
    throw new Refusal(400, `The value '${operand.text}' does not exist for the field 'sprint'.`);
  return sprints.map(sprint => String(sprint.id));
}

const SPRINT_STATES: Readonly<Record<string, string>> = {
  opensprints: 'active',
  futuresprints: 'future',
  closedsprints: 'closed',
};

function functionNames(world: World, name: string, clause: Clause): readonly string[] {
  if (name === 'currentuser') return [world.self.accountId.toLowerCase()];
  const state = SPRINT_STATES[name];
  if (state === undefined)
    throw new Refusal(400, `Unable to find JQL function '${name}()' for field '${clause.field}'.`);
  return [...world.sprints.values()].filter(sprint => sprint.state === state).map(sprint => String(sprint.id));
}

function textTest(field: Extract<ClauseField, { kind: 'text' }>, clause: Clause): Test {
  const [operand] = clause.operands;
  if ((clause.operator !== '~' && clause.operator !== '!~') || operand?.kind !== 'value') throw unsupported(clause);
  const wanted = operand.text.toLowerCase().replace(/[*"]/g, '');
  return issue => field.value(issue).toLowerCase().includes(wanted) === (clause.operator === '~');
}

function orderTest(value: (issue: Issue) => number | null, clause: Clause, parse: (operand: Operand) => number): Test {
  const wanted = clause.operands.map(parse);
  const [only = 0] = wanted;
  const test = (held: number): boolean => {
    switch (clause.operator) {
      case '=':
      case 'in':
        return wanted.includes(held);
      case '!=':
      case 'not in':
        return !wanted.includes(held);
      case '>':
        return held > only;
      case '>=':
        return held >= only;
      case '<':
        return held < only;
      case '<=':
        return held <= only;
      default:
        throw unsupported(clause);
    }
  };
  if (['~', '!~'].includes(clause.operator)) throw unsupported(clause);
  return issue => {
    const held = value(issue);
    return held !== null && test(held);
  };
}

function numberFrom(operand: Operand, clause: Clause): number {
  const number = operand.kind === 'value' ? Number(operand.text) : NaN;
  if (Number.isNaN(number)) throw new Refusal(400, `A number was expected for the field '${clause.field}'.`);
  return number;
}

const UNITS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000 } as const;
const FORMATS = ['yyyy-MM-dd HH:mm', 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd', 'yyyy/MM/dd'];

/** Bare numbers are milliseconds; dates are read in the zone of the caller's profile. */
function instantFrom(world: World, operand: Operand, clause: Clause): number {
  const now = world.clock.now().getTime();
  if (operand.kind === 'function' && operand.name === 'now') return now;
  const text = operand.kind === 'value' ? operand.text : '';
  if (/^-?\d+$/.test(text)) return Number(text);
  const relative = /^([+-]?\d+)([wdhm])$/.exec(text);
  if (relative !== null) return now + Number(relative[1]) * UNITS[relative[2] as keyof typeof UNITS];
  const zone = ['due', 'duedate'].includes(clause.field.toLowerCase()) ? 'UTC' : world.timeZone;
  for (const format of FORMATS) {
    const date = DateTime.fromFormat(text, format, { zone });
    if (date.isValid) return date.toMillis();
  }
  throw new Refusal(
    400,
    `Date value '${text}' for field '${clause.field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', ` +
      `'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
  );
}

function filterTest(world: World, clause: Clause): Test {
  if (clause.operator !== '=' && clause.operator !== 'in') throw unsupported(clause);
  const tests = clause.operands.map(operand => {
    const id = operand.kind === 'value' ? operand.text : '';
    const board = world.boards.find(one => one.filterId === id);
    if (board === undefined) throw new Refusal(400, `The value '${id}' does not exist for the field 'filter'.`);
    return compileJql(world, board.jql).matches;
  });
  return issue => tests.some(test => test(issue));
}

function unsupported(clause: Clause): Refusal {
  return new Refusal(400, `The operator '${clause.operator}' is not supported by the '${clause.field}' field.`);
}
