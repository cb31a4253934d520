/** The one place that asks the machine what time it is; everybody else is told. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Clocks of machines that work together differ by so much at most: a time further ahead was told by a clock set back since. */
export const mostSkewMs = 5 * 60_000;
