import { announce } from '../notify/announce.ts';
import { createNotifier } from '../notify/notifier.ts';
import type { RoundReport } from '../sync/ports.ts';
import type { Context } from './context.ts';

/** Tells people what a round brought up, as `service.notify` says. Never throws. */
export async function announceRound(
  context: Context,
  ended: { readonly report: RoundReport; readonly error: Error | null },
): Promise<void> {
  const { config, clock, log } = context;
  const notifier = createNotifier({ urls: config.service.notify, log });
  if (!notifier.listens) return;
  const { state, journal } = await context.store();
  await announce(ended, { notifier, state, journal, log, now: clock.now() });
}
