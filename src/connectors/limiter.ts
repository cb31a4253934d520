/** Runs tasks, at most so many at once; the others wait in the order they came. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

export function createLimiter(atOnce: number): Limiter {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async task => {
    if (free > 0) free--;
    else await new Promise<void>(resolve => waiting.push(resolve));
    try {
      return await task();
    } finally {
      // A slot goes straight to the next in line, so that a newcomer cannot overtake it.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
