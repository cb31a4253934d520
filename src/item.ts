/** Vocabulary: what Winnow knows of one issue or work item, whatever tracker holds it. */

export type Tracker = 'jira' | 'azure-devops';

declare const refBrand: unique symbol;
/** Tracker-qualified id, e.g. `jira:10042` or `azure-devops:17`. Never a key: keys change when an issue moves. */
export type ItemRef = string & { readonly [refBrand]: 'ItemRef' };

/** Builds a ref from the tracker's own numeric id. */
export function itemRef(tracker: Tracker, id: string | number): ItemRef {
  return `${tracker}:${id}` as ItemRef;
}

/** The tracker's own id of a ref: `10042` of `jira:10042`. */
export function idOf(ref: ItemRef): string {
  return ref.slice(ref.indexOf(':') + 1);
}

/** Absent, zero and unreadable are three different things; an unreadable value never becomes zero. */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly raw: string; readonly problem: string };

export const absent: { readonly kind: 'absent' } = { kind: 'absent' };

export function value<T>(of: T): Reading<T> {
  return { kind: 'value', value: of };
}

export function unreadable(raw: unknown, problem: string): Reading<never> {
  return { kind: 'unreadable', raw: typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? String(raw)), problem };
}

/** A priority by the tracker's own word, with the whole scheme it belongs to, most important first. */
export interface Priority {
  readonly name: string;
  readonly scheme: readonly string[];
}

/** Status category. `removed` is Azure DevOps' hidden category; Jira has none. */
export type Progress = 'todo' | 'doing' | 'done' | 'removed';

/**
 * What orders items in the tracker: a LexoRank string (compared bytewise) or an Azure DevOps order number (ascending).
 * null: the tracker holds no order for the item.
 */
export type OrderValue = string | number | null;

export interface BacklogItem {
  readonly ref: ItemRef;
  /** What people call it: `SHOP-12`, `4711`. */
  readonly key: string;
  readonly title: string;
  readonly url: string | null;
  /** The tracker's own type name: `Story`, `Bug`, `Product Backlog Item`. */
  readonly type: string;
  readonly parent: ItemRef | null;
  /** False for sub-tasks and types of another backlog level: in scope, never ranked. */
  readonly onLevel: boolean;
  readonly progress: Progress;
  /** The tracker's own status word, beside ours. */
  readonly trackerStatus: string;
  /** Name of the active or future sprint (Azure DevOps: current or future iteration of the team) that holds it, or null. */
  readonly sprint: string | null;
  readonly createdAt: Date;
  /** The tracker's `updated` / `ChangedDate`. It lies about people; used for cursors and preconditions only. */
  readonly changedAt: Date;
  /** Jira: `updated` as given. Azure DevOps: the revision number. A write's precondition. */
  readonly version: string;
  readonly order: OrderValue;
  readonly labels: readonly string[];
  readonly priority: Reading<Priority>;
  /** Estimate in the backlog's own unit. Zero or less arrives as a value; the model decides what zero means. */
  readonly effort: Reading<number>;
  /** Due date: a calendar date `YYYY-MM-DD`, or an ISO instant that becomes a date in the backlog's time zone. */
  readonly due: Reading<string>;
  /** Jira: votes + watchers. Azure DevOps: comment count. Zero is zero. */
  readonly demand: Reading<number>;
  /** Factors with a source of their own, by factor name; the raw value of that field. */
  readonly inputs: Readonly<Record<string, Reading<number | string>>>;
  /** What our score field holds now; absent when there is no such field or it is empty. */
  readonly scoreField: Reading<number>;
  /** What stands where our explanation goes: plain lines, or the property's JSON. Not there when none is configured. */
  readonly explanation?: Reading<string>;
  /** Words of the description, without headings and images. */
  readonly words: number;
  /** Items that must come first (links named in `blockers.linkTypes`), whether or not in scope. */
  readonly blockedBy: readonly ItemRef[];
  /** What the connector wants to find again at the next incremental read; JSON, opaque to everybody else. */
  readonly memo?: unknown;
}

export interface Actor {
  /** Account id (Jira), identity descriptor or id (Azure DevOps). */
  readonly id: string;
  readonly name: string;
  /** The tracker's own mark that this is not a person (an app, a service identity). */
  readonly automated: boolean;
}

/** What a changed field means to the activity clock. `other` is everything a person might meaningfully do. */
export type FieldKind =
  'rank' | 'sprint' | 'labels' | 'score' | 'explanation' | 'status' | 'workflow' | 'remote-link' | 'other';

export interface FieldChange {
  readonly kind: FieldKind;
  /** As people know it: `Rank`, `Story Points`, `System.Tags`. */
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Labels only: what came and what went. */
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
}

/** One entry of an item's history, as the tracker tells it. */
export interface Activity {
  /** Unique within the item: history id, revision number, comment id. */
  readonly id: string;
  readonly at: Date;
  /** null when the tracker does not say who. */
  readonly actor: Actor | null;
  readonly kind: 'changed' | 'commented' | 'worklogged';
  /** Empty for comments and worklogs, and for a revision without field differences (an attachment). */
  readonly fields: readonly FieldChange[];
}

/** An item's history as far as it was read. */
export interface History {
  /** null: complete since creation. Otherwise entries before this instant were not read. */
  readonly since: Date | null;
  /**
   * With `since`: the newest instant before the window at which anybody changed the item
   * (a person's clock is at most that late), or null if unknown.
   */
  readonly before: Date | null;
  /** True when `entries` only continue what the last snapshot already knew of this item. */
  readonly continues: boolean;
  /** Ascending by time. */
  readonly entries: readonly Activity[];
}
