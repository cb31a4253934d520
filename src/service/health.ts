import type { Clock } from '../clock.ts';
import type { FailedJob, Queue, QueueCounts } from '../jobs/queue.ts';
import { missedSlots, type DueSlot, type LastBegan, type Timetable } from './due.ts';
import type { Role, ServiceStore } from './ports.ts';
import { withinTime } from '../within-time.ts';

/** One connection's queue. */
export interface QueueState extends QueueCounts {
  readonly connection: string;
  /** Newest first, a few. */
  readonly failures: readonly FailedJob[];
}

/** What `/readyz` answers. Not ready: something that this service stands on is away, or rounds do not come. */
export interface Readiness {
  readonly ready: boolean;
  /** Sentences; empty when all is well. Failed jobs are told, but wait for a person, not for the service. */
  readonly reasons: readonly string[];
  readonly roles: readonly Role[];
  readonly database: 'ok' | 'down';
  readonly queue: 'ok' | 'down';
  readonly failed: number;
  readonly backlogs: readonly {
    readonly backlog: string;
    readonly lastRound: string | null;
    readonly lastSweep: string | null;
    /** A scheduled round that should have ended long ago did not. */
    readonly stale: boolean;
  }[];
}

export interface HealthParts {
  readonly roles: readonly Role[];
  readonly connections: readonly string[];
  readonly timetables: readonly Timetable[];
  readonly store: Pick<ServiceStore, 'pool' | 'lastRounds'>;
  readonly queue: Pick<Queue, 'counts' | 'failures'>;
  readonly clock: Clock;
  /** When this process came up. */
  readonly since: Date;
  readonly stopping: () => boolean;
}

/** A scheduled round may wait for a throttled site, and take its time. */
const graceMs = 15 * 60_000;
const fewFailures = 10;

/** Asks the database and the queue, each for three seconds at most. Never throws. */
export async function readiness(parts: HealthParts): Promise<Readiness> {
  const [last, queues] = await Promise.all([withinTime(parts.store.lastRounds.all()), withinTime(queueStates(parts))]);
  const now = parts.clock.now();
  const began: LastBegan = last.kind === 'ok' ? last.value : new Map();
  const missed = last.kind === 'ok' ? missedSlots(parts.timetables, began, { now, since: parts.since, graceMs }) : [];
  const failures = queues.kind === 'ok' ? queues.value.flatMap(state => state.failures) : [];
  const failed = queues.kind === 'ok' ? queues.value.reduce((sum, state) => sum + state.failed, 0) : 0;
  const grave = [
    ...(parts.stopping() ? ['the service is stopping'] : []),
    ...(last.kind === 'down' ? [`the database does not answer: ${last.problem}`] : []),
    ...(queues.kind === 'down' ? [`the queue does not answer: ${queues.problem}`] : []),
    ...missed.map(missedSentence),
  ];
  const slight = [
    ...(queues.kind === 'ok' ? queues.value.flatMap(state => pauseSentence(state, now)) : []),
    ...failures.map(({ job, problem }) => `a round of ${job.backlog} was given up: ${problem}`),
  ];
  return {
    ready: grave.length === 0,
    reasons: [...grave, ...slight],
    roles: parts.roles,
    database: last.kind,
    queue: queues.kind,
    failed,
    backlogs: parts.timetables.map(({ backlog }) => ({
      backlog,
      lastRound: began.get(backlog)?.round?.toISOString() ?? null,
      lastSweep: began.get(backlog)?.sweep?.toISOString() ?? null,
      stale: missed.some(due => due.backlog === backlog),
    })),
  };
}

function missedSentence({ backlog, kind, slot }: DueSlot): string {
  const what = kind === 'sweep' ? 'sweep' : 'round';
  return `the ${what} of ${backlog} that was due at ${slot.toISOString()} has not ended well yet`;
}

function pauseSentence(state: QueueState, now: Date): readonly string[] {
  const until = pauseEnd(state, now);
  if (until === null) return [];
  return [`${state.connection} asked to be left alone, or is away; its rounds go on at ${until.toISOString()}`];
}

/** When a queue goes on; null: it is not paused. */
export function pauseEnd({ pausedMs }: Pick<QueueState, 'pausedMs'>, now: Date): Date | null {
  return pausedMs > 0 ? new Date(now.getTime() + pausedMs) : null;
}

/** The queue of each connection, with its newest failures. Throws when the queue cannot be reached. */
export function queueStates({
  connections,
  queue,
}: Pick<HealthParts, 'connections' | 'queue'>): Promise<readonly QueueState[]> {
  return Promise.all(
    connections.map(async connection => {
      const counts = await queue.counts(connection);
      const failures = counts.failed === 0 ? [] : await queue.failures(connection, fewFailures);
      return { connection, ...counts, failures };
    }),
  );
}
