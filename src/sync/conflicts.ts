import type { Change } from '../change.ts';
import type { BacklogItem } from '../item.ts';
import { isEligible } from './eligible.ts';
import { bears, holdsExplanation, holdsScore, type LabelSense } from './landed.ts';

/** What becomes of a change whose item was changed by somebody else between the read and the write. Pure. */
export type Verdict =
  /** Still wanted, and as safe as before. */
  | { readonly kind: 'again' }
  /** Somebody has done it already. */
  | { readonly kind: 'done' }
  /** It was decided on an item that is no more: the next round reads what was done, and decides afresh. */
  | { readonly kind: 'waits' }
  | { readonly kind: 'failed'; readonly problem: string };

export interface Encounter {
  readonly change: Change;
  /** As the round read it. */
  readonly before: BacklogItem | undefined;
  /** As it is now; null: it left the scope. */
  readonly now: BacklogItem | null;
  /** Whether an item that a person edits may be written at once. */
  readonly impatient: boolean;
  readonly stageLabels: ReadonlySet<string>;
  readonly sense: LabelSense;
}

/**
 * A conflict without any change was a mere race for the item. Otherwise somebody is at work on it: it waits, as every item
 * does that is being edited. Where nobody has to wait, what the change was decided upon must still be so; stages never are,
 * since whatever was done may have been activity.
 */
export function verdictOn({ change, before, now, impatient, stageLabels, sense }: Encounter): Verdict {
  if (now === null) return { kind: 'failed', problem: `${change.key} left the backlog meanwhile` };
  if (isDone(change, now, sense)) return { kind: 'done' };
  if (before !== undefined && now.version === before.version) return { kind: 'again' };
  if (!impatient || before === undefined || decidedOn(now) !== decidedOn(before)) return { kind: 'waits' };
  if (change.kind === 'move' && (now.order !== before.order || !isEligible(now))) return { kind: 'waits' };
  if (change.kind === 'label-add' && stageLabels.has(change.to)) return { kind: 'waits' };
  return { kind: 'again' };
}

function isDone(change: Change, now: BacklogItem, sense: LabelSense): boolean {
  switch (change.kind) {
    case 'move':
      return false;
    case 'label-add':
      return bears(now, change.to, sense);
    case 'label-remove':
      return !bears(now, change.from, sense);
    case 'score-set':
      return holdsScore(now, change.to);
    case 'explanation-set':
      return holdsExplanation(now, change.to);
    default:
      return change satisfies never;
  }
}

/** Everything of an item that scores, labels and eligibility are made of. */
function decidedOn(item: BacklogItem): string {
  const { onLevel, progress, sprint, type, priority, effort, due, demand, inputs, words, blockedBy } = item;
  return JSON.stringify([onLevel, progress, sprint, type, priority, effort, due, demand, inputs, words, blockedBy]);
}
