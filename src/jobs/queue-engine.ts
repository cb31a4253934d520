import type { Job as BullJob, JobsOptions } from 'bullmq';
import type { Clock } from '../clock.ts';
import { InternalError } from '../errors.ts';
import type { Log } from '../log.ts';
import { openChannel, type AnyQueue, type Channel } from './engine/channel.ts';
import { pauseLeft, unstick } from './engine/pauses.ts';
import { endOf, slotJob } from './engine/slot-job.ts';
import { untilFinished } from './engine/until-finished.ts';
import { wire, type QueueBackend, type Wiring } from './engine/wiring.ts';
import { startWorker } from './engine/worker.ts';
import { laneOf, priorityOf, readJob, roundJob, slotId, type Job, type JobProgress, type RoundSummary } from './job.ts';
import type { Enqueued, FailedJob, Queue, QueueCounts, When } from './queue.ts';
import { defaultRetry, type RetryPolicy } from './retry.ts';

export type { QueueBackend };

export interface QueueOptions {
  readonly backend: QueueBackend;
  readonly clock: Clock;
  readonly log: Log;
  /** Names jobs; unique. */
  readonly newId: () => string;
  /** 0..1, spreads retries. */
  readonly chance: () => number;
  readonly retry?: RetryPolicy;
  /** How long closing waits for a job in hand. */
  readonly graceMs?: number;
}

type Engine = Required<QueueOptions> & { readonly wiring: Wiring };

const day = 86_400;
const kept = { removeOnComplete: { age: day, count: 1000 }, removeOnFail: { age: 7 * day, count: 1000 } };

/** The queue, with its library's own objects for those who show them. */
export interface QueueEngine extends Queue {
  /** The library's queue of a connection. */
  raw(connection: string): Promise<unknown>;
}

/** Opens the queue. Never sets a global concurrency: on Postgres backends idle workers would then ask without pause. */
export async function createQueue(options: QueueOptions): Promise<QueueEngine> {
  const wiring = await wire(options.backend, options.log);
  const engine: Engine = { retry: defaultRetry, graceMs: 8_000, ...options, wiring };
  const channels = new Map<string, Promise<Channel>>();
  const workers: (() => Promise<void>)[] = [];

  const channelOf = (connection: string): Promise<Channel> => {
    const known = channels.get(connection);
    if (known !== undefined) return known;
    const made = openChannel(engine, connection);
    channels.set(connection, made);
    made.catch(() => channels.delete(connection));
    return made;
  };

  return {
    enqueue: async (job, when = {}) => enqueue(engine, await channelOf(job.connection), { job, when }),
    run: async (job, progress = () => undefined) =>
      runToEnd(engine, await channelOf(job.connection), { job, progress }),
    async work(connection, handler) {
      await channelOf(connection);
      const worker = await startWorker(engine, connection, handler);
      workers.push(worker.close);
      return worker;
    },
    raw: async connection => (await channelOf(connection)).queue,
    unstick: async connection => unstick((await channelOf(connection)).queue, options.clock.now()),
    counts: async connection => countsOf((await channelOf(connection)).queue),
    failures: async (connection, limit) => failuresOf((await channelOf(connection)).queue, connection, limit),
    async close() {
      await Promise.all(workers.splice(0).map(close => close()));
      await Promise.all([...channels.values()].map(async channel => (await channel).close()));
      channels.clear();
    },
  };
}

function optionsOf(engine: Engine, job: Job, when: When): JobsOptions & { readonly jobId: string } {
  return {
    ...kept,
    jobId: engine.newId(),
    priority: priorityOf(job.reason),
    attempts: engine.retry.attempts,
    backoff: { type: 'custom' },
    delay: (when.delaySeconds ?? 0) * 1000,
  };
}

async function enqueue(
  engine: Engine,
  { queue }: Channel,
  { job, when }: { readonly job: Job; readonly when: When },
): Promise<Enqueued> {
  const options = optionsOf(engine, job, when);
  const { slot, anewBefore = null } = when;
  if (slot !== undefined) {
    const known = await slotJob(queue, slotId(job, slot), { now: engine.clock.now(), anewBefore });
    if (known.exists) return { id: known.id, joined: true };
    options.jobId = known.id;
  }
  const id = await addToLane(queue, job, { ...options, keepLastIfActive: slot === undefined });
  if (id === options.jobId) return { id, joined: false };
  await hasten(engine, queue, { id, job, when });
  return { id, joined: true };
}

/**
 * Adds a job, or finds the one of its lane that it joins; answers its id. BullMQ 6.7 on Postgres may leave a lane to a job
 * that has ended (one of the same id was added twice): nothing would ever run in it again, so such a lane is freed.
 */
async function addToLane(
  queue: AnyQueue,
  job: Job,
  { keepLastIfActive, ...options }: JobsOptions & { readonly keepLastIfActive: boolean },
): Promise<string> {
  const add = async (): Promise<string> =>
    (await queue.add(job.kind, job, { ...options, deduplication: { id: laneOf(job), keepLastIfActive } })).id ?? '';
  const id = await add();
  if (id === options.jobId && keepLastIfActive) return id;
  const found = (await queue.getJob(id)) as BullJob<Job> | undefined;
  const stuck = found !== undefined && endOf(found) !== null && (await found.removeDeduplicationKey());
  return stuck && id !== options.jobId ? add() : id;
}

/** A job that joins a waiting one may want it sooner, or, in a burst, a little later. */
async function hasten(
  engine: Engine,
  queue: AnyQueue,
  { id, job, when }: { readonly id: string; readonly job: Job; readonly when: When },
): Promise<void> {
  const found = (await queue.getJob(id)) as BullJob<Job> | undefined;
  if (found === undefined) return;
  try {
    const delayed = await found.isDelayed();
    if (delayed && job.reason === 'person') await found.promote();
    else if (delayed && found.attemptsStarted === 0 && when.maxWaitSeconds !== undefined) {
      const waited = engine.clock.now().getTime() - found.timestamp;
      const left = Math.max(0, when.maxWaitSeconds * 1000 - waited);
      await found.changeDelay(Math.min(left, (when.delaySeconds ?? 0) * 1000));
    }
    const priority = priorityOf(job.reason);
    if (priority < found.priority && (await found.getState()) === 'prioritized')
      await found.changePriority({ priority });
  } catch (error) {
    // It started in between, which is all that was wanted.
    if (await found.isDelayed()) throw error;
  }
}

async function runToEnd(
  engine: Engine,
  { queue, events }: Channel,
  { job, progress }: { readonly job: Job; readonly progress: (step: JobProgress) => void },
): Promise<RoundSummary> {
  const listener = await events();
  const added = await queue.add(job.kind, job, optionsOf(engine, job, {}));
  return untilFinished({ queue, events: listener }, added.id ?? '', progress);
}

async function countsOf(queue: AnyQueue): Promise<QueueCounts> {
  const [counts, pausedMs] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed'),
    pauseLeft(queue),
  ]);
  const of = (state: string): number => counts[state] ?? 0;
  const waiting = of('waiting') + of('prioritized');
  return { waiting, active: of('active'), delayed: of('delayed'), failed: of('failed'), pausedMs };
}

async function failuresOf(queue: AnyQueue, connection: string, limit: number): Promise<readonly FailedJob[]> {
  if (limit <= 0) return [];
  const jobs = await queue.getFailed(0, limit - 1);
  return jobs.map(found => ({
    id: found.id ?? '',
    job: readable(found.data, connection),
    problem: found.failedReason,
    at: new Date(found.finishedOn ?? found.timestamp),
  }));
}

/** People are told of a job that nobody can read, too. */
function readable(data: unknown, connection: string): Job {
  try {
    return readJob(data);
  } catch (error) {
    if (!(error instanceof InternalError)) throw error;
    return roundJob({ connection, backlog: '(unreadable)', reason: 'person' });
  }
}
