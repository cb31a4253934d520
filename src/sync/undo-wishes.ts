import type { Change } from '../change.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { whyNotEligible } from './eligible.ts';
import { holdsExplanation } from './landed.ts';
import type { JournaledEffect, JournaledRound, Problem } from './ports.ts';
import type { Touch } from './undo-touches.ts';

/** All that decides what of a round can be undone, item by item. */
export interface UndoInput {
  readonly round: JournaledRound;
  /** Applied effects on the items of the round, by it and by other rounds, in the order they were intended. */
  readonly effects: readonly JournaledEffect[];
  /** Items in scope as they are now. */
  readonly items: ReadonlyMap<ItemRef, BacklogItem>;
  /** Why an item of the round is not among them, for people. */
  readonly absent: ReadonlyMap<ItemRef, string>;
  /** What others did to rank and labels since. */
  readonly touches: ReadonlyMap<ItemRef, readonly Touch[]>;
  readonly labelsIgnoreCase: boolean;
  /** Whether the score field is read at all. */
  readonly scoresRead: boolean;
}

export interface UndoWishes {
  /** Labels and scores to be restored. */
  readonly edits: readonly Change[];
  /** Items that the round moved and that still stand where Winnow put them. */
  readonly back: ReadonlySet<ItemRef>;
  /** Values that are no longer ours, and so are left as they are, with the reason. */
  readonly left: readonly Problem[];
}

type Verdict =
  | { readonly kind: 'restore'; readonly change: Change }
  | { readonly kind: 'back' }
  | { readonly kind: 'left'; readonly why: string }
  | null;

/** Divides what a round changed into what is still ours and goes back, and what is left. What is as before is neither. */
export function undoWishes(input: UndoInput): UndoWishes {
  const edits: Change[] = [];
  const back = new Set<ItemRef>();
  const left: Problem[] = [];
  for (const own of lastOfEach(input)) {
    const item = input.items.get(own.ref);
    const verdict: Verdict =
      item === undefined
        ? { kind: 'left', why: input.absent.get(own.ref) ?? 'it left this backlog' }
        : judge(own, item, input);
    if (verdict?.kind === 'restore') edits.push(verdict.change);
    else if (verdict?.kind === 'back') back.add(own.ref);
    else if (verdict?.kind === 'left')
      left.push({ ref: own.ref, message: `${own.key}: ${nameOf(own)} is left: ${verdict.why}` });
  }
  return { edits, back, left };
}

/** The round's last write to each value, with the value from before its first; neighbours that only made room are none. */
function lastOfEach({ round, effects }: UndoInput): readonly JournaledEffect[] {
  const moved = new Set(round.changes.flatMap(change => (change.kind === 'move' ? [change.ref] : [])));
  const found = new Map<string, JournaledEffect>();
  for (const effect of effects) {
    if (effect.round !== round.id || (effect.field === 'rank' && !moved.has(effect.ref))) continue;
    const id = `${effect.ref} ${effect.field} ${labelOf(effect)}`;
    const first = found.get(id);
    found.set(id, first === undefined || effect.field === 'label' ? effect : { ...effect, from: first.from });
  }
  return [...found.values()];
}

function judge(own: JournaledEffect, item: BacklogItem, input: UndoInput): Verdict {
  switch (own.field) {
    case 'label':
      return judgeLabel(own, item, input);
    case 'score':
      return judgeScore(own, item, input);
    case 'explanation':
      return judgeExplanation(own, item, input);
    case 'rank':
      return judgePlace(own, item, input);
    default:
      return own.field satisfies never;
  }
}

function judgeLabel(own: JournaledEffect, item: BacklogItem, input: UndoInput): Verdict {
  const fold = (label: string): string => (input.labelsIgnoreCase ? label.toLowerCase() : label);
  const label = fold(labelOf(own));
  const spelt = item.labels.find(name => fold(name) === label);
  const asLeft = own.to === null ? spelt === undefined : spelt !== undefined;
  if (!asLeft) return null;
  const touch = (input.touches.get(own.ref) ?? []).find(
    touched => touched.label !== null && fold(touched.label) === label && touched.at > own.intendedAt,
  );
  if (touch !== undefined) return { kind: 'left', why: `${touch.who} changed it on ${minuteOf(touch.at)}` };
  const later = laterRound(own, input, effect => effect.field === 'label' && fold(labelOf(effect)) === label);
  if (later !== null) return { kind: 'left', why: `round ${later} changed it later` };
  const base = { ref: own.ref, key: item.key };
  return {
    kind: 'restore',
    change:
      own.to === null
        ? { kind: 'label-add', ...base, from: null, to: labelOf(own), because: `round ${own.round} removed it` }
        : {
            kind: 'label-remove',
            ...base,
            from: spelt ?? labelOf(own),
            to: null,
            because: `round ${own.round} added it`,
          },
  };
}

function judgeScore(own: JournaledEffect, item: BacklogItem, { effects, scoresRead }: UndoInput): Verdict {
  if (!scoresRead) return { kind: 'left', why: 'no score field is configured now (write.score)' };
  const now = item.scoreField.kind === 'value' ? item.scoreField.value : null;
  const [from, to] = [numberOf(own.from), numberOf(own.to)];
  if (item.scoreField.kind !== 'unreadable' && now === from) return null;
  if (item.scoreField.kind === 'unreadable' || now !== to) {
    const later = laterRound(own, { effects }, effect => effect.field === 'score');
    return { kind: 'left', why: later === null ? 'somebody changed it since' : `round ${later} changed it later` };
  }
  const because = `round ${own.round} wrote ${to ?? 'nothing'}`;
  return { kind: 'restore', change: { kind: 'score-set', ref: own.ref, key: item.key, from: now, to: from, because } };
}

function judgeExplanation(own: JournaledEffect, item: BacklogItem, { effects }: UndoInput): Verdict {
  const { explanation } = item;
  if (explanation === undefined) return { kind: 'left', why: 'no explanation is configured now (write.explanation)' };
  if (holdsExplanation(item, own.from)) return null;
  if (!holdsExplanation(item, own.to)) {
    const later = laterRound(own, { effects }, effect => effect.field === 'explanation');
    return { kind: 'left', why: later === null ? 'somebody changed it since' : `round ${later} changed it later` };
  }
  const now = explanation.kind === 'value' ? explanation.value : null;
  const because = `round ${own.round} wrote it`;
  return {
    kind: 'restore',
    change: { kind: 'explanation-set', ref: own.ref, key: item.key, from: now, to: own.from, because },
  };
}

/** A place is ours if the order value, or where the tracker tells none that means something, the newest entry, is. */
function judgePlace(own: JournaledEffect, item: BacklogItem, { effects, touches }: UndoInput): Verdict {
  const hindrance = whyNotEligible(item);
  if (hindrance !== null) return { kind: 'left', why: `it is not ranked now, for ${hindrance}` };
  const newest = effects.findLast(effect => effect.ref === own.ref && effect.field === 'rank') ?? own;
  if (typeof item.order === 'number') {
    if (String(item.order) === newest.to) return { kind: 'back' };
    return { kind: 'left', why: 'somebody moved it since' };
  }
  const touch = (touches.get(own.ref) ?? []).findLast(({ label, at }) => label === null && at > newest.intendedAt);
  if (touch !== undefined) return { kind: 'left', why: `${touch.who} moved it on ${minuteOf(touch.at)}` };
  return item.order === null ? { kind: 'left', why: 'it has no rank any more' } : { kind: 'back' };
}

function laterRound(
  own: JournaledEffect,
  { effects }: Pick<UndoInput, 'effects'>,
  same: (effect: JournaledEffect) => boolean,
): string | null {
  const place = effects.findLastIndex(effect => effect.round === own.round && effect.ref === own.ref && same(effect));
  const later = effects.slice(place + 1).find(effect => effect.ref === own.ref && same(effect));
  return later?.round ?? null;
}

function labelOf(effect: JournaledEffect): string {
  return effect.field === 'label' ? (effect.to ?? effect.from ?? '') : '';
}

function nameOf(effect: JournaledEffect): string {
  if (effect.field === 'label') return labelOf(effect);
  if (effect.field === 'explanation') return 'its explanation';
  return effect.field === 'score' ? 'its score' : 'its place';
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}

function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
