import { messageOf } from '../errors.ts';
import { roundJob } from '../jobs/job.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings } from '../settings.ts';
import type { ServiceStore } from './ports.ts';

/**
 * Asks for a round of each backlog with items that were announced and not read yet: a process may have died after noting
 * them and before asking for their round. Where one waits already, this joins it. Never throws: what fails is logged.
 */
export async function comeForAnnounced({
  backlogs,
  store,
  queue,
  log,
}: {
  readonly backlogs: readonly BacklogSettings[];
  readonly store: Pick<ServiceStore, 'touched'>;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly log: Log;
}): Promise<void> {
  for (const { name: backlog, connection } of backlogs) {
    try {
      const { refs } = await store.touched.pending(backlog);
      if (refs.length > 0) await queue.enqueue(roundJob({ connection, backlog, reason: 'webhook' }));
    } catch (error) {
      log.error(
        { connection, backlog, problem: messageOf(error) },
        'items that webhooks announced wait for the next schedule: a round could not be asked for',
      );
    }
  }
}
