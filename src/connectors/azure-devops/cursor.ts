import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ResyncNeededError } from '../connector.ts';
import type { TeamScope } from './team-scope.ts';

const Cursor = z.object({
  version: z.literal(1),
  revisions: z.string(),
  links: z.string(),
  /** Areas, types, states and iteration for which the snapshot was read. */
  scope: z.string(),
});
export type Cursor = z.infer<typeof Cursor>;

export function cursorOf(tokens: { readonly revisions: string; readonly links: string }, scope: TeamScope): Cursor {
  return { version: 1, ...tokens, scope: fingerprintOf(scope) };
}

/** Throws ResyncNeededError for a cursor of another kind, or of a team whose areas or levels were reconfigured since. */
export function readCursor(raw: unknown, scope: TeamScope): Cursor {
  const cursor = Cursor.safeParse(raw);
  if (!cursor.success) throw new ResyncNeededError('The stored position in the change feeds cannot be read.');
  if (cursor.data.scope !== fingerprintOf(scope)) {
    throw new ResyncNeededError("The team's areas, types, states or backlog iteration were changed.");
  }
  return cursor.data;
}

function fingerprintOf(scope: TeamScope): string {
  const { project, types, states, orderField, effortField, teamField, areas, backlogIteration } = scope;
  const parts = [project, types, states, orderField, effortField, teamField, areas, backlogIteration];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
