import type { Activity, History } from '../../item.ts';
import type { FieldPlan } from './field-plan.ts';
import { activityOf, type Revision } from './revisions.ts';

/** Histories of many items, gathered from the feed page by page: only the first and last revision of each is kept. */
export interface WindowHistory {
  /** `since`: start of the window; null: everything. */
  readonly since: Date | null;
  add(id: number, revision: Revision): void;
  last(id: number): Revision | null;
  /** Items whose first revision in the window is not their first of all. */
  needPredecessor(ids: Iterable<number>): readonly number[];
  /** Tells the revision that stood before the window. */
  precede(id: number, revision: Revision): void;
  /** `changedAt`: the item's newest change, for items that were quiet throughout the window. */
  historyOf(id: number, changedAt: Date): History;
}

interface Seen {
  readonly first: Revision;
  last: Revision;
  before: Revision | null;
  readonly entries: Activity[];
}

export function createWindowHistory(since: Date | null, plan: FieldPlan): WindowHistory {
  const items = new Map<number, Seen>();

  return {
    since,
    add(id, revision) {
      const seen = items.get(id);
      if (seen === undefined) {
        items.set(id, { first: revision, last: revision, before: null, entries: [] });
      } else if (revision.rev > seen.last.rev) {
        seen.entries.push(activityOf(seen.last.fields, revision, plan));
        seen.last = revision;
      }
    },
    last: id => items.get(id)?.last ?? null,
    needPredecessor: ids => [...ids].filter(id => (items.get(id)?.first.rev ?? 1) > 1),
    precede(id, revision) {
      const seen = items.get(id);
      if (seen !== undefined && revision.rev < seen.first.rev) seen.before = revision;
    },
    historyOf(id, changedAt) {
      const seen = items.get(id);
      if (seen === undefined) {
        const quiet = since !== null && changedAt < since;
        return { since, before: quiet ? changedAt : null, continues: false, entries: [] };
      }
      const opening = openingOf(seen, plan);
      return {
        since,
        before: seen.before?.at ?? null,
        continues: false,
        entries: opening === null ? seen.entries : [opening, ...seen.entries],
      };
    },
  };
}

/** The first entry: against the revision before the window. Where that cannot be read, the change counts unexplained. */
function openingOf({ first, before }: Seen, plan: FieldPlan): Activity | null {
  if (first.rev === 1) return null;
  if (before !== null) return activityOf(before.fields, first, plan);
  return { id: String(first.rev), at: first.at, actor: first.actor, kind: 'changed', fields: [] };
}
