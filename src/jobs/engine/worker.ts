import { DelayedError, UnrecoverableError, Worker, type IQueueBackend, type Job as BullJob } from 'bullmq';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { queueName, readJob, type Job, type JobProgress, type RoundSummary } from '../job.ts';
import type { Handler, WorkerHandle } from '../queue.ts';
import { inTime } from './in-time.ts';
import { neverReached } from './pauses.ts';
import type { Wiring } from './wiring.ts';
import { verdictOn, type RetryPolicy } from '../retry.ts';

export interface WorkerParts {
  readonly wiring: Wiring;
  readonly clock: Clock;
  readonly log: Log;
  readonly chance: () => number;
  readonly retry: RetryPolicy;
  readonly graceMs: number;
}

interface Shift extends WorkerParts {
  readonly connection: string;
  readonly handler: Handler;
  readonly stop: AbortController;
  /** How long until an error's job is tried again, as its verdict said. */
  readonly delays: WeakMap<Error, number>;
  /** Stops the connection's queue, and no other, for so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

type RoundWorker = Worker<Job, RoundSummary, string, IQueueBackend>;

const progressEveryMs = 250;

/** Works on one connection's jobs, one at a time: a throttled site gains nothing by two rounds at once. */
export async function startWorker(parts: WorkerParts, connection: string, handler: Handler): Promise<WorkerHandle> {
  const { wiring, log, graceMs } = parts;
  const stop = new AbortController();
  const delays = new WeakMap<Error, number>();
  const shift: Shift = { ...parts, connection, handler, stop, delays, pause: ms => worker.rateLimit(ms) };
  const worker: RoundWorker = new Worker<Job, RoundSummary, string, IQueueBackend>(
    queueName(connection),
    (job, token) => perform(shift, job, token),
    {
      connection: wiring.connection,
      prefix: wiring.prefix,
      concurrency: 1,
      // Rounds read back what they wrote, so that a job cut off by a crash may be taken up again.
      maxStalledCount: 3,
      // A manual rate limit is only looked at where a limiter is set; this one never bites by itself.
      limiter: { max: neverReached, duration: 1000 },
      settings: { backoffStrategy: (_made, _type, error) => (error === undefined ? 0 : (delays.get(error) ?? 0)) },
    },
    wiring.factory,
  );
  worker.on('error', error => {
    log.warn({ connection, problem: messageOf(error) }, 'the worker had a problem');
  });
  await worker.waitUntilReady();
  let closing: Promise<void> | null = null;
  return { close: () => (closing ??= closeWorker(worker, stop, { connection, log, graceMs })) };
}

async function perform(
  shift: Shift,
  job: BullJob<Job, RoundSummary>,
  token: string | undefined,
): Promise<RoundSummary> {
  const { handler, stop, log, connection } = shift;
  const progress = progressOf(job, error => {
    log.debug({ connection, problem: messageOf(error) }, 'progress could not be told');
  });
  try {
    const answer = await handler(readJob(job.data), { progress: progress.tell, signal: stop.signal });
    await progress.told();
    return answer;
  } catch (error) {
    return await judge(shift, job, { error, token });
  }
}

/** Turns a verdict into what BullMQ understands. Always throws. */
async function judge(
  shift: Shift,
  job: BullJob<Job, RoundSummary>,
  { error, token }: { readonly error: unknown; readonly token: string | undefined },
): Promise<never> {
  const now = shift.clock.now();
  const attempt = job.attemptsMade + 1;
  const standing = { attempt, started: job.attemptsStarted, now, chance: shift.chance() };
  const verdict = verdictOn(error, standing, shift.retry);
  const fields = {
    connection: shift.connection,
    job: job.id,
    backlog: (job.data as Job | null)?.backlog,
    attempt,
    verdict,
    problem: messageOf(error),
  };
  shift.log.warn(fields, 'a job did not end well');
  switch (verdict.kind) {
    case 'pause':
      await shift.pause(verdict.until.getTime() - now.getTime());
      throw Worker.RateLimitError();
    case 'wait':
      await job.moveToDelayed(verdict.until.getTime(), token);
      throw new DelayedError();
    case 'retry': {
      const thrown = error instanceof Error ? error : new Error(messageOf(error));
      shift.delays.set(thrown, verdict.at.getTime() - now.getTime());
      throw thrown;
    }
    case 'park':
      throw Object.assign(new UnrecoverableError(messageOf(error)), { cause: error });
    default:
      return verdict satisfies never;
  }
}

/** Tells the first step of each kind, then one every quarter of a second, and the last. */
function progressOf(
  job: BullJob<Job, RoundSummary>,
  failed: (error: unknown) => void,
): { tell(step: JobProgress): void; told(): Promise<void> } {
  let what = '';
  let toldAt = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    tell(step) {
      const now = performance.now();
      if (step.what === what && step.done !== step.of && now - toldAt < progressEveryMs) return;
      what = step.what;
      toldAt = now;
      last = last.then(() => job.updateProgress({ ...step })).catch(failed);
    },
    told: () => last,
  };
}

/** Asks the job in hand to end, waits for it, and gives up waiting after the grace: its lock then runs out by itself. */
async function closeWorker(
  worker: RoundWorker,
  stop: AbortController,
  { connection, log, graceMs }: { readonly connection: string; readonly log: Log; readonly graceMs: number },
): Promise<void> {
  stop.abort();
  if (await inTime(worker.close(), graceMs)) return;
  log.warn({ connection, graceMs }, 'a job did not end in time; another worker takes it up again');
}
