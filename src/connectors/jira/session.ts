import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { MetadataCache, Self } from '../connector.ts';
import type { Limiter } from '../limiter.ts';
import type { Sleep } from '../pause.ts';
import type { BacklogFields } from './fields.ts';
import type { HistoryFields } from './to-activity.ts';
import type { ItemContext } from './to-item.ts';
import type { Transport } from './transport.ts';
import type { ItemRef } from '../../item.ts';

/** What is ranked as one list, as queries need it. */
export type ScopePlan =
  | {
      readonly kind: 'board';
      readonly board: number;
      readonly boardName: string;
      readonly boardType: string;
      readonly filter: string;
      /** null when the filter itself may not be read. */
      readonly filterJql: string | null;
      readonly project: string | null;
    }
  /** `jql` in brackets, without ORDER BY. */
  | { readonly kind: 'jql'; readonly jql: string };

/** An opened backlog: everything that reading and writing need to know. */
export interface JiraSession {
  readonly name: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  readonly sleep: Sleep;
  readonly metadata: MetadataCache;
  /** Begins cache keys of what depends on the account. */
  readonly account: string;
  readonly rankLine: Limiter;
  readonly self: () => Self;
  readonly scope: ScopePlan;
  readonly fields: BacklogFields;
  readonly items: ItemContext;
  readonly histories: HistoryFields;
  /** Names of the fields to ask for. */
  readonly wanted: readonly string[];
  /** True when writing labels, scores or ranks may move items in or out of the scope. */
  readonly scopeSeesWrites: boolean;
  readonly memory: Memory;
}

/** What one process remembers between its reads and writes; losing it costs calls, never correctness. */
export interface Memory {
  /** Ref -> mark it had when it was last seen in scope. */
  readonly inScope: Map<ItemRef, string>;
  /** Numeric ids written lately, newest last, with the time: search indexes lag behind them. */
  readonly written: Map<string, number>;
  /** Our clock when the last read of the backlog began, epoch ms. */
  readAt: number;
  /** Id -> `updated` as last seen before a move, and when. */
  readonly seen: Map<string, { readonly version: string; readonly at: number }>;
  /** Keys of the projects whose issues were seen in scope. */
  readonly projects: Set<string>;
  /** Comments and worklogs that came along with the issues of the last read of changes. */
  readonly talk: Map<ItemRef, Readonly<Record<string, unknown>>>;
  /** Projects where `notifyUsers=false` is refused. */
  readonly loud: Set<string>;
}

export function createMemory(): Memory {
  return {
    inScope: new Map(),
    written: new Map(),
    readAt: Infinity,
    seen: new Map(),
    projects: new Set(),
    talk: new Map(),
    loud: new Set(),
  };
}

/** `SHOP` of `SHOP-12`. */
export function projectOf(key: string): string {
  return key.slice(0, key.lastIndexOf('-'));
}
