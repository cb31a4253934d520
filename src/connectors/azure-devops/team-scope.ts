import { z } from 'zod';
import type { Progress } from '../../item.ts';

/** What a team's backlog level is, as plain data: it is cached, and membership is decided from it alone. */
export interface TeamScope {
  readonly project: { readonly id: string; readonly name: string };
  readonly team: string;
  readonly level: { readonly id: string; readonly name: string; readonly hidden: boolean };
  /** Work item types of the level; bugs are among them only if the team treats them as requirements. */
  readonly types: readonly string[];
  /** Type -> state -> category. A state that is not listed is of the hidden category Removed. */
  readonly states: Readonly<Record<string, Readonly<Record<string, Progress>>>>;
  readonly orderField: string;
  readonly effortField: string | null;
  /** Nearly always System.AreaPath. */
  readonly teamField: string;
  readonly areas: readonly { readonly path: string; readonly includeChildren: boolean }[];
  /** Full path of the team's backlog iteration: everything under it is the team's. */
  readonly backlogIteration: string;
  readonly iterations: readonly Iteration[];
}

/** An iteration of the team's list. Dates are calendar dates; without them the service's own word counts. */
export interface Iteration {
  readonly path: string;
  readonly name: string;
  readonly start: string | null;
  readonly finish: string | null;
  readonly timeFrame: 'past' | 'current' | 'future' | null;
}

const Category = z.enum(['todo', 'doing', 'done', 'removed']);

/** The shape as the metadata cache holds it. */
export const TeamScopeShape = z.object({
  project: z.object({ id: z.string(), name: z.string() }),
  team: z.string(),
  level: z.object({ id: z.string(), name: z.string(), hidden: z.boolean() }),
  types: z.array(z.string()),
  states: z.record(z.string(), z.record(z.string(), Category)),
  orderField: z.string(),
  effortField: z.string().nullable(),
  teamField: z.string(),
  areas: z.array(z.object({ path: z.string(), includeChildren: z.boolean() })),
  backlogIteration: z.string(),
  iterations: z.array(
    z.object({
      path: z.string(),
      name: z.string(),
      start: z.string().nullable(),
      finish: z.string().nullable(),
      timeFrame: z.enum(['past', 'current', 'future']).nullable(),
    }),
  ),
});

const foldedStates = new WeakMap<TeamScope, ReadonlyMap<string, ReadonlyMap<string, Progress>>>();

/** Category of a type's state, both compared without case. */
export function progressOf(scope: TeamScope, type: string, state: string): Progress {
  let folded = foldedStates.get(scope);
  if (folded === undefined) {
    folded = new Map(
      Object.entries(scope.states).map(([name, states]) => [
        name.toLowerCase(),
        new Map(Object.entries(states).map(([word, progress]) => [word.toLowerCase(), progress])),
      ]),
    );
    foldedStates.set(scope, folded);
  }
  return folded.get(type.toLowerCase())?.get(state.toLowerCase()) ?? 'removed';
}

/** `A\B` is under `A\B` and under `A`, never under `A\Bx`; without case, as the service compares. */
export function isUnder(path: string, root: string): boolean {
  const inner = path.toLowerCase();
  const outer = root.toLowerCase();
  return inner === outer || inner.startsWith(`${outer}\\`);
}
