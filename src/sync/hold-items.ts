import { dayOf, startOfDay } from '../calendar.ts';
import type { ItemRef } from '../item.ts';
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
export function holdItems(args: {
  readonly current: readonly ItemRef[];
  readonly assessments: ReadonlyMap<ItemRef, Assessment>;
  readonly input: DesireInput;
}): ReadonlyMap<ItemRef, Hold> {
  const { current, assessments, input } = args;
  const against = againstTheBands(current, assessments);
  const holds = new Map<ItemRef, Hold>();
  current.forEach((ref, index) => {
    const state = input.states.get(ref);
    const assessment = assessments.get(ref);
    if (state === undefined || assessment === undefined) return;
    const wish = wishOf(state, assessment, input, against.has(ref));
    if (wish === null) return;
    holds.set(ref, { ...wish, index: sameHold(state.hold, wish) ? (state.hold?.index ?? index) : index });
  });
  return holds;
}

/** A waiting item stands where it stands: keeping an old index would move the others for its sake. */
const standing: ReadonlySet<HoldKind> = new Set(['quiet', 'write-budget', 'quarantine']);

function sameHold(known: Hold | null, wish: Wish): boolean {
  if (known === null || known.kind !== wish.kind || standing.has(wish.kind)) return false;
  return wish.kind !== 'drag' || known.since.getTime() === wish.since.getTime();
}

function wishOf(state: ItemState, assessment: Assessment, input: DesireInput, against: boolean): Wish | null {
  return (
    pinWish(state, input) ??
    dragWish(state, input, against) ??
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

/** A new drag pins only where the model would put the item elsewhere, and ends the one before; else that runs until it expires. */
function dragWish(state: ItemState, { settings, now, requests }: DesireInput, against: boolean): Wish | null {
  const days = settings.pins.dragHoldsDays;
  if (days <= 0) return null;
  const running = state.hold?.kind === 'drag' ? state.hold : null;
  const dragged = requests.dragged.get(state.item.ref);
  if (dragged !== undefined && (running === null || dragged.at > running.since)) {
    if (!against) return null;
    const until = holdsUntil(dragged.at, days, settings.timezone);
    // Seen only now, after a long pause: its time may be over already.
    return until <= now ? null : { kind: 'drag', since: dragged.at, until, by: dragged.who };
  }
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

/** Items with a lower band above them, or a higher one below: where they stand is not where the bands would put them. */
function againstTheBands(
  current: readonly ItemRef[],
  assessments: ReadonlyMap<ItemRef, Assessment>,
): ReadonlySet<ItemRef> {
  const key = (ref: ItemRef): number | null => assessments.get(ref)?.band ?? assessments.get(ref)?.score.score ?? null;
  const found = new Set<ItemRef>();
  let lowestAbove = Infinity;
  for (const ref of current) {
    const own = key(ref);
    if (own === null) continue;
    if (own > lowestAbove) found.add(ref);
    lowestAbove = Math.min(lowestAbove, own);
  }
  let highestBelow = -Infinity;
  for (const ref of [...current].reverse()) {
    const own = key(ref);
    if (own === null) continue;
    if (own < highestBelow) found.add(ref);
    highestBelow = Math.max(highestBelow, own);
  }
  return found;
}
