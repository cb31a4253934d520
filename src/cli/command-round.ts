import { messageOf } from '../errors.ts';
import type { Model } from '../scoring/model.ts';
import type { BacklogSettings } from '../settings.ts';
import { failedFigures } from '../sync/end-round.ts';
import type { RoundReport } from '../sync/ports.ts';
import type { Study } from '../sync/reconcile.ts';
import { newRoundId, type Context } from './context.ts';

/** A round as a command sees it. `opened` is false when the backlog could not even be opened. */
export interface CommandRound {
  readonly settings: BacklogSettings;
  readonly report: RoundReport;
  readonly error: Error | null;
  readonly study: Study | null;
  readonly opened: boolean;
  readonly sources: Readonly<Record<string, string>>;
  readonly modelHash: string;
  /** Tracker's clock minus ours, milliseconds; null when it was not opened. */
  readonly skewMs: number | null;
}

/** What a round that came to nothing was to be. */
export interface Intended {
  readonly settings: BacklogSettings;
  readonly model: Model;
  readonly mode: RoundReport['mode'];
  readonly purpose: NonNullable<RoundReport['purpose']>;
}

/** A round that failed before it could read: it is a round all the same, and the journal knows it. */
export async function unopenedRound(context: Context, intended: Intended, error: unknown): Promise<CommandRound> {
  const { journal } = await context.store();
  const round = unbegunRound(context, intended, error);
  const { id, backlog, mode, startedAt } = round.report;
  const { name: model, hash: modelHash } = intended.model;
  const { connection } = intended.settings;
  await journal.openRound({ id, backlog, connection, mode, startedAt, model, modelHash });
  await journal.closeRound(round.report);
  return round;
}

/** As above, for a round that did not even get its backlog's lease: the journal knows nothing of it. */
export function unbegunRound(context: Context, intended: Intended, error: unknown): CommandRound {
  const { settings, model, mode, purpose } = intended;
  const startedAt = context.clock.now();
  const report: RoundReport = {
    id: newRoundId(startedAt),
    backlog: settings.name,
    ...{ mode, purpose, startedAt },
    ...failedFigures(error),
    calls: { read: 0, write: 0 },
    durationMs: 0,
  };
  const reason = error instanceof Error ? error : new Error(messageOf(error));
  return {
    settings,
    report,
    error: reason,
    study: null,
    opened: false,
    sources: {},
    modelHash: model.hash,
    skewMs: null,
  };
}
