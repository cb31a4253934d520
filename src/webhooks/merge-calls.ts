/**
 * Lets calls of one key share: those that come in the same turn of the event loop, or while one is under way, make one
 * next call. Each caller waits for a call that began after it asked, so nothing is lost, and a burst costs few calls. A
 * call is told what all its callers asked, the first one first; each of them gets its answer.
 */
export function createMergedCalls<T, R>(
  call: (key: string, asked: readonly [T, ...T[]]) => Promise<R>,
): (key: string, asked: T) => Promise<R> {
  interface Lane {
    running: Promise<unknown> | null;
    next: { readonly asked: [T, ...T[]]; readonly done: Promise<R> } | null;
  }
  const lanes = new Map<string, Lane>();

  const start = (key: string, lane: Lane, asked: readonly [T, ...T[]]): Promise<R> => {
    const running = call(key, asked);
    lane.next = null;
    lane.running = running;
    const end = (): void => {
      lane.running = null;
      if (lane.next === null) lanes.delete(key);
    };
    running.then(end, end);
    return running;
  };

  return (key, asked) => {
    const lane = lanes.get(key) ?? { running: null, next: null };
    lanes.set(key, lane);
    if (lane.next !== null) {
      lane.next.asked.push(asked);
      return lane.next.done;
    }
    const all: [T, ...T[]] = [asked];
    const again = (): Promise<R> => start(key, lane, all);
    const turn = lane.running ?? new Promise(resolve => setImmediate(resolve));
    lane.next = { asked: all, done: turn.then(again, again) };
    return lane.next.done;
  };
}
