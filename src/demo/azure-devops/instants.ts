import type { Clock } from '../../clock.ts';

/** Times of the organisation, in milliseconds: every change gets its own, later than all before. */
export interface Instants extends Clock {
  /** The clock's time, or a millisecond after the last one given when the clock stands still. */
  tick(): number;
  /** Something already happened then. */
  seen(at: number): void;
}

export function createInstants(clock: Clock): Instants {
  let last = 0;
  return {
    now: () => new Date(Math.max(clock.now().getTime(), last)),
    tick() {
      last = Math.max(clock.now().getTime(), last + 1);
      return last;
    },
    seen(at) {
      last = Math.max(last, at);
    },
  };
}

/** `2026-03-31T18:36:26.23Z`: as Azure DevOps writes instants, without trailing zeros in the fraction. */
export function wireDate(at: number): string {
  return new Date(at).toISOString().replace(/\.?0+Z$/, 'Z');
}
