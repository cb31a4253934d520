/** A place where handlers wait, so that a test decides what happens meanwhile. */
export function createGates(): {
  pass(): Promise<void>;
  open(): void;
  arrived(n: number): Promise<void>;
  count(): number;
} {
  const waiting: (() => void)[] = [];
  const watchers: { readonly n: number; readonly tell: () => void }[] = [];
  let arrived = 0;
  let credit = 0;
  return {
    pass() {
      arrived++;
      for (const watcher of watchers) if (arrived >= watcher.n) watcher.tell();
      if (arrived > 2 || credit-- > 0) return Promise.resolve();
      return new Promise(resolve => waiting.push(resolve));
    },
    open() {
      const next = waiting.shift();
      if (next === undefined) credit++;
      else next();
    },
    arrived: n =>
      new Promise(tell => {
        if (arrived >= n) tell();
        else watchers.push({ n, tell });
      }),
    count: () => arrived,
  };
}
