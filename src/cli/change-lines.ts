import type { Change, GuardName, MoveChange, Withheld } from '../change.ts';
import type { ItemRef } from '../item.ts';
import { inOneLine } from '../sync/explanation.ts';
import { clip, plain, type Voice } from './terminal.ts';

/** Changes as lines of a diff, in columns that stand below each other. */
export interface Lines {
  readonly voice: Voice;
  readonly titleOf: (ref: ItemRef) => string;
  /** What went wrong with changes that were to be made. */
  readonly failures: ReadonlyMap<Change, string>;
}

/** Two lines a change: what, from where to where; and because of what. Text from the tracker is cleaned. */
export function changeLines(changes: readonly Change[], lines: Lines): readonly string[] {
  const width = Math.max(0, ...changes.map(change => plain(change.key).length));
  const numbers = changes.flatMap(c => (c.kind === 'move' ? [String(c.from).length, String(c.to).length] : []));
  const columns = { width, number: Math.max(1, ...numbers) };
  const { voice, failures } = lines;
  const indent = ' '.repeat(width + 8);
  return changes.flatMap(change => {
    const problem = failures.get(change);
    const why = problem === undefined ? voice.dim(plain(change.because)) : voice.red(`not done: ${plain(problem)}`);
    return [`    ${oneChange(change, columns, lines)}`, `${indent}${why}`];
  });
}

interface Columns {
  readonly width: number;
  readonly number: number;
}

function oneChange(change: Change, columns: Columns, { voice, titleOf, failures }: Lines): string {
  const key = plain(change.key).padEnd(columns.width);
  const [mark, what] = markAndText(change, columns.number, voice);
  const start = `${failures.has(change) ? voice.red('✗') : mark} ${key}  `;
  // What is written says more than a title would.
  if (change.kind === 'explanation-set') return start + clip(what, Math.max(40, voice.width - columns.width - 8));
  const title = clip(titleOf(change.ref), Math.max(20, voice.width - columns.width - 40));
  return `${start}${what}  ${title}`.trimEnd();
}

function markAndText(change: Change, number: number, voice: Voice): readonly [mark: string, what: string] {
  switch (change.kind) {
    case 'move':
      return [voice.yellow(direction(change)), places(change, number)];
    case 'label-add':
      return [voice.green('+'), voice.green(plain(change.to))];
    case 'label-remove':
      return [voice.red('-'), voice.red(plain(change.from))];
    case 'score-set':
      return [voice.yellow('='), `${change.from ?? 'empty'} -> ${change.to ?? 'empty'}`];
    case 'explanation-set':
      return [voice.yellow('i'), change.to === null ? 'explanation taken away' : inOneLine(change.to)];
    default:
      return change satisfies never;
  }
}

function direction({ from, to }: MoveChange): string {
  return to < from ? '↑' : to > from ? '↓' : '↕';
}

/** `11 -> 2`; an item that is moved while as many pass it up as down keeps its number. */
function places({ from, to }: MoveChange, width: number): string {
  if (from !== to) return `${String(from).padStart(width)} -> ${String(to).padEnd(width)}`;
  return `stays ${to}`.padEnd(2 * width + 4);
}

const nouns: Readonly<Record<Change['kind'], readonly [one: string, several: string]>> = {
  move: ['move', 'moves'],
  'label-add': ['new label', 'new labels'],
  'label-remove': ['label to be removed', 'labels to be removed'],
  'score-set': ['score', 'scores'],
  'explanation-set': ['explanation', 'explanations'],
};

/** `19 moves (needs-approval), 1 new label (quiet)` */
export function withheldText(withheld: readonly Withheld[]): string {
  const counts = new Map<string, { kind: Change['kind']; guard: GuardName; count: number }>();
  for (const { kind, guard } of withheld) {
    const known = counts.get(`${kind} ${guard}`) ?? { kind, guard, count: 0 };
    counts.set(`${kind} ${guard}`, { ...known, count: known.count + 1 });
  }
  return [...counts.values()]
    .map(({ kind, guard, count }) => `${count} ${nouns[kind][count === 1 ? 0 : 1]} (${guard})`)
    .join(', ');
}
