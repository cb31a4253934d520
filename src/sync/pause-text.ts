import type { Pause, PauseReason } from './ports.ts';

/** Why a backlog stands still, for people. */
export function pauseText({ reason, by, since, until }: Pause): string {
  const end = until === null ? 'until resumed' : `until ${minuteOf(until)} UTC`;
  return `${whyOf[reason]}${by === '' ? '' : ` (${by})`} since ${minuteOf(since)} UTC, ${end}`;
}

const whyOf: Readonly<Record<PauseReason, string>> = {
  person: 'paused',
  undo: 'paused by an undo',
  breaker: 'stopped after repeated failures',
  'second-instance': 'only observing, for a second Winnow seems to write here',
};

function minuteOf(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace('T', ' ');
}
