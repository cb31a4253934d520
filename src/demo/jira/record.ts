import { announce, nextId, tick } from './world.ts';
import type { HistoryEntry, HistoryItem, Issue, Person, World } from './model.ts';
import type { Json } from './json.ts';

/** One field of one issue about to change: what history will say, and how it is done. */
export interface FieldChange {
  readonly item: HistoryItem;
  readonly apply: (issue: Issue) => void;
}

/**
 * Carries changes out as one edit. `updated` moves a few milliseconds before the history entry's time, as on real sites.
 * No changes: nothing happens, not even to `updated`.
 */
export function commit(
  world: World,
  issue: Issue,
  changes: readonly FieldChange[],
  by: { readonly author: Person; readonly metadata?: Json },
): void {
  if (changes.length === 0) return;
  remember(world, issue);
  for (const change of changes) change.apply(issue);
  issue.updated = tick(world);
  const id = nextId(world);
  world.lastInstant += 2 + (id % 3);
  const entry: HistoryEntry = {
    id: String(id),
    author: by.author,
    created: world.lastInstant,
    items: changes.map(change => change.item),
    ...(by.metadata === undefined ? {} : { metadata: by.metadata }),
  };
  issue.histories = [...issue.histories, entry];
  announce(world, { name: 'jira:issue_updated', at: entry.created, issue, by: by.author, entry });
}

/** Moves `updated` without history: comments and worklogs. Returns the time. */
export function touch(world: World, issue: Issue): number {
  remember(world, issue);
  issue.updated = tick(world);
  return issue.updated;
}

/** Keeps what search goes on seeing until the index has caught up. */
export function remember(
  world: World,
  issue: Issue,
  seen: Issue | null = { ...issue, other: { ...issue.other } },
): void {
  if (world.indexLagMs <= 0) return;
  const now = world.clock.now().getTime();
  const past = (world.stale.get(issue.id) ?? []).filter(view => view.until > now);
  world.stale.set(issue.id, [...past, { until: now + world.indexLagMs, seen }]);
}

/** The issue as the search index knows it; null while it does not. */
export function indexed(world: World, issue: Issue): Issue | null {
  if (world.stale.size === 0) return issue;
  const now = world.clock.now().getTime();
  const view = world.stale.get(issue.id)?.find(past => past.until > now);
  return view === undefined ? issue : view.seen;
}
