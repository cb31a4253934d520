/** The one place that asks the machine what time it is; everybody else is told. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
