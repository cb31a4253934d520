import type { RoundReport } from './ports.ts';

/** What the newest round that says anything about it leaves waiting for a person's approval. */
export interface Waiting {
  readonly round: string;
  readonly moves: number;
}

const saysNothing = new Set(['observe', 'paused', 'write-hours']);

/**
 * Moves that wait for approval now, by the rounds of one backlog, newest first; null when none wait. Rounds that failed,
 * were stopped as a whole, or were no ordinary rounds say nothing about it, so the one before them is asked.
 */
export function waitingMoves(reports: readonly RoundReport[]): Waiting | null {
  for (const { id, mode, status, withheld } of reports) {
    const moves = withheld.filter(change => change.guard === 'needs-approval' && change.kind === 'move').length;
    if (moves > 0) return { round: id, moves };
    const ordinary = mode === 'apply' || mode === 'observe';
    if (ordinary && status !== 'failed' && !withheld.some(change => saysNothing.has(change.guard))) return null;
  }
  return null;
}
