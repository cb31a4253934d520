import type { BacklogItem } from '../item.ts';
import { hasLanded } from './landed.ts';
import { effectKey } from './own-writes.ts';
import type { Pulled } from './pull.ts';
import { trackerTime, type Round } from './round.ts';

/**
 * After a crash: marks each open intent as landed or not, by what the tracker shows. Intents are never replayed;
 * whatever is still wanted is planned afresh.
 */
export async function settleIntents(round: Round, pulled: Pulled): Promise<void> {
  const { journal, backlog, log } = round.parts;
  const open = await journal.openIntents(round.request.settings.name);
  if (open.length === 0) return;
  const outside = open.map(intent => intent.effect.ref).filter(ref => !pulled.states.has(ref));
  const found = outside.length === 0 ? new Map() : await backlog.locate([...new Set(outside)], round.read);
  let landed = 0;
  for (const intent of open) {
    const { ref } = intent.effect;
    const where = found.get(ref);
    const now: BacklogItem | null =
      pulled.states.get(ref)?.item ?? (where !== undefined && 'item' in where ? where.item : null);
    // The history outlives what somebody did to the item since.
    const told = pulled.proven.has(effectKey(ref, intent.effect, intent.at));
    const arrived = told || (now !== null && hasLanded(intent.effect, now, null, backlog.can));
    if (arrived) landed++;
    await journal.resolveIntent(intent, arrived, trackerTime(round));
  }
  log.warn(
    { round: round.id, open: open.length, landed },
    'an earlier round was cut off; its open writes were looked up',
  );
}
