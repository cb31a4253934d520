import type { Change } from '../change.ts';
import type { BacklogItem, History, ItemRef, Tracker } from '../item.ts';
import type { Scope } from '../settings.ts';

/** The port that every tracker implements. It speaks our nouns; how a tracker does it stays inside its room. */

/** Whose account the token is. */
export interface Self {
  readonly id: string;
  readonly name: string;
  /** Tracker's clock minus ours, milliseconds. */
  readonly skewMs: number;
  /** When the credential ends, if the tracker tells. */
  readonly credentialExpiresAt: Date | null;
}

/** Differences between trackers as data, so that nobody writes `if (tracker === 'jira')`. */
export interface Capabilities {
  /** Neighbours that one call can move (Jira 50, Azure DevOps 1). */
  readonly movesPerCall: number;
  /** True when one write carries rank, labels and score of an item together and needs the item undisturbed. */
  readonly editsAreOnePatch: boolean;
  /** True when `Stale` and `stale` are one label (Azure DevOps tags). */
  readonly labelsIgnoreCase: boolean;
  /** True when a write is refused if the item changed since it was read. */
  readonly guardedWrites: boolean;
  /** Where the explanation of an item is written; not there when none is configured. */
  readonly explanation?: ExplanationForm;
}

/** What a place for explanations can hold. */
export interface ExplanationForm {
  /** `json`: a property for programs; `lines`: a text; `line`: a text without line breaks. */
  readonly form: 'json' | 'lines' | 'line';
  /** Longest text it takes; null: longer than we ever write. */
  readonly mostCharacters: number | null;
  /** True when the history does not tell its changes, or tells them as an entry without fields. */
  readonly untold: boolean;
}

export interface Calls {
  readonly read: number;
  readonly write: number;
}

/** Metadata (fields, board configuration, priorities, iterations) that changes rarely; JSON, kept for a day. */
export interface MetadataCache {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown, ttlSeconds: number): Promise<void>;
}

export interface BacklogRequest {
  readonly name: string;
  readonly scope: Scope;
  /** Factor name -> field id, reference name or display name. */
  readonly sources: Readonly<Record<string, string>>;
  /** Field that holds our score, by id or name; null when no score is written. */
  readonly scoreField: string | null;
  /** `property`, or the text field that holds our explanation, by id or name; null or absent: none is written. */
  readonly explanation?: string | null;
  readonly blockerLinkTypes: readonly string[];
  readonly ignoreActors: readonly string[];
  /** IANA zone of the backlog: sprint dates and "current" are judged in it. */
  readonly timezone: string;
}

export interface ReadItem {
  readonly item: BacklogItem;
  readonly history: History;
}

/** Called once a page, one after the other; reading goes on when it is done with the page. */
export type TakePage = (page: readonly ReadItem[]) => Promise<void> | void;

/** Told while a long read goes on; totals may be unknown. */
export type Progress = (step: { readonly what: string; readonly done: number; readonly of: number | null }) => void;

export interface ReadOptions {
  readonly now: Date;
  /** How far back history must reach: an item quiet since then is "at least that long" idle. null: everything. */
  readonly historySince: Date | null;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

export interface ReadEnd {
  /** JSON, opaque; hand it to the next `readChanges`. */
  readonly cursor: unknown;
  /** All refs of the scope in the tracker's order, where order values alone cannot be trusted; else null. */
  readonly order: readonly ItemRef[] | null;
}

export interface ChangesEnd extends ReadEnd {
  /** Known items that were seen to have left the scope, or are deleted. */
  readonly left: readonly ItemRef[];
}

export interface ChangesFrom {
  readonly cursor: unknown;
  /** The items of the last snapshot: for deduplication, differences, memos. */
  readonly known: ReadonlyMap<ItemRef, BacklogItem>;
  /** Must be read by id whatever the feed says: written lately, announced by a webhook, left open by a crash. */
  readonly also: readonly ItemRef[];
}

/** Where an item is that a read did not return. */
export type Whereabouts =
  | { readonly state: 'in-scope'; readonly item: BacklogItem }
  | { readonly state: 'out-of-scope'; readonly item: BacklogItem }
  | { readonly state: 'gone' }
  /** Not returned, and a missing permission cannot be excluded. */
  | { readonly state: 'unknown'; readonly why: string };

/** One field of one item that a write changes; journaled as intent before, outcome after. */
export interface Effect {
  readonly ref: ItemRef;
  readonly key: string;
  readonly field: 'rank' | 'label' | 'score' | 'explanation';
  /** label: null -> name for an addition, name -> null for a removal. rank: order values as text (Jira: `after jira:1`). */
  readonly from: string | null;
  readonly to: string | null;
  /** The change it carries out; null for a neighbour that had to be respread. */
  readonly change: Change | null;
}

/** One call (or one asynchronous bulk operation) to be made. Prepared purely, performed once, journaled around. */
export interface Write {
  /** Unique within its batch, in the order they must be performed. */
  readonly id: string;
  readonly effects: readonly Effect[];
  /** The connector's own JSON. */
  readonly request: unknown;
  /** Items moved by earlier writes of the batch, beside which this one puts its own. */
  readonly besides?: readonly ItemRef[];
}

export interface WriteBatch {
  readonly changes: readonly Change[];
  /** Everything in scope as it is now. */
  readonly items: ReadonlyMap<ItemRef, BacklogItem>;
  /** Eligible items in the order they shall have. */
  readonly desired: readonly ItemRef[];
  /** Eligible items in the order they have. */
  readonly current: readonly ItemRef[];
  /** Items that no write may touch for the sake of a neighbour's place. */
  readonly fixed: ReadonlySet<ItemRef>;
}

/** What came of a write for one item. */
export type ItemResult =
  | { readonly ref: ItemRef; readonly status: 'applied' }
  /** The item changed since it was read (412/409): re-read, plan that item afresh. */
  | { readonly ref: ItemRef; readonly status: 'conflict'; readonly problem: string }
  /** `repeats`: a rule of the tracker refuses this item as it stands; trying again unchanged is pointless. */
  | { readonly ref: ItemRef; readonly status: 'failed'; readonly problem: string; readonly repeats: boolean };

/** One line of `winnow check`. */
export interface Finding {
  readonly topic: string;
  readonly status: 'ok' | 'problem' | 'note';
  readonly text: string;
  /** What to do next; empty when ok. */
  readonly todo: string;
}

export interface TrackerBacklog {
  readonly can: Capabilities;
  readonly self: Self;
  /** Factor -> the source people would look up, e.g. `Business value (customfield_10042)`. Built-ins included. */
  readonly sources: Readonly<Record<string, string>>;
  readonly calls: () => Calls;

  /** The whole scope. Pages arrive through `take`; throws if anything could not be read (never a shorter list). */
  readAll(options: ReadOptions, take: TakePage): Promise<ReadEnd>;
  /** What changed since the cursor, plus `also`. Throws `ResyncNeededError` when the cursor is no longer good. */
  readChanges(from: ChangesFrom, options: ReadOptions, take: TakePage): Promise<ChangesEnd>;
  /** Comments and worklogs where the history feed does not hold them; empty where it does. */
  readTalk(refs: readonly ItemRef[], options: ReadOptions): Promise<ReadonlyMap<ItemRef, History['entries']>>;
  /** History entries of items as just read, by id, at least since `historySince`; nothing that happened since is missing. */
  readHistories(items: readonly BacklogItem[], options: ReadOptions): Promise<ReadonlyMap<ItemRef, History['entries']>>;
  /** By id, never by search: for verifying, preconditions, open intents. */
  locate(refs: readonly ItemRef[], options: ReadOptions): Promise<ReadonlyMap<ItemRef, Whereabouts>>;
  /** Items in the backlog's reach that bear one of these labels, in scope or not. */
  findLabelled(labels: readonly string[], options: ReadOptions): Promise<readonly BacklogItem[]>;
  /** True only if the tracker confirms that we may see the scope's items. */
  canBrowse(): Promise<boolean>;
  /**
   * After a round's own writes: moves the cursor past their echoes. `touched` are others' changes met on the way;
   * they must be passed as `also` to the next read.
   */
  settle(
    cursor: unknown,
    written: readonly BacklogItem[],
    options: ReadOptions,
  ): Promise<{ cursor: unknown; touched: readonly ItemRef[] }>;

  /** Pure: the calls that carry out these changes, in order. */
  prepare(batch: WriteBatch): readonly Write[];
  /**
   * Makes one write. Every ref of its effects gets a result. Throws `UncertainWriteError` when the effect is unknown,
   * `TrackerBusyError` when the tracker asks for a longer pause than a round should wait.
   */
  perform(write: Write, signal: AbortSignal): Promise<readonly ItemResult[]>;

  /** Permissions, fields, estimation, notification rights: the tracker's side of `winnow check`. */
  check(): Promise<readonly Finding[]>;
}

/** Where a tracker shall send its events, and how it shows that it is the tracker. */
export interface WebhookWish {
  /** Of `POST /webhooks/<connection>`, as the tracker reaches it. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Projects to be told of, by id or name. */
  readonly projects: readonly string[];
}

/** One subscription of ours as it stands after a sync. */
export interface WebhookSubscription {
  readonly id: string;
  /** The tracker's word for the event. */
  readonly event: string;
  readonly project: string;
  /** What it was before: the tracker's own word; null: it was not there. */
  readonly was: string | null;
  readonly did: 'created' | 'refreshed' | 'enabled' | 'repaired' | 'deleted';
  /** What was wrong with it; empty when nothing was. */
  readonly why: string;
}

export interface Connection {
  readonly name: string;
  readonly tracker: Tracker;
  /** Throws CredentialError, NotFoundError (no such site), BadAnswerError (Data Center, a proxy's page). */
  self(): Promise<Self>;
  /** Resolves fields, board or level. Throws ConfigError or NotFoundError naming what is wrong and the choices. */
  openBacklog(request: BacklogRequest): Promise<TrackerBacklog>;
  /**
   * Creates missing subscriptions, enables and repairs ours, deletes our duplicates; nobody else's is touched. Throws
   * PermissionError when the account may not. null: only an administrator can register webhooks on this tracker.
   */
  readonly syncWebhooks: ((wish: WebhookWish, signal: AbortSignal) => Promise<readonly WebhookSubscription[]>) | null;
  close(): Promise<void>;
}

/** The cursor cannot be resumed (expired token, too old): read everything instead. */
export class ResyncNeededError extends Error {
  override name = 'ResyncNeededError';
}
