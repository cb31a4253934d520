import type { Tracker } from '../item.ts';

/** One request to a tracker, as metrics see it. */
export interface CallSeen {
  readonly connection: string;
  readonly tracker: Tracker;
  /** Method and path with every id replaced: few values, and nothing that names an item. */
  readonly endpoint: string;
  /** HTTP status; 0: no answer. */
  readonly status: number;
  readonly seconds: number;
}

/** Watches a connection's traffic. Must not throw. */
export interface Observer {
  call(seen: CallSeen): void;
  /** The tracker asked for a pause of so many seconds. */
  throttled(connection: string, seconds: number): void;
}

export const nobodyWatches: Observer = { call: () => undefined, throttled: () => undefined };
