import { pauseText } from '../sync/pause-text.ts';
import { waitingMoves } from '../sync/waiting-moves.ts';
import type { AfterRound } from './after-round.ts';
import { digestText } from './digest.ts';
import type { Notice, NoticeTopic } from './notice.ts';

/** What a notice says. `before`: the state of its topic that was told last. Pure. */
export function newsOf(topic: NoticeTopic, backlog: string, after: AfterRound, before: string | null): Notice {
  const about = { topic, backlog, text: '', todo: '' };
  switch (topic) {
    case 'approval':
      return { ...about, ...waits(backlog, after) };
    case 'failing':
      return { ...about, ...fails(backlog, after) };
    case 'recovered':
      return { ...about, title: `${backlog}: rounds work again` };
    case 'resumed':
      return { ...about, title: `${backlog}: the pause is over`, text: 'Winnow writes again.' };
    case 'digest': {
      const text = after.digest === null ? '' : digestText(after.digest, before);
      return { ...about, title: `${backlog}: how grooming stands`, text };
    }
    case 'breaker':
    case 'second-instance': {
      const pause = after.pauses.find(({ reason }) => reason === topic);
      const title =
        topic === 'breaker'
          ? `${backlog}: stopped after repeated failures`
          : `${backlog}: a second Winnow seems to write here`;
      const text = pause === undefined ? '' : `The backlog is ${pauseText(pause)}.`;
      return { ...about, title, text, todo: `winnow resume ${backlog}` };
    }
    default:
      return topic satisfies never;
  }
}

type Words = Pick<Notice, 'title' | 'text' | 'todo'>;

function waits(backlog: string, { rounds }: AfterRound): Words {
  const { moves = 0, round = '' } = waitingMoves(rounds) ?? {};
  return {
    title: `${backlog}: ${moves} ${moves === 1 ? 'move waits' : 'moves wait'} for approval`,
    text: `Round ${round} would move more than the limits allow. Look at "winnow plan ${backlog}" first.`,
    todo: `winnow approve ${backlog}`,
  };
}

function fails(backlog: string, { rounds, hopeless }: AfterRound): Words {
  const text = rounds[0]?.problems[0]?.message ?? 'no reason was told';
  const title = hopeless ? `${backlog}: rounds cannot go on` : `${backlog}: rounds keep failing`;
  return { title, text, todo: 'winnow check' };
}
