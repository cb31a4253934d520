import { laneOf, slotId, type Job } from '../../src/jobs/job.ts';
import type { Enqueued, Handler, Queue, When } from '../../src/jobs/queue.ts';

interface Entry {
  readonly id: string;
  readonly job: Job;
  readonly when: When;
}

export interface InMemoryQueue extends Queue {
  /** Everything that was enqueued and not merged into another, oldest first. */
  readonly enqueued: readonly Entry[];
  /** Makes enqueuing fail, as when Redis is away. */
  breakDown(problem: Error): void;
  /** Makes enqueuing never answer; `asked` is told of each. */
  hang(asked: () => void): void;
  /** Works again. */
  mend(): void;
}

/** The queue port without a queue: jobs of a lane merge while they wait; a handler is called at once. */
export function createInMemoryQueue(): InMemoryQueue {
  const enqueued: Entry[] = [];
  const waiting = new Map<string, Entry>();
  const slots = new Map<string, Entry>();
  const handlers = new Map<string, Handler>();
  let broken: Error | null = null;
  let hanging: (() => void) | null = null;
  const context = { progress: () => undefined, signal: new AbortController().signal };

  const enqueue = async (job: Job, when: When = {}): Promise<Enqueued> => {
    if (broken !== null) throw broken;
    if (hanging !== null) {
      hanging();
      await new Promise(() => undefined);
    }
    const lane = `${job.connection}/${laneOf(job)}`;
    const known = waiting.get(lane) ?? (when.slot === undefined ? undefined : slots.get(slotId(job, when.slot)));
    if (known !== undefined) return { id: known.id, joined: true };
    const id = when.slot === undefined ? `job-${enqueued.length + 1}` : slotId(job, when.slot);
    const entry = { id, job, when };
    enqueued.push(entry);
    slots.set(id, entry);
    const handler = handlers.get(job.connection);
    if (handler === undefined) waiting.set(lane, entry);
    else await handler(job, context);
    return { id, joined: false };
  };

  return {
    enqueued,
    enqueue,
    async run(job, progress = () => undefined) {
      const handler = handlers.get(job.connection);
      if (handler === undefined) throw new Error(`nobody works on ${job.connection}`);
      return handler(job, { ...context, progress });
    },
    work(connection, handler) {
      handlers.set(connection, handler);
      return Promise.resolve({ close: () => Promise.resolve(void handlers.delete(connection)) });
    },
    counts: connection => {
      const count = [...waiting.values()].filter(entry => entry.job.connection === connection).length;
      return Promise.resolve({ waiting: count, active: 0, delayed: 0, failed: 0, pausedMs: 0 });
    },
    failures: () => Promise.resolve([]),
    unstick: () => Promise.resolve(0),
    close: () => Promise.resolve(),
    breakDown(problem) {
      broken = problem;
    },
    hang(asked) {
      hanging = asked;
    },
    mend() {
      hanging = null;
      broken = null;
    },
  };
}
