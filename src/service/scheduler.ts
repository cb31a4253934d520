import { schedule as startCron, type TaskOptions } from 'node-cron';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { roundJob } from '../jobs/job.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings } from '../settings.ts';
import type { LastRounds } from '../store/last-rounds.ts';
import { dueSlots, type DueSlot, type Timetable } from './due.ts';
import { createSchedule } from './slots.ts';

export interface SchedulerParts {
  readonly backlogs: readonly BacklogSettings[];
  readonly clock: Clock;
  readonly log: Log;
  readonly queue: Pick<Queue, 'enqueue' | 'unstick'>;
  readonly lastRounds: LastRounds;
  /** Done once at start and then once on each day (UTC): what grows is forgotten. */
  readonly daily?: (now: Date) => Promise<void>;
}

export interface Scheduler {
  /** Asks for what is due and was not asked for yet. Never throws; what fails is tried again within a minute. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A slot whose job was given up is asked for again after so long, and once when a scheduler starts (somebody may have
 * renewed what was refused), until a round ended well or the next slot has come.
 */
const anewMs = 60 * 60_000;

/** The timetables of a configuration's backlogs. */
export function timetablesOf(backlogs: readonly BacklogSettings[]): readonly Timetable[] {
  return backlogs.map(({ connection, name, schedule, sweep, timezone }) => ({
    connection,
    backlog: name,
    schedule: createSchedule(schedule, timezone),
    sweep: createSchedule(sweep, timezone),
  }));
}

/**
 * Enqueues scheduled rounds. node-cron only wakes it: what is due follows from the timetables and from the rounds that
 * ended well, so that slots missed while the process was down or blocked, and those in a daylight-saving gap (which
 * node-cron skips), are caught up by one round. The slot makes the job's id: any number of replicas make one job.
 */
export function startScheduler(parts: SchedulerParts): Scheduler {
  const tables = timetablesOf(parts.backlogs);
  const memory = new Map<string, number>();
  let running: Promise<void> = Promise.resolve();
  const keepHouse = onceADay(parts);
  const since = parts.clock.now();
  const tick = (): Promise<void> =>
    (running = running.then(async () => {
      await unstickAll(parts);
      await askFor({ ...parts, since }, tables, memory);
      await keepHouse();
    }));
  const quiet = { suppressMissedWarning: true, logger: loggerOver(parts.log) };
  const wake = (expression: string, timezone: string): ReturnType<typeof startCron> =>
    startCron(expression, tick, { timezone, ...quiet });
  const times = new Set(parts.backlogs.flatMap(b => [b.schedule, b.sweep].map(e => `${e} ${b.timezone}`)));
  const tasks = [...times].map(time =>
    wake(time.slice(0, time.lastIndexOf(' ')), time.slice(time.lastIndexOf(' ') + 1)),
  );
  // Each minute catches up whatever the schedules' own wake-ups missed, or could not enqueue. Not node-cron's: it sleeps
  // until the time it last expected, which after the clock was set back by two hours is two hours away.
  const minutely = setInterval(() => void tick(), 60_000).unref();
  void tick();
  return {
    tick,
    async stop() {
      clearInterval(minutely);
      for (const task of tasks) await task.destroy();
      await running;
    },
  };
}

/** What a clock that was set back has put off for hours. */
async function unstickAll({ backlogs, log, queue }: SchedulerParts): Promise<void> {
  for (const connection of new Set(backlogs.map(backlog => backlog.connection))) {
    try {
      const loosened = await queue.unstick(connection);
      if (loosened > 0) log.warn({ connection, loosened }, 'the clock was set back; what it had put off goes on now');
    } catch (error) {
      log.warn(
        { connection, problem: messageOf(error) },
        'the queue could not be looked at; tried again within a minute',
      );
    }
  }
}

async function askFor(
  { clock, log, queue, lastRounds, since }: SchedulerParts & { readonly since: Date },
  tables: readonly Timetable[],
  memory: Map<string, number>,
): Promise<void> {
  try {
    const asked = (due: DueSlot): boolean => memory.get(keyOf(due)) === due.slot.getTime();
    const now = clock.now();
    const anewBefore = new Date(Math.max(since.getTime(), now.getTime() - anewMs));
    for (const due of dueSlots(tables, await lastRounds.all(), now, asked)) {
      const { connection, backlog, kind, slot } = due;
      const job = roundJob({ connection, backlog, reason: 'schedule', sweep: kind === 'sweep' });
      // Asked again each minute until a round ended well: an equal id is no second job, and a lost queue gets it back.
      await queue.enqueue(job, { slot: slot.toISOString(), anewBefore });
      if (!asked(due))
        log.info({ backlog, connection, kind, slot: slot.toISOString() }, 'a scheduled round was asked for');
      memory.set(keyOf(due), slot.getTime());
    }
  } catch (error) {
    log.warn({ problem: messageOf(error) }, 'scheduled rounds could not be asked for; tried again within a minute');
  }
}

/** A day's work that fails is tried again at the next tick. */
function onceADay({ clock, log, daily }: SchedulerParts): () => Promise<void> {
  let done = '';
  return async () => {
    const now = clock.now();
    const today = now.toISOString().slice(0, 10);
    if (daily === undefined || done === today) return;
    try {
      await daily(now);
      done = today;
    } catch (error) {
      log.warn({ problem: messageOf(error) }, 'old rounds could not be forgotten; tried again within a minute');
    }
  };
}

function keyOf({ backlog, kind }: DueSlot): string {
  return `${kind} ${backlog}`;
}

function loggerOver(log: Log): NonNullable<TaskOptions['logger']> {
  const say = (level: keyof Log) => (message: string | Error) => log[level]({ part: 'node-cron' }, messageOf(message));
  return { info: say('debug'), warn: say('warn'), error: say('error'), debug: say('debug') };
}
