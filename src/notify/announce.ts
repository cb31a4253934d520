import { z } from 'zod';
import { ConfigError, CredentialError, messageOf, NotFoundError, PermissionError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Journal, RoundReport, StateStore } from '../sync/ports.ts';
import { noticesAfter, type Told } from './notices-after.ts';
import type { Notifier } from './notifier.ts';

export interface AnnounceParts {
  readonly notifier: Notifier;
  readonly state: Pick<StateStore, 'pauses' | 'told' | 'keepTold'>;
  readonly journal: Pick<Journal, 'rounds' | 'newestApproval'>;
  readonly log: Log;
  readonly now: Date;
}

const Told = z.partialRecord(z.enum(['approval', 'failing', 'breaker', 'second-instance']), z.string());
/** Enough to look past a row of failures. */
const looked = 20;

/**
 * Tells people what a round brought up, each state once: moves that wait, failures that repeat or cannot heal, a backlog
 * that was stopped, a second instance, and that rounds work again. Never throws: a notice is not worth a round. What
 * nobody took is told again after the next round.
 */
export async function announce(
  ended: { readonly report: RoundReport; readonly error: Error | null },
  parts: AnnounceParts,
): Promise<void> {
  const { notifier, log } = parts;
  const { backlog, mode } = ended.report;
  if (!notifier.listens || mode === 'undo' || mode === 'clean') return;
  try {
    await tell(backlog, ended.error, parts);
  } catch (error) {
    log.warn({ backlog, why: messageOf(error) }, 'what to tell after a round could not be looked up');
  }
}

async function tell(backlog: string, error: Error | null, parts: AnnounceParts): Promise<void> {
  const { notifier, state, journal, now } = parts;
  const before = Told.safeParse(await state.told(backlog)).data ?? {};
  const after = {
    rounds: await journal.rounds({ backlog, runsOnly: true, limit: looked }),
    hopeless: isHopeless(error),
    pauses: await state.pauses(backlog, now),
    approval: await journal.newestApproval(backlog),
  };
  const { notices, told } = noticesAfter(backlog, after, before);
  let kept: Told = told;
  for (const notice of notices) {
    if (await notifier.send(notice)) continue;
    const topic = notice.topic === 'recovered' ? 'failing' : notice.topic;
    const { [topic]: was } = before;
    const { [topic]: _untold, ...others } = kept;
    kept = was === undefined ? others : { ...others, [topic]: was };
  }
  if (JSON.stringify(kept) !== JSON.stringify(before)) await state.keepTold(backlog, kept);
}

/** No retry heals these: somebody has to do something. */
function isHopeless(error: Error | null): boolean {
  return [CredentialError, PermissionError, NotFoundError, ConfigError].some(kind => error instanceof kind);
}
