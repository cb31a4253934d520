import { pauseText } from '../sync/pause-text.ts';
import type { Approval, Pause, RoundReport } from '../sync/ports.ts';
import { waitingMoves } from '../sync/waiting-moves.ts';
import type { Notice } from './notice.ts';

/** What is known of a backlog after a round. */
export interface AfterRound {
  /** Its rounds, newest first, the one that has just ended among them. */
  readonly rounds: readonly RoundReport[];
  /** True when trying again cannot heal the failure: a credential, a permission, the configuration. */
  readonly hopeless: boolean;
  readonly pauses: readonly Pause[];
  readonly approval: Approval | null;
}

/** What people have been told, by topic: the state that was told, so that each state is told once. */
export type Told = Readonly<Partial<Record<'approval' | 'failing' | 'breaker' | 'second-instance', string>>>;

/** Rounds that fail once are tried again before anybody is bothered. */
const patience = 3;

/** Which notices a round calls for, and what will have been told then. Pure. */
export function noticesAfter(
  backlog: string,
  { rounds, hopeless, pauses, approval }: AfterRound,
  told: Told,
): { readonly notices: readonly Notice[]; readonly told: Told } {
  const states = {
    approval: approvalState(rounds, approval),
    failing: failingState(rounds, hopeless, told),
    breaker: pauseState(pauses, 'breaker'),
    'second-instance': pauseState(pauses, 'second-instance'),
  };
  const notices = topics.flatMap((topic): Notice[] => {
    const [now, before] = [states[topic], told[topic] ?? null];
    if (now !== null && now !== before) return [newsOf(topic, backlog, { rounds, hopeless, pauses, approval })];
    return topic === 'failing' && now === null && before !== null ? [recovered(backlog)] : [];
  });
  const known = topics.flatMap(topic => (states[topic] === null ? [] : [[topic, states[topic]] as const]));
  return { notices, told: Object.fromEntries(known) };
}

const topics = ['failing', 'breaker', 'second-instance', 'approval'] as const;

/** After a grant that did not suffice the wait is a new one. */
function approvalState(rounds: readonly RoundReport[], approval: Approval | null): string | null {
  return waitingMoves(rounds) === null ? null : `after ${approval?.grantedAt.toISOString() ?? 'none'}`;
}

function failingState(rounds: readonly RoundReport[], hopeless: boolean, told: Told): string | null {
  if (rounds[0]?.status !== 'failed') return null;
  const row = rounds.findIndex(report => report.status !== 'failed');
  const repeated = (row < 0 ? rounds.length : row) >= patience;
  return told.failing ?? (repeated || hopeless ? `since ${rounds[0].id}` : null);
}

function pauseState(pauses: readonly Pause[], reason: Pause['reason']): string | null {
  return pauses.find(pause => pause.reason === reason)?.since.toISOString() ?? null;
}

function newsOf(topic: (typeof topics)[number], backlog: string, after: AfterRound): Notice {
  switch (topic) {
    case 'approval':
      return waits(backlog, after);
    case 'failing':
      return fails(backlog, after);
    case 'breaker':
    case 'second-instance': {
      const pause = after.pauses.find(({ reason }) => reason === topic);
      const title =
        topic === 'breaker'
          ? `${backlog}: stopped after repeated failures`
          : `${backlog}: a second Winnow seems to write here`;
      const text = pause === undefined ? '' : `The backlog is ${pauseText(pause)}.`;
      return { topic, backlog, title, text, todo: `winnow resume ${backlog}` };
    }
    default:
      return topic satisfies never;
  }
}

function waits(backlog: string, { rounds }: AfterRound): Notice {
  const waiting = waitingMoves(rounds);
  return {
    topic: 'approval',
    backlog,
    title: `${backlog}: ${waiting?.moves ?? 0} moves wait for approval`,
    text: `Round ${waiting?.round ?? ''} would move more than the limits allow. Look at "winnow plan ${backlog}" first.`,
    todo: `winnow approve ${backlog}`,
  };
}

function fails(backlog: string, { rounds, hopeless }: AfterRound): Notice {
  const message = rounds[0]?.problems[0]?.message ?? 'no reason was told';
  const title = hopeless ? `${backlog}: rounds cannot go on` : `${backlog}: rounds keep failing`;
  return { topic: 'failing', backlog, title, text: message, todo: 'winnow check' };
}

function recovered(backlog: string): Notice {
  return { topic: 'recovered', backlog, title: `${backlog}: rounds work again`, text: '', todo: '' };
}
