import type { Approval, Pause, RoundReport } from '../sync/ports.ts';
import { waitingMoves } from '../sync/waiting-moves.ts';
import type { AfterRound } from './after-round.ts';
import { digestState, isNews, type Digest } from './digest.ts';
import type { Notice, NoticeTopic } from './notice.ts';
import type { Told, Topic, ToldState } from './told.ts';
import { newsOf } from './words.ts';

/** A notice and whom it is for: everybody but `besides`, or only those who missed it. */
export interface Due {
  readonly notice: Notice;
  readonly only: readonly string[] | null;
  readonly besides: readonly string[];
}

const order: readonly NoticeTopic[] = [
  'failing',
  'recovered',
  'breaker',
  'second-instance',
  'resumed',
  'approval',
  'digest',
];

/** Rounds that fail once are tried again before anybody is bothered. */
const patience = 3;

/** Which notices a round calls for, and what will have been told once all are taken. Pure. */
export function noticesAfter(
  backlog: string,
  after: AfterRound,
  told: Told,
): { readonly due: readonly Due[]; readonly told: Told } {
  const states = statesOf(after, told);
  const due = order.flatMap((topic): Due[] => {
    const [now, before] = [states[topic], told[topic] ?? null];
    if (now === null || !isDue(topic, now, before, after)) return [];
    const notice = newsOf(topic, backlog, after, before?.state ?? null);
    if (before?.state === now) return [{ notice, only: before.missed, besides: [] }];
    // Whoever was not told of failures need not hear of their end.
    return [{ notice, only: null, besides: topic === 'recovered' ? (told.failing?.missed ?? []) : [] }];
  });
  const kept = (Object.entries(states) as [Topic, string | null][]).flatMap(([topic, state]) => {
    const known = told[topic];
    return state === null ? [] : [[topic, { state, missed: known?.state === state ? known.missed : [] }] as const];
  });
  return { due, told: Object.fromEntries(kept) };
}

function isDue(topic: NoticeTopic, now: string, before: ToldState | null, { digest }: AfterRound): boolean {
  // The figures are at hand only after everything was read.
  if (topic === 'digest' && digest === null) return false;
  return now !== before?.state || before.missed.length > 0;
}

function statesOf({ rounds, hopeless, pauses, approval, digest, now }: AfterRound, told: Told) {
  const failing = failingState(rounds, hopeless, told);
  const pausing = pausingState(pauses);
  return {
    failing,
    recovered: failing === null ? endOf(told.failing, told.recovered) : null,
    approval: approvalState(rounds, approval),
    breaker: pauseState(pauses, 'breaker'),
    'second-instance': pauseState(pauses, 'second-instance'),
    pausing,
    resumed: pauses.length > 0 ? null : endOf(ranOut(told.pausing, now), told.resumed),
    digest: digestAfter(digest, told.digest?.state ?? null),
  } satisfies Record<Topic, string | null>;
}

/** The end of a state is a state of its own, which lasts until the next one begins. */
function endOf(ended: ToldState | undefined, known: ToldState | undefined): string | null {
  return ended === undefined ? (known?.state ?? null) : `after ${ended.state}`;
}

/** A pause that somebody ended before its time is no news. */
function ranOut(pausing: ToldState | undefined, now: Date): ToldState | undefined {
  return pausing !== undefined && new Date(pausing.state) <= now ? pausing : undefined;
}

/** The end of what will end by itself; a pause without an end goes on anyway. */
function pausingState(pauses: readonly Pause[]): string | null {
  const ends = pauses.map(({ until }) => until);
  if (ends.length === 0 || ends.includes(null)) return null;
  return new Date(Math.max(...ends.map(end => end?.getTime() ?? 0))).toISOString();
}

/** Figures that are no news today are compared with those of the last digest tomorrow. */
function digestAfter(digest: Digest | null, before: string | null): string | null {
  return digest !== null && isNews(digest, before) ? digestState(digest) : before;
}

/** After a grant that did not suffice the wait is a new one. */
function approvalState(rounds: readonly RoundReport[], approval: Approval | null): string | null {
  return waitingMoves(rounds) === null ? null : `after ${approval?.grantedAt.toISOString() ?? 'none'}`;
}

function failingState(rounds: readonly RoundReport[], hopeless: boolean, told: Told): string | null {
  if (rounds[0]?.status !== 'failed') return null;
  const row = rounds.findIndex(report => report.status !== 'failed');
  const repeated = (row < 0 ? rounds.length : row) >= patience;
  return told.failing?.state ?? (repeated || hopeless ? `since ${rounds[0].id}` : null);
}

function pauseState(pauses: readonly Pause[], reason: Pause['reason']): string | null {
  return pauses.find(pause => pause.reason === reason)?.since.toISOString() ?? null;
}
