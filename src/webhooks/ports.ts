import type { Activity, ItemRef } from '../item.ts';

/** What became of a delivery; counted per connection. */
export type DeliveryResult =
  'accepted' | 'duplicate' | 'echo' | 'ignored' | 'unauthorized' | 'malformed' | 'too-large' | 'unavailable';

/** An item that a delivery names. */
export interface AnnouncedItem {
  readonly ref: ItemRef;
  /** Jira: project key; Azure DevOps: project name. null: the delivery does not say. */
  readonly project: string | null;
  /** What happened brings it into no backlog: it concerns only those that hold it. Absent: whoever may hold it. */
  readonly concerns?: 'holders';
}

/** What a delivery says: a hint of what to read, never the truth. */
export interface Announcement {
  /** The tracker's id of the delivery, the same when it is sent again; null: it has none. */
  readonly id: string | null;
  /** When it happened, on the tracker's clock; null: not told. */
  readonly at: Date | null;
  readonly items: readonly AnnouncedItem[];
  /** Sprints, by name, whose items must be read. */
  readonly sprints: readonly string[];
  /** Jira boards whose backlog took back issues that no event need name: it must be read whole. */
  readonly boards: readonly number[];
  /** The change to the one item, if it is told in full and is nothing but fields; only such a one can be our own echo. */
  readonly change: Activity | null;
  /** True when the change may have brought an item into another backlog. */
  readonly moved: boolean;
  /** What the tracker was set up not to tell, for a person to mend; absent: nothing. */
  readonly lacks?: string;
}

/** A delivery to be noted, with where its items may belong. */
export interface NotedDelivery {
  readonly id: string;
  /** Our clock. */
  readonly at: Date;
  readonly refs: readonly ItemRef[];
  readonly sprints: readonly string[];
  /** Backlogs that may hold an item which no backlog is known to hold. */
  readonly candidates: readonly { readonly ref: ItemRef; readonly backlog: string }[];
  /** Candidates get the item whoever is known to hold it. */
  readonly moved: boolean;
}

/** Deliveries of the last day, and the items they announced. All of it outlives the process. */
export interface Inbox {
  /**
   * Notes deliveries of a connection, with ids that differ, and their items in one statement: all is kept or nothing.
   * Of the connection's backlogs those whose last read holds an item get it. Answers the backlogs that got items noted,
   * by delivery; one that was settled before notes nothing, and is missing.
   */
  note(batch: {
    readonly connection: string;
    readonly backlogs: readonly string[];
    readonly deliveries: readonly NotedDelivery[];
  }): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * The rounds that these deliveries need are asked for. Until then the same delivery, sent again, is taken for a new
   * one: whoever noted it may have died before asking.
   */
  settle(connection: string, ids: readonly string[]): Promise<void>;
  /** Forgets deliveries older than that, but for the newest of each connection. */
  prune(before: Date): Promise<void>;
  /** Projects whose items a backlog's last read held; a backlog without a read is missing. */
  projects(backlogs: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

/** Remembers deliveries that did not prove where they come from. */
export interface Refusals {
  note(
    connection: string,
    refused: { readonly count: number; readonly at: Date; readonly problem: string },
  ): Promise<void>;
}

/** Tells our own writes by the journal. */
export interface Echoes {
  /**
   * True only when the journal explains every field of the change. A write explains one delivery and no second one;
   * the same delivery may ask again.
   */
  explains(
    connection: string,
    told: { readonly delivery: string; readonly ref: ItemRef; readonly change: Activity },
  ): Promise<boolean>;
}
