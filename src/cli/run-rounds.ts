import { messageOf } from '../errors.ts';
import type { BacklogSettings } from '../settings.ts';
import type { RoundReport } from '../sync/ports.ts';
import { reconcile, type Study } from '../sync/reconcile.ts';
import type { RoundRequest } from '../sync/round.ts';
import type { SavedPlan } from '../sync/saved-plan.ts';
import { createProgress } from './progress.ts';
import { newRoundId, roundParts, type Context } from './context.ts';

/** A round as a command sees it. `opened` is false when the backlog could not even be opened. */
export interface CommandRound {
  readonly settings: BacklogSettings;
  readonly report: RoundReport;
  readonly error: Error | null;
  readonly study: Study | null;
  readonly opened: boolean;
  readonly sources: Readonly<Record<string, string>>;
  readonly modelHash: string;
}

export interface RunOptions {
  readonly purpose: RoundRequest['purpose'];
  readonly apply: boolean;
  readonly sweep: boolean;
  readonly liftLimits: boolean;
  readonly model?: string;
  readonly saved?: ReadonlyMap<string, SavedPlan>;
  readonly signal: AbortSignal;
}

/** One round on each backlog, one after the other; a backlog that fails does not keep the others from theirs. */
export async function runRounds(
  context: Context,
  backlogs: readonly BacklogSettings[],
  options: RunOptions,
): Promise<readonly CommandRound[]> {
  const rounds: CommandRound[] = [];
  for (const settings of backlogs) {
    if (options.signal.aborted) break;
    rounds.push(await runRound(context, settings, options));
  }
  return rounds;
}

/** One round on one backlog. Never throws for what the tracker or the backlog's settings do. */
export async function runRound(
  context: Context,
  settings: BacklogSettings,
  options: RunOptions,
): Promise<CommandRound> {
  const model = context.modelOf(settings, options.model);
  const progress = createProgress(process.stderr, settings.name);
  const base = { settings, modelHash: model.hash };
  await context.store();
  let backlog;
  try {
    backlog = await context.openBacklog(settings);
  } catch (error) {
    const report = await unopened(context, settings, options, error);
    return { ...base, report, error: asError(error), study: null, opened: false, sources: {} };
  }
  const parts = await roundParts(context, settings, { backlog, progress: progress.tell, signal: options.signal });
  const request: RoundRequest = {
    settings,
    model,
    purpose: options.purpose,
    apply: options.apply,
    sweep: options.sweep,
    touched: [],
    liftLimits: options.liftLimits,
    otherWriters: otherWriters(context, settings),
    savedPlan: options.saved?.get(settings.name) ?? null,
  };
  const result = await reconcile(request, parts);
  progress.done();
  return { ...base, ...result, opened: true, sources: backlog.sources };
}

function otherWriters(context: Context, settings: BacklogSettings): readonly string[] {
  return context.config.backlogs
    .filter(b => b.name !== settings.name && b.connection === settings.connection && b.mode === 'apply')
    .map(b => b.name);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}

/** A round that failed before it could read: it is a round all the same, and the journal knows it. */
async function unopened(
  context: Context,
  settings: BacklogSettings,
  options: RunOptions,
  error: unknown,
): Promise<RoundReport> {
  const { journal } = await context.store();
  const now = context.clock.now();
  const model = context.modelOf(settings, options.model);
  const mode = options.apply ? 'apply' : settings.mode;
  const report: RoundReport = {
    id: newRoundId(now),
    backlog: settings.name,
    mode,
    status: 'failed',
    startedAt: now,
    items: 0,
    eligible: 0,
    scored: 0,
    changes: [],
    withheld: [],
    outcomes: { applied: 0, failed: 0 },
    problems: [{ ref: null, message: messageOf(error) }],
    calls: { read: 0, write: 0 },
    durationMs: 0,
  };
  const { id, backlog } = report;
  const { connection } = settings;
  await journal.openRound({ id, backlog, connection, mode, startedAt: now, model: model.name, modelHash: model.hash });
  await journal.closeRound(report);
  return report;
}
