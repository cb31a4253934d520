import { InternalError } from '../errors.ts';
import type { RoundStatus } from '../sync/ports.ts';

/** Why a round was asked for; people before webhooks before schedules. */
export type RoundReason = 'person' | 'webhook' | 'follow-up' | 'schedule';

/** A round of one backlog. JSON: it travels through the queue. */
export interface RoundJob {
  readonly kind: 'round';
  readonly connection: string;
  readonly backlog: string;
  readonly reason: RoundReason;
  /** Read everything, not only what changed. */
  readonly sweep: boolean;
  /** ISO time of the event that asked for it, for measuring lag; null when nobody waits. */
  readonly since: string | null;
}

/** Closed by `kind`. */
export type Job = RoundJob;

/** What a finished round answers. JSON; the whole report is in the journal under this id. */
export interface RoundSummary {
  readonly round: string;
  readonly backlog: string;
  readonly status: RoundStatus;
  readonly changes: number;
  readonly withheld: number;
  readonly applied: number;
  readonly failed: number;
  readonly durationMs: number;
}

const reasons: readonly RoundReason[] = ['person', 'webhook', 'follow-up', 'schedule'];

/** A job's data as it came out of the queue. Throws InternalError for what this version did not put in. */
export function readJob(data: unknown): Job {
  const { kind, connection, backlog, reason, sweep, since } = (data ?? {}) as Partial<Record<keyof RoundJob, unknown>>;
  const known = reasons.find(one => one === reason);
  const isRound = kind === 'round' && typeof connection === 'string' && typeof backlog === 'string';
  const isWhole = known !== undefined && typeof sweep === 'boolean' && (since === null || typeof since === 'string');
  if (!isRound || !isWhole) {
    throw new InternalError(
      'A job of the queue cannot be read. Did another version of Winnow, or somebody else, put it there? It is left aside.',
    );
  }
  return { kind, connection, backlog, reason: known, sweep, since };
}

/** A step of a long round. */
export interface JobProgress {
  readonly what: string;
  readonly done: number;
  readonly of: number | null;
}

/** A round with its usual answers: an incremental one that nobody waits for. */
export function roundJob(of: Pick<RoundJob, 'connection' | 'backlog' | 'reason'> & Partial<RoundJob>): RoundJob {
  return { kind: 'round', sweep: false, since: null, ...of };
}

/**
 * Jobs of one lane are merged: one may wait, one may run, one may follow. A sweep does more than an incremental round
 * and a follow-up comes later, so neither may swallow, or be swallowed by, what else is asked of the backlog.
 */
export function laneOf(job: Job): string {
  const backlog = encodeURIComponent(job.backlog);
  if (job.sweep) return `${backlog}@sweep`;
  return job.reason === 'follow-up' ? `${backlog}@later` : backlog;
}

/** The same for every replica that means the same slot of a schedule. Queue ids hold no colon. */
export function slotId(job: Job, slot: string): string {
  return `${laneOf(job)}@${slot}`.replaceAll(':', '.');
}

/** One queue per connection, so that a throttled site stops only itself. */
export function queueName(connection: string): string {
  return `winnow-${encodeURIComponent(connection)}`;
}

/** Smaller comes first. */
export function priorityOf(reason: RoundReason): number {
  switch (reason) {
    case 'person':
      return 1;
    case 'webhook':
      return 2;
    case 'follow-up':
      return 3;
    case 'schedule':
      return 4;
    default:
      return reason satisfies never;
  }
}
