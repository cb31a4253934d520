import { fieldNames } from './field-plan.ts';
import type { Fields } from './in-scope.ts';
import { isUnder, type TeamScope } from './team-scope.ts';

/**
 * Iterations and states that work items name and the cached team settings do not know: somebody made them since. An item
 * in a sprint of yesterday's list would be taken for unplanned, one in a state of yesterday's process for removed. Each
 * word once, sorted. Iterations outside the team's own tree say nothing about its backlog.
 */
export function unknownWords(rows: Iterable<Fields>, scope: TeamScope): readonly string[] {
  const iterations = new Set([scope.backlogIteration, ...scope.iterations.map(({ path }) => path)].map(fold));
  const states = new Map(
    Object.entries(scope.states).map(([type, words]) => [fold(type), new Set(Object.keys(words).map(fold))]),
  );
  const found = new Set<string>();
  for (const fields of rows) {
    const iteration = textOf(fields, fieldNames.iteration);
    if (isUnder(iteration, scope.backlogIteration) && !iterations.has(fold(iteration))) {
      found.add(`iteration ${iteration}`);
    }
    const known = states.get(fold(textOf(fields, fieldNames.type)));
    const state = textOf(fields, fieldNames.state);
    if (state !== '' && known?.has(fold(state)) === false) found.add(`state ${state}`);
  }
  return [...found].sort();
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function fold(text: string): string {
  return text.toLowerCase();
}
