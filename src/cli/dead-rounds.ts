import { InUseError } from '../errors.ts';
import type { Context } from './context.ts';
import { underLease } from './under-lease.ts';

/**
 * Closes, as failed, the rounds whose process died: the next round would, but whoever wants to undo a dead one must find
 * it before that. A backlog that somebody works on now is left alone; so is a lease that has not run out yet.
 */
export async function closeDeadRounds(context: Context): Promise<void> {
  const { journal, leases } = await context.store();
  const terms = { leases, log: context.log, signal: new AbortController().signal, patienceMs: 0 };
  for (const { name } of context.config.backlogs) {
    try {
      await underLease(name, terms, () => journal.closeAbandoned(name, '', context.clock.now()));
    } catch (error) {
      if (!(error instanceof InUseError)) throw error;
    }
  }
}
