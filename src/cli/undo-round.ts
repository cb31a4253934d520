import { ConfigError } from '../errors.ts';
import type { JournaledRound } from '../sync/ports.ts';
import { undo } from '../sync/undo.ts';
import { unopenedRound, type CommandRound } from './command-round.ts';
import { roundParts, type Context } from './context.ts';
import { createProgress } from './progress.ts';
import { underLease } from './under-lease.ts';

/** A person would rather wait for the service's round than be sent away. */
const patienceMs = 60_000;

/**
 * Undoes a round of this configuration's backlogs, under the lease of its backlog, so that no other round goes on
 * meanwhile. A dry run only plans: it writes nothing and pauses nothing. Throws ConfigError when there is nothing such a
 * round could undo, InUseError when one goes on for long.
 */
export async function undoRound(
  context: Context,
  id: string,
  options: { readonly by: string; readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<CommandRound> {
  const { leases, journal } = await context.store();
  const target = await roundToUndo(context, id);
  const settings = context.config.backlogs.find(backlog => backlog.name === target.backlog);
  if (settings === undefined) {
    throw new ConfigError(
      `Round ${id} worked on backlog ${target.backlog}, which ${context.config.file} does not name any more.`,
    );
  }
  const model = context.modelOf(settings);
  const purpose = options.dryRun ? ('plan' as const) : ('run' as const);
  const progress = createProgress(context.terminal, settings.name);
  const terms = { leases, log: context.log, signal: options.signal, patienceMs };
  return underLease(settings.name, terms, async held => {
    let backlog;
    try {
      backlog = await context.openBacklog(settings);
    } catch (error) {
      return unopenedRound(context, { settings, model, mode: 'undo', purpose }, error);
    }
    const parts = await roundParts(context, settings, { backlog, progress: progress.tell, signal: held.signal });
    const request = { settings, model, target, by: options.by, purpose };
    const result = await undo(request, { ...parts, journal: held.guarded(journal) });
    progress.done();
    const { sources, self } = backlog;
    return { settings, ...result, opened: true, sources, modelHash: model.hash, skewMs: self.skewMs };
  });
}

async function roundToUndo(context: Context, id: string): Promise<JournaledRound> {
  const { journal } = await context.store();
  const target = await journal.journaledRound(id);
  if (target === null) throw new ConfigError(`The journal holds no round ${id}. "winnow rounds" lists those it holds.`);
  const effects = await journal.effects({ round: id });
  if (effects.length === 0) throw new ConfigError(`Round ${id} wrote nothing, so there is nothing to undo.`);
  return target;
}
