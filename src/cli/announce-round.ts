import { announce, type EndedRound } from '../notify/announce.ts';
import { createNotifier } from '../notify/notifier.ts';
import { groomingOf, type Grooming } from '../sync/grooming.ts';
import type { CommandRound } from './command-round.ts';
import type { Context } from './context.ts';

/** Tells people what a round brought up, as `service.notify` says. Never throws. */
export async function announceRound(context: Context, ended: EndedRound): Promise<void> {
  const { config, clock, log } = context;
  const notifier = createNotifier({ urls: config.service.notify, log });
  if (!notifier.listens) return;
  const { state, journal } = await context.store();
  await announce(ended, { notifier, state, journal, log, now: clock.now() });
}

/** How grooming stands after a round that read everything; null after any other. */
export function groomingAfter({ study, report, settings }: CommandRound): Grooming | null {
  if (study === null || !study.pulled.full) return null;
  return groomingOf(study.desired, report.startedAt, settings.timezone);
}
