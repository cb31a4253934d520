import type { Clock } from '../clock.ts';
import { ConfigError, messageOf } from '../errors.ts';
import { createHandler } from '../jobs/handlers.ts';
import { roundJob, type RoundJob } from '../jobs/job.ts';
import type { JobContext, Queue, WorkerHandle } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings } from '../settings.ts';
import type { AfterRound, RoundOrder, ServiceRound, ServiceStore } from './ports.ts';
import { quietEnd } from './quiet-end.ts';

export interface RoundWorkerParts {
  readonly backlogs: readonly BacklogSettings[];
  readonly clock: Clock;
  readonly log: Log;
  readonly queue: Queue;
  readonly store: Pick<ServiceStore, 'touched' | 'lastRounds'>;
  /** Makes a round under its lease, as the command line does. Throws InUseError when another goes on. */
  readonly runRound: (order: RoundOrder) => Promise<ServiceRound>;
  /** Told after each round. One that fails is logged; the round stands. */
  readonly listeners: readonly AfterRound[];
}

/** Works on the jobs of every connection that has a backlog: one round at a time for each. */
export async function startRoundWorkers(parts: RoundWorkerParts): Promise<readonly WorkerHandle[]> {
  const handler = createHandler({ run: (job, context) => workOn(parts, job, context) });
  const connections = [...new Set(parts.backlogs.map(backlog => backlog.connection))];
  return Promise.all(connections.map(connection => parts.queue.work(connection, handler)));
}

/** A round, and what follows from it: announced items are forgotten once read, quiet ones are come back to. */
async function workOn(parts: RoundWorkerParts, job: RoundJob, context: JobContext): Promise<ServiceRound> {
  const { touched, lastRounds } = parts.store;
  const settings = parts.backlogs.find(backlog => backlog.name === job.backlog);
  if (settings === undefined || settings.connection !== job.connection) {
    throw new ConfigError(
      `A round was asked for backlog ${job.backlog} of ${job.connection}, which this configuration does not have. ` +
        'Is a service with another winnow.yaml on the same queue?',
    );
  }
  const beganAt = parts.clock.now();
  const announced = await touched.pending(settings.name);
  const round = await parts.runRound({
    settings,
    sweep: job.sweep,
    touched: announced.refs,
    progress: context.progress,
    signal: context.signal,
  });
  tell(parts.log, job, round);
  if (round.report.status !== 'failed' && round.error === null) {
    await touched.forget(settings.name, announced.mark);
    const time = { beganAt, now: parts.clock.now() };
    await lastRounds.note(settings.name, job.sweep || round.swept ? 'sweep' : 'round', time);
  }
  await comeBack(parts, job, round);
  await hearListeners(parts, job, round);
  return round;
}

function tell(log: Log, job: RoundJob, { report, error }: ServiceRound): void {
  const { id, backlog, status, outcomes, calls, durationMs } = report;
  const figures = { changes: report.changes.length, withheld: report.withheld.length, ...outcomes };
  const fields = { round: id, backlog, connection: job.connection, reason: job.reason, sweep: job.sweep, status };
  const all = { ...fields, ...figures, calls, durationMs, ...(error === null ? {} : { problem: messageOf(error) }) };
  if (error === null && status !== 'failed' && status !== 'partial') parts(log.info);
  else parts(log.warn);

  function parts(say: Log['info']): void {
    say(all, 'a round ended');
  }
}

/** A round for when people have left the items alone for long enough. */
async function comeBack({ clock, queue }: RoundWorkerParts, job: RoundJob, round: ServiceRound): Promise<void> {
  const end = quietEnd(round);
  if (end === null) return;
  const { connection, backlog } = job;
  const delaySeconds = Math.max(1, Math.ceil((end.getTime() - clock.now().getTime()) / 1000));
  await queue.enqueue(roundJob({ connection, backlog, reason: 'follow-up' }), { delaySeconds });
}

async function hearListeners({ listeners, log }: RoundWorkerParts, job: RoundJob, round: ServiceRound): Promise<void> {
  for (const listener of listeners) {
    try {
      await listener({ job, round });
    } catch (error) {
      log.error({ round: round.report.id, problem: messageOf(error) }, 'what follows a round failed; the round stands');
    }
  }
}
