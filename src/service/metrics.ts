import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallSeen } from '../connectors/observer.ts';
import { TrackerBusyError } from '../errors.ts';
import type { AfterRound } from './ports.ts';
import type { QueueState } from './health.ts';

/** What the service counts. Names of backlogs and connections are labels; nothing that comes from a tracker is. */
export interface Metrics {
  /** Counts a round when it has ended. `now`: that instant. */
  readonly round: (ended: Parameters<AfterRound>[0], now: Date) => void;
  readonly call: (seen: CallSeen) => void;
  readonly waited: (connection: string, seconds: number) => void;
  readonly delivery: (connection: string, result: string) => void;
  /** Changes by people that rounds found, by whether a webhook had announced them. */
  readonly hearing: (connection: string, found: { readonly announced: number; readonly missed: number }) => void;
  /** The page, with the queues as they stand now. */
  page(queues: () => Promise<readonly QueueState[]>): Promise<{ readonly type: string; readonly text: string }>;
}

const roundSeconds = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];
const callSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const lagSeconds = [1, 2.5, 5, 10, 15, 30, 60, 120, 300, 900, 3600];

/** A registry of its own, so that several services live in one process (tests). */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = createCounters(registry);
  const gauges = createGauges(registry);
  return {
    round: ({ job, round }, now) => countRound({ ...counters, ...gauges }, { job, round, now }),
    call({ connection, tracker, endpoint, status, seconds }) {
      counters.calls.inc({ connection, tracker, endpoint, status: String(status) });
      counters.callTime.observe({ connection, tracker }, seconds);
    },
    waited: (connection, seconds) => counters.throttle.inc({ connection }, seconds),
    delivery: (connection, result) => counters.deliveries.inc({ connection, result }),
    hearing(connection, { announced, missed }) {
      counters.heard.inc({ connection, heard: 'announced' }, announced);
      counters.heard.inc({ connection, heard: 'missed' }, missed);
    },
    async page(queues) {
      await setDepths(gauges, queues);
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}

function makers(registry: Registry) {
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: T[]): Counter<T> =>
    new Counter({ name: `winnow_${name}`, help, labelNames, registers });
  const histogram = <T extends string>(name: string, help: string, labelNames: T[], buckets: number[]): Histogram<T> =>
    new Histogram({ name: `winnow_${name}`, help, labelNames, buckets, registers });
  return { counter, histogram };
}

function createCounters(registry: Registry) {
  const { counter, histogram } = makers(registry);
  return {
    ...createWebhookCounters(registry),
    rounds: counter('rounds_total', 'Rounds that ended, by status.', ['backlog', 'status', 'reason']),
    roundTime: histogram('round_duration_seconds', 'How long rounds took.', ['backlog', 'status'], roundSeconds),
    changes: counter('changes_total', 'Changes that rounds made or failed to make, by kind.', ['backlog', 'kind']),
    applied: counter('outcomes_total', 'Outcomes of changes.', ['backlog', 'outcome']),
    withheld: counter('withheld_total', 'Changes that a guard took out of a plan.', ['backlog', 'guard']),
    calls: counter('tracker_calls_total', 'Calls to trackers, repetitions included; status 0: no answer.', [
      'connection',
      'tracker',
      'endpoint',
      'status',
    ]),
    callTime: histogram(
      'tracker_call_seconds',
      'How long trackers took to answer.',
      ['connection', 'tracker'],
      callSeconds,
    ),
    throttle: counter(
      'throttle_seconds_total',
      'Seconds waited because a tracker asked for it or did not answer, pauses of the queue included.',
      ['connection'],
    ),
  };
}

function createWebhookCounters(registry: Registry) {
  const { counter, histogram } = makers(registry);
  return {
    deliveries: counter('webhook_deliveries_total', 'Webhook deliveries, by result.', ['connection', 'result']),
    heard: counter(
      'webhook_changes_total',
      'Changes by people that rounds found, by whether a webhook announced them.',
      ['connection', 'heard'],
    ),
    lag: histogram(
      'webhook_lag_seconds',
      'From the event of a webhook to the end of its round.',
      ['backlog'],
      lagSeconds,
    ),
  };
}

function createGauges(registry: Registry) {
  const registers = [registry];
  return {
    depth: new Gauge({
      name: 'winnow_queue_jobs',
      help: 'Jobs in the queue of a connection, by state; failed: given up.',
      labelNames: ['connection', 'state'],
      registers,
    }),
    pause: new Gauge({
      name: 'winnow_queue_pause_seconds',
      help: "How long a connection's queue still pauses because its tracker asked for it or is away.",
      labelNames: ['connection'],
      registers,
    }),
    queueUp: new Gauge({ name: 'winnow_queue_up', help: '1 when the queue answers.', registers }),
    lastRound: new Gauge({
      name: 'winnow_last_round_timestamp_seconds',
      help: 'When the last good round of a backlog in this process ended.',
      labelNames: ['backlog'],
      registers,
    }),
    skew: new Gauge({
      name: 'winnow_clock_skew_seconds',
      help: "The tracker's clock minus ours.",
      labelNames: ['connection'],
      registers,
    }),
  };
}

type Instruments = ReturnType<typeof createCounters> & ReturnType<typeof createGauges>;

function countRound(m: Instruments, { job, round, now }: Parameters<AfterRound>[0] & { readonly now: Date }): void {
  const { backlog, status, changes, withheld, outcomes, durationMs } = round.report;
  m.rounds.inc({ backlog, status, reason: job.reason });
  m.roundTime.observe({ backlog, status }, durationMs / 1000);
  for (const { kind } of changes) m.changes.inc({ backlog, kind });
  for (const { guard } of withheld) m.withheld.inc({ backlog, guard });
  m.applied.inc({ backlog, outcome: 'applied' }, outcomes.applied);
  m.applied.inc({ backlog, outcome: 'failed' }, outcomes.failed);
  if (round.skewMs !== null) m.skew.set({ connection: job.connection }, round.skewMs / 1000);
  const { error } = round;
  if (error instanceof TrackerBusyError && error.retryAt !== null) {
    const seconds = Math.max(0, error.retryAt.getTime() - now.getTime()) / 1000;
    m.throttle.inc({ connection: job.connection }, seconds);
  }
  if (error !== null || status === 'failed') return;
  m.lastRound.set({ backlog }, now.getTime() / 1000);
  if (job.since !== null) m.lag.observe({ backlog }, Math.max(0, now.getTime() - Date.parse(job.since)) / 1000);
}

/** A queue that does not answer leaves no figures rather than old ones. */
async function setDepths(
  { depth, pause, queueUp }: ReturnType<typeof createGauges>,
  queues: () => Promise<readonly QueueState[]>,
): Promise<void> {
  depth.reset();
  pause.reset();
  queueUp.set(0);
  const states = await queues().catch(() => null);
  if (states === null) return;
  queueUp.set(1);
  for (const { connection, waiting, active, delayed, failed, pausedMs } of states) {
    pause.set({ connection }, pausedMs / 1000);
    for (const [state, count] of Object.entries({ waiting, active, delayed, failed })) {
      depth.set({ connection, state }, count);
    }
  }
}
