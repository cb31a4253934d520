/**
 * Lets calls of one key that come while one is under way share the next one: each caller waits for a call that began
 * after it asked, so nothing is lost, and a burst costs few calls.
 */
export function createMergedCalls<T>(
  call: (key: string, asked: T) => Promise<unknown>,
): (key: string, asked: T) => Promise<void> {
  const lanes = new Map<string, { running: Promise<void>; next: Promise<void> | null }>();

  const start = (key: string, asked: T): Promise<void> => {
    const running = call(key, asked).then(() => undefined);
    const lane = { running, next: null };
    lanes.set(key, lane);
    const end = (): void => {
      if (lanes.get(key) === lane && lane.next === null) lanes.delete(key);
    };
    running.then(end, end);
    return running;
  };

  return (key, asked) => {
    const lane = lanes.get(key);
    if (lane === undefined) return start(key, asked);
    const again = (): Promise<void> => start(key, asked);
    lane.next ??= lane.running.then(again, again);
    return lane.next;
  };
}
