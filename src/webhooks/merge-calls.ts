/**
 * Lets calls of one key that come while one is under way share the next one: each caller waits for a call that began
 * after it asked, so nothing is lost, and a burst costs few calls. A call is told what all its callers asked, the first
 * one first; each of them gets its answer.
 */
export function createMergedCalls<T, R>(
  call: (key: string, asked: readonly [T, ...T[]]) => Promise<R>,
): (key: string, asked: T) => Promise<R> {
  interface Lane {
    readonly running: Promise<R>;
    next: { readonly asked: [T, ...T[]]; readonly done: Promise<R> } | null;
  }
  const lanes = new Map<string, Lane>();

  const start = (key: string, asked: readonly [T, ...T[]]): Promise<R> => {
    const running = call(key, asked);
    const lane: Lane = { running, next: null };
    lanes.set(key, lane);
    const end = (): void => {
      if (lanes.get(key) === lane && lane.next === null) lanes.delete(key);
    };
    running.then(end, end);
    return running;
  };

  return (key, asked) => {
    const lane = lanes.get(key);
    if (lane === undefined) return start(key, [asked]);
    if (lane.next !== null) {
      lane.next.asked.push(asked);
      return lane.next.done;
    }
    const all: [T, ...T[]] = [asked];
    const again = (): Promise<R> => start(key, all);
    lane.next = { asked: all, done: lane.running.then(again, again) };
    return lane.next.done;
  };
}
