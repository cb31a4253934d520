import type { Clock } from '../clock.ts';
import type { Queue } from '../jobs/queue.ts';
import type { BacklogSettings } from '../settings.ts';
import type { HeldLease } from '../store/leases.ts';
import type { Refused } from '../store/refusals.ts';
import type { Pause, RoundReport } from '../sync/ports.ts';
import { pauseEnd, queueStates, type QueueState } from './health.ts';
import type { ServiceStore } from './ports.ts';
import { timetablesOf } from './scheduler.ts';

export interface BacklogStatus {
  readonly settings: BacklogSettings;
  /** The newest round in the journal that was no mere question. */
  readonly last: RoundReport | null;
  readonly pauses: readonly Pause[];
  /** Items that webhooks announced and no round has read yet. */
  readonly announced: number;
  readonly nextRound: Date | null;
  readonly nextSweep: Date | null;
  /** Who works on it now. */
  readonly lease: HeldLease | null;
}

/** How the service stands: from the store and the queue alone, so that any process can tell. */
export interface Status {
  readonly backlogs: readonly BacklogStatus[];
  readonly queues: readonly QueueStatus[];
  /** Connections whose webhook deliveries were refused for their credentials within a day. */
  readonly refused: readonly (Refused & { readonly connection: string })[];
}

/** `pausedUntil`: its tracker asked to be left alone, or is away; null: it goes on. */
export type QueueStatus = QueueState & { readonly pausedUntil: Date | null };

const dayMs = 86_400_000;

/** Throws when the store or the queue cannot be reached. */
export async function statusOf(parts: {
  readonly backlogs: readonly BacklogSettings[];
  readonly clock: Clock;
  readonly store: ServiceStore;
  readonly queue: Pick<Queue, 'counts' | 'failures'>;
}): Promise<Status> {
  const { backlogs, clock, store, queue } = parts;
  const now = clock.now();
  const leases = await store.leases.held();
  const tables = timetablesOf(backlogs);
  const found = backlogs.map(async (settings, i): Promise<BacklogStatus> => {
    const [last = null] = await store.journal.rounds({ backlog: settings.name, runsOnly: true, limit: 1 });
    return {
      settings,
      last,
      pauses: await store.state.pauses(settings.name, now),
      announced: (await store.touched.pending(settings.name)).refs.length,
      nextRound: tables[i]?.schedule.nextAfter(now) ?? null,
      nextSweep: tables[i]?.sweep.nextAfter(now) ?? null,
      lease: leases.find(lease => lease.backlog === settings.name) ?? null,
    };
  });
  const connections = [...new Set(backlogs.map(backlog => backlog.connection))];
  const refusals = connections.map(async connection => {
    const refused = await store.refusals.of(connection);
    const recent = refused !== null && now.getTime() - refused.lastAt.getTime() < dayMs;
    return recent ? [{ connection, ...refused }] : [];
  });
  const states = await queueStates({ connections, queue });
  return {
    backlogs: await Promise.all(found),
    queues: states.map(state => ({ ...state, pausedUntil: pauseEnd(state, now) })),
    refused: (await Promise.all(refusals)).flat(),
  };
}
