import type { Generated, Kysely } from 'kysely';

/** JSON goes in as text and comes out parsed. `json`, not `jsonb`: what a tracker said comes back byte for byte. */
export type JsonIn = string;

/** One per backlog: what its last complete save was. Written last, so that a cut-off save leaves the older one. */
export interface SnapshotTable {
  readonly backlog: string;
  readonly save_no: number;
  readonly meta: unknown;
}

/** One per item and save; the newest up to the snapshot's `save_no` counts. `doc` null: the item was dropped. */
export interface ItemTable {
  readonly backlog: string;
  readonly ref: string;
  readonly save_no: number;
  readonly doc: unknown;
}

/** Which connection a backlog was last read over. */
export interface BacklogTable {
  readonly name: string;
  readonly connection: string;
}

export interface QuarantineTable {
  readonly backlog: string;
  readonly ref: string;
  readonly version: string;
  readonly problem: string;
  readonly since: Date;
}

export interface MetadataTable {
  readonly connection: string;
  readonly key: string;
  readonly value: unknown;
  readonly expires_at: Date;
}

/** `until` null: until somebody resumes. `ended_at` null: it runs, unless `until` has passed. */
export interface PauseTable {
  readonly seq: Generated<number>;
  readonly backlog: string;
  readonly reason: string;
  readonly by: string;
  readonly since: Date;
  readonly until: Date | null;
  readonly ended_at: Date | null;
  readonly ended_by: string | null;
}

/** What `winnow approve` granted; the newest of a backlog counts. */
export interface ApprovalTable {
  readonly seq: Generated<number>;
  readonly backlog: string;
  readonly round: string;
  readonly moves: number;
  readonly by: string;
  readonly granted_at: Date;
  readonly until: Date;
}

/** Which notices went out about a backlog, so that each goes out once. */
export interface ToldTable {
  readonly backlog: string;
  readonly notices: unknown;
}

export interface LeaseTable {
  readonly backlog: string;
  readonly holder: string;
  readonly until: Date;
}

/** `kind`: `round` or `sweep`. */
export interface LastRoundTable {
  readonly backlog: string;
  readonly kind: string;
  readonly began_at: Date;
}

/** Items announced as changed. `mark` grows with each announcement, so that one heard during a round is kept. */
export interface TouchedTable {
  readonly backlog: string;
  readonly ref: string;
  readonly mark: Generated<number>;
}

/** `planned`, `reported`: hashes of plans; most rounds in observe mode plan what the one before them did. */
export interface RoundTable {
  readonly id: string;
  readonly backlog: string;
  readonly connection: string;
  readonly mode: string;
  readonly model: string;
  readonly model_hash: string;
  readonly started_at: Date;
  readonly planned: string | null;
  readonly reported: string | null;
  /** Ids as they stood before a round that moves. */
  readonly id_order: unknown;
  /** The tracker account that wrote; null where it is not known. */
  readonly account: string | null;
  readonly closed: boolean;
  readonly status: string | null;
  /** The report without its changes and withheld. */
  readonly summary: unknown;
}

export interface PlanTable {
  readonly hash: string;
  readonly changes: unknown;
  readonly withheld: unknown;
  /** Refs and keys of all items in it, for finding an item's rounds. */
  readonly items: readonly string[];
}

export interface IntentTable {
  readonly seq: Generated<number>;
  readonly round: string;
  readonly write: string;
  readonly connection: string;
  readonly ref: string;
  readonly key: string;
  readonly field: string;
  readonly from_value: string | null;
  readonly to_value: string | null;
  readonly intended_at: Date;
  readonly closed_at: Date | null;
  readonly status: string;
}

/** Connections of one site share what the journal knows of its items. */
export interface SiteTable {
  readonly connection: string;
  readonly site: string;
}

/** A time of a backlog that the journal lacks although it covers what lies before it. */
export interface LostSpanTable {
  readonly backlog: string;
  readonly from_at: Date;
  readonly to_at: Date;
}

/** Before when a connection's rounds are no longer complete. */
export interface PrunedTable {
  readonly connection: string;
  readonly before: Date;
}

/** Webhook deliveries of the last day, and each connection's newest. */
export interface DeliveryTable {
  readonly connection: string;
  readonly id: string;
  readonly heard_at: Date;
  /** False while its rounds are still to be asked for. */
  readonly settled: Generated<boolean>;
}

/** Refused deliveries of a connection, as long as not more than a day lies between two. */
export interface RefusalTable {
  readonly connection: string;
  readonly count: number;
  readonly since: Date;
  readonly last_at: Date;
  readonly problem: string;
}

/** Own writes that a delivery was recognised as the echo of, so that none explains a second one. */
export interface EchoTable {
  readonly connection: string;
  readonly effect: string;
  readonly delivery: string;
  readonly heard_at: Date;
}

/** How many changes by people a round found, by whether a webhook had announced them. */
export interface HearingTable {
  readonly round: string;
  readonly backlog: string;
  readonly connection: string;
  readonly at: Date;
  readonly announced: number;
  readonly missed: number;
}

export interface Tables {
  readonly 'winnow.snapshot': SnapshotTable;
  readonly 'winnow.item': ItemTable;
  readonly 'winnow.backlog': BacklogTable;
  readonly 'winnow.quarantine': QuarantineTable;
  readonly 'winnow.metadata': MetadataTable;
  readonly 'winnow.pause': PauseTable;
  readonly 'winnow.approval': ApprovalTable;
  readonly 'winnow.told': ToldTable;
  readonly 'winnow.lease': LeaseTable;
  readonly 'winnow.last_round': LastRoundTable;
  readonly 'winnow.touched': TouchedTable;
  readonly 'winnow.delivery': DeliveryTable;
  readonly 'winnow.refusal': RefusalTable;
  readonly 'winnow.echo': EchoTable;
  readonly 'winnow.hearing': HearingTable;
  readonly 'winnow.round': RoundTable;
  readonly 'winnow.plan': PlanTable;
  readonly 'winnow.intent': IntentTable;
  readonly 'winnow.site': SiteTable;
  readonly 'winnow.lost_span': LostSpanTable;
  readonly 'winnow.pruned': PrunedTable;
}

export type Database = Kysely<Tables>;
