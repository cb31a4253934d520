import type { Progress } from '../connectors/connector.ts';
import { InUseError } from '../errors.ts';
import type { ItemRef } from '../item.ts';
import type { BacklogSettings } from '../settings.ts';
import { reconcile } from '../sync/reconcile.ts';
import type { RoundRequest } from '../sync/round.ts';
import type { SavedPlan } from '../sync/saved-plan.ts';
import { announceRound, groomingAfter } from './announce-round.ts';
import { unbegunRound, unopenedRound, type CommandRound, type Intended } from './command-round.ts';
import { createProgress } from './progress.ts';
import { roundParts, type Context } from './context.ts';
import { underLease, type Held } from './under-lease.ts';

export type { CommandRound };

export interface RunOptions {
  readonly purpose: RoundRequest['purpose'];
  readonly apply: boolean;
  readonly sweep: boolean;
  readonly liftLimits: boolean;
  readonly model?: string;
  readonly memory?: RoundRequest['memory'];
  readonly saved?: ReadonlyMap<string, SavedPlan>;
  /** Announced as changed; read by id. */
  readonly touched?: readonly ItemRef[];
  /** How long to wait for another round of the backlog to end. */
  readonly patienceMs?: number;
  /** Told instead of the terminal. */
  readonly progress?: Progress;
  readonly signal: AbortSignal;
}

/** A person at a terminal would rather wait for the service's round than be sent away. */
const patienceMs = 60_000;

/** One round on each backlog, one after the other; a backlog that fails does not keep the others from theirs. */
export async function runRounds(
  context: Context,
  backlogs: readonly BacklogSettings[],
  options: RunOptions,
): Promise<readonly CommandRound[]> {
  const rounds: CommandRound[] = [];
  for (const settings of backlogs) {
    if (options.signal.aborted) break;
    const round = await orBusy(context, settings, options);
    if (options.purpose === 'run') await announceRound(context, { ...round, grooming: groomingAfter(round) });
    rounds.push(round);
  }
  return rounds;
}

async function orBusy(context: Context, settings: BacklogSettings, options: RunOptions): Promise<CommandRound> {
  try {
    return await runRound(context, settings, { patienceMs, ...options });
  } catch (error) {
    if (!(error instanceof InUseError)) throw error;
    return unbegunRound(context, intended(context, settings, options), error);
  }
}

/**
 * One round on one backlog, under its lease. Never throws for what the tracker or the backlog's settings do; throws
 * InUseError when another round of the backlog goes on.
 */
export async function runRound(
  context: Context,
  settings: BacklogSettings,
  options: RunOptions,
): Promise<CommandRound> {
  const { leases } = await context.store();
  const terms = { leases, log: context.log, signal: options.signal, patienceMs: options.patienceMs ?? 0 };
  return underLease(settings.name, terms, held => heldRound(context, settings, options, held));
}

async function heldRound(
  context: Context,
  settings: BacklogSettings,
  options: RunOptions,
  held: Held,
): Promise<CommandRound> {
  let backlog;
  try {
    backlog = await context.openBacklog(settings);
  } catch (error) {
    return unopenedRound(context, intended(context, settings, options), error);
  }
  const progress = progressOf(context, settings, options);
  const parts = await roundParts(context, settings, { backlog, progress: progress.tell, signal: held.signal });
  const result = await reconcile(requestOf(context, settings, options), {
    ...parts,
    journal: held.guarded(parts.journal),
  });
  progress.done();
  const { hash: modelHash } = context.modelOf(settings, options.model);
  return { settings, modelHash, ...result, opened: true, sources: backlog.sources, skewMs: backlog.self.skewMs };
}

function intended(context: Context, settings: BacklogSettings, { apply, purpose, model }: RunOptions): Intended {
  const mode = apply ? 'apply' : settings.mode;
  return { settings, mode, purpose, model: context.modelOf(settings, model) };
}

function requestOf(context: Context, settings: BacklogSettings, options: RunOptions): RoundRequest {
  return {
    settings,
    model: context.modelOf(settings, options.model),
    purpose: options.purpose,
    apply: options.apply,
    sweep: options.sweep,
    touched: options.touched ?? [],
    liftLimits: options.liftLimits,
    otherWriters: otherWriters(context, settings),
    savedPlan: options.saved?.get(settings.name) ?? null,
    ...(options.memory === undefined ? {} : { memory: options.memory }),
  };
}

function progressOf(
  context: Context,
  settings: BacklogSettings,
  options: RunOptions,
): ReturnType<typeof createProgress> {
  if (options.progress !== undefined) return { tell: options.progress, done: () => undefined };
  return createProgress(context.terminal, settings.name);
}

function otherWriters(context: Context, settings: BacklogSettings): readonly string[] {
  return context.config.backlogs
    .filter(b => b.name !== settings.name && b.connection === settings.connection && b.mode === 'apply')
    .map(b => b.name);
}
