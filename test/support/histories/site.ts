import type { Connection } from '../../../src/connectors/connector.ts';
import type { Faults } from '../../../src/demo/http/faults.ts';
import type { Clock } from '../../../src/clock.ts';
import type { ItemRef, Tracker } from '../../../src/item.ts';
import type { Scope } from '../../../src/settings.ts';
import type { Act } from './steps.ts';

/** An item as anybody sees it on the site. */
export interface Seen {
  readonly key: string;
  readonly labels: readonly string[];
  readonly score: unknown;
  /** All that Winnow never writes. */
  readonly rest: string;
}

/** An emulated site on which anything may happen, and connections to it. */
export interface HistorySite {
  readonly tracker: Tracker;
  readonly url: string;
  readonly faults: Faults;
  readonly scope: Scope;
  readonly scoreField: string;
  readonly blockers: string;
  /** A connection without memory, for one of two accounts, which holds the token from now on. */
  connect(account: 0 | 1, time: Ticking): Connection;
  /** Does nothing where it cannot be done. Answers whom it touched, null for nobody. */
  act(act: Act): ItemRef | null;
  /** The list in the tracker's order. */
  look(): readonly Seen[];
  /** Requests of ours that may change something, so far. */
  writes(): number;
  close(): Promise<void>;
}

export interface Ticking {
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface SiteWish {
  readonly items: number;
  readonly seed: number;
  readonly clock: Clock;
}

export const accountNames = ['Winnow', 'Winnow Two'] as const;
export const personName = 'Ada Park';
export const botName = 'Some Robot';

/** The item that an act means, among those that were ever there. */
export function meant<T>(all: readonly T[], index: number): T {
  const found = all[index % all.length];
  if (found === undefined) throw new Error('there never was an item');
  return found;
}

/** What a connection keeps between processes. */
export function memory(): {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
} {
  const held = new Map<string, unknown>();
  return {
    get: async key => structuredClone(held.get(key)),
    put: async (key, value) => void held.set(key, structuredClone(value)),
  };
}
