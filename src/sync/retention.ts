import type { Journal, Pruned } from './ports.ts';

const dayMs = 86_400_000;

/**
 * Forgets what the journal has kept for `journalDays`. The border stands at a UTC midnight, so that of many calls a day
 * only the first finds something to do.
 */
export function forgetOldRounds(journal: Journal, journalDays: number, now: Date): Promise<Pruned> {
  const before = Math.floor((now.getTime() - journalDays * dayMs) / dayMs) * dayMs;
  return journal.prune(new Date(before), now);
}
