import { messageOf } from '../errors.ts';
import type { Model } from '../scoring/model.ts';
import type { BacklogSettings } from '../settings.ts';
import { failedFigures } from '../sync/end-round.ts';
import type { RoundReport } from '../sync/ports.ts';
import { newRoundId, type Context } from './context.ts';
import type { CommandRound } from './run-rounds.ts';

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
