import type { Job, JobProgress, RoundSummary } from './job.ts';

/** When a job may start, and how it is told from its like. */
export interface When {
  /** Not before so many seconds from now. */
  readonly delaySeconds?: number;
  /**
   * With `delaySeconds`, for bursts: each further job of the lane puts the start off again, but never to later than
   * so many seconds after the first.
   */
  readonly maxWaitSeconds?: number;
  /**
   * Slot of a schedule: however many replicas enqueue it, there is one job. Unlike other jobs it is not followed up when
   * another of its lane is running: whoever keeps the schedule asks again.
   */
  readonly slot?: string;
  /** With `slot`: one whose job was given up before then is made anew. */
  readonly anewBefore?: Date;
}

export interface Enqueued {
  readonly id: string;
  /** True when an equal job was waiting or running already (a running one is followed by one more). */
  readonly joined: boolean;
}

export interface JobContext {
  readonly progress: (step: JobProgress) => void;
  /** Aborted when the worker closes: end after the write in hand. */
  readonly signal: AbortSignal;
}

/** Does a job. A throw is retried or parked by what it is (retry.ts). */
export type Handler = (job: Job, context: JobContext) => Promise<RoundSummary>;

export interface WorkerHandle {
  /** Takes no more, waits for the job in hand (bounded). */
  close(): Promise<void>;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  /** How long the queue still pauses because the tracker asked for it or is away, milliseconds; 0: it does not. */
  readonly pausedMs: number;
}

export interface FailedJob {
  readonly id: string;
  readonly job: Job;
  readonly problem: string;
  readonly at: Date;
}

/** Work to be done: one queue per connection, one waiting and one trailing job per lane. */
export interface Queue {
  /** Throws when the queue cannot be reached; then the caller's caller is asked to try again. */
  enqueue(job: Job, when?: When): Promise<Enqueued>;
  /** Enqueues and waits for the end. Throws with the job's problem if it was given up. Never merged with others. */
  run(job: Job, progress?: (step: JobProgress) => void): Promise<RoundSummary>;
  /** Starts to work on a connection's jobs, one at a time. */
  work(connection: string, handler: Handler): Promise<WorkerHandle>;
  /** Lets go what a clock that has since been set back had put off too far. Answers how many jobs and pauses that were. */
  unstick(connection: string): Promise<number>;
  counts(connection: string): Promise<QueueCounts>;
  /** Newest first. */
  failures(connection: string, limit: number): Promise<readonly FailedJob[]>;
  /** Closes workers (each waits for its job in hand, bounded), then everything else. */
  close(): Promise<void>;
}
