/**
 * Lets what arrives within a few milliseconds go on together: whoever waits here leaves with all that came since the last
 * departure, so that statements and calls behind it are shared also when each of them is quick.
 */
export function createDepartures(everyMs: number): () => Promise<void> {
  let next: Promise<void> | null = null;
  return () =>
    (next ??= new Promise(resolve => {
      setTimeout(() => {
        next = null;
        resolve();
      }, everyMs);
    }));
}
