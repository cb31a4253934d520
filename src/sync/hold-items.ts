import { dayOf, startOfDay } from '../calendar.ts';
import type { ItemRef } from '../item.ts';
import { agreeing } from './agreeing.ts';
import type { Assessment, DesireInput } from './assessment.ts';
import type { Hold, HoldKind, ItemState } from './ports.ts';

interface Wish {
  readonly kind: HoldKind;
  readonly since: Date;
  readonly until: Date | null;
  readonly by: string;
}

/**
 * Places that the order flows around. An item keeps the index it had among eligible items in the order read by the first
 * round that applied the hold; later rounds find it in the item's state.
 */
export function holdItems(question: HoldQuestion): ReadonlyMap<ItemRef, Hold> {
  const { current, assessments, blockedBy, input } = question;
  const dragged = new Set(current.filter(ref => isNewDrag(input.states.get(ref), input)));
  const others = holdsOf(question, ref => (dragged.has(ref) ? null : 'not dragged'));
  const held = new Map([...others].map(([ref, { index }]) => [ref, index]));
  const agrees = agreeing({ current, bandOf: bandsOf(assessments), blockedBy, held, dragged });
  return holdsOf(question, ref => (!dragged.has(ref) ? 'not dragged' : agrees.has(ref) ? 'agrees' : 'against'));
}

export interface HoldQuestion {
  readonly current: readonly ItemRef[];
  readonly assessments: ReadonlyMap<ItemRef, Assessment>;
  readonly blockedBy: ReadonlyMap<ItemRef, readonly ItemRef[]>;
  readonly input: DesireInput;
}

/** What a new drag did to an item, in the eyes of the model. */
type Dragged = 'not dragged' | 'agrees' | 'against';

/** `dragOf`: null leaves the item out. */
function holdsOf(
  { current, assessments, input }: HoldQuestion,
  dragOf: (ref: ItemRef) => Dragged | null,
): Map<ItemRef, Hold> {
  const holds = new Map<ItemRef, Hold>();
  current.forEach((ref, index) => {
    const state = input.states.get(ref);
    const assessment = assessments.get(ref);
    const drag = dragOf(ref);
    if (state === undefined || assessment === undefined || drag === null) return;
    const wish = wishOf(state, assessment, input, drag);
    if (wish === null) return;
    holds.set(ref, { ...wish, index: sameHold(state.hold, wish) ? (state.hold?.index ?? index) : index });
  });
  return holds;
}

function bandsOf(assessments: ReadonlyMap<ItemRef, Assessment>): ReadonlyMap<ItemRef, number> {
  return new Map(
    [...assessments].flatMap(([ref, { band, score }]): readonly [ItemRef, number][] => {
      const key = band ?? score.score;
      return key === null ? [] : [[ref, key]];
    }),
  );
}

/** A waiting item stands where it stands: keeping an old index would move the others for its sake. */
const standing: ReadonlySet<HoldKind> = new Set(['quiet', 'write-budget', 'quarantine']);

function sameHold(known: Hold | null, wish: Wish): boolean {
  if (known === null || known.kind !== wish.kind || standing.has(wish.kind)) return false;
  return wish.kind !== 'drag' || known.since.getTime() === wish.since.getTime();
}

function wishOf(state: ItemState, assessment: Assessment, input: DesireInput, drag: Dragged): Wish | null {
  return (
    pinWish(state, input) ??
    dragWish(state, input, drag) ??
    missingInputWish(state, assessment, input) ??
    newItemWish(state, input) ??
    suspensionWish(state, input)
  );
}

function pinWish(state: ItemState, { settings, now }: DesireInput): Wish | null {
  const pins = new Set(settings.pins.labels.map(label => label.toLowerCase()));
  const label = state.item.labels.find(name => pins.has(name.toLowerCase()));
  if (label === undefined) return null;
  return { kind: 'pin', since: keptSince(state, 'pin', now), until: null, by: `label ${label}` };
}

/** A person's drag that no hold of an earlier round knows of. */
function isNewDrag(state: ItemState | undefined, { settings, requests }: DesireInput): boolean {
  const dragged = state === undefined ? undefined : requests.dragged.get(state.item.ref);
  if (dragged === undefined || settings.pins.dragHoldsDays <= 0) return false;
  return state?.hold?.kind !== 'drag' || dragged.at > state.hold.since;
}

/** A new drag pins only where the model would put the item elsewhere, and ends the hold of the one before. */
function dragWish(state: ItemState, { settings, now, requests }: DesireInput, drag: Dragged): Wish | null {
  const days = settings.pins.dragHoldsDays;
  const dragged = requests.dragged.get(state.item.ref);
  if (drag === 'agrees' || days <= 0) return null;
  if (drag === 'against' && dragged !== undefined) {
    const until = holdsUntil(dragged.at, days, settings.timezone);
    // Seen only now, after a long pause: its time may be over already.
    return until <= now ? null : { kind: 'drag', since: dragged.at, until, by: dragged.who };
  }
  const running = state.hold?.kind === 'drag' ? state.hold : null;
  if (running === null || (running.until !== null && running.until <= now)) return null;
  return { kind: 'drag', since: running.since, until: running.until, by: running.by };
}

function missingInputWish(state: ItemState, assessment: Assessment, { now }: DesireInput): Wish | null {
  if (assessment.score.score !== null) return null;
  return {
    kind: 'missing-input',
    since: keptSince(state, 'missing-input', now),
    until: null,
    by: 'the model lacks input',
  };
}

function newItemWish(state: ItemState, { settings, now }: DesireInput): Wish | null {
  if (settings.newItemsHoldDays <= 0) return null;
  const until = holdsUntil(state.item.createdAt, settings.newItemsHoldDays, settings.timezone);
  if (until <= now) return null;
  return { kind: 'new-item', since: state.item.createdAt, until, by: `newItemsHoldDays: ${settings.newItemsHoldDays}` };
}

/** Days are calendar days of the backlog's zone, so that all rounds of one day agree. */
function holdsUntil(since: Date, days: number, zone: string): Date {
  return startOfDay(dayOf(since, zone) + days, zone);
}

function suspensionWish(state: ItemState, { requests, now }: DesireInput): Wish | null {
  const suspended = requests.suspended.get(state.item.ref);
  if (suspended === undefined) return null;
  const { guard, until, by } = suspended;
  if (guard !== 'quiet' && guard !== 'write-budget' && guard !== 'quarantine') return null;
  return { kind: guard, since: keptSince(state, guard, now), until, by };
}

function keptSince(state: ItemState, kind: HoldKind, now: Date): Date {
  return state.hold?.kind === kind ? state.hold.since : now;
}
