import type { Calls } from './connector.ts';

/** Counts every HTTP request that is made, repetitions included. */
export interface CallCounter {
  count(kind: 'read' | 'write'): void;
  now(): Calls;
}

export function createCallCounter(): CallCounter {
  let read = 0;
  let write = 0;
  return {
    count(kind) {
      if (kind === 'read') read++;
      else write++;
    },
    now: () => ({ read, write }),
  };
}
