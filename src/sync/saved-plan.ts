import type { Change, GuardName, MoveChange, Outcome, Withheld } from '../change.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import type { BacklogSettings } from '../settings.ts';
import type { Guarded } from './guard.ts';
import { isOurs, mayBeWritten } from './explanation.ts';
import { holdsExplanation } from './landed.ts';

/** What an item looked like when the plan was made; what differs now is refused. */
export interface Precondition {
  /** null: the plan does not tell. */
  readonly version: string | null;
  readonly order: string | number | null;
  readonly labels: readonly string[];
  readonly score: number | null;
  /** null: there was none, or none was read. */
  readonly explanation: string | null;
}

/** A plan written to a file, to be carried out later. It is untrusted input: parsed strictly, checked against the tracker. */
export interface SavedPlan {
  readonly backlog: string;
  readonly modelHash: string;
  readonly changes: readonly Change[];
  readonly before: ReadonlyMap<ItemRef, Precondition>;
}

/** The backlog as a saved plan finds it. */
export interface PlanGround {
  readonly items: ReadonlyMap<ItemRef, BacklogItem>;
  /** Items that are ranked now. */
  readonly eligible: ReadonlySet<ItemRef>;
  /** Ranked items that must not be moved in this round, with the guard that says so. */
  readonly waiting: ReadonlyMap<ItemRef, GuardName>;
  /** Those, and what cannot be moved because of them. */
  readonly fixed: ReadonlySet<ItemRef>;
  /** Winnow's labels. */
  readonly own: ReadonlySet<string>;
  /** What is configured to be written now. */
  readonly write: BacklogSettings['write'];
}

/** The item as a precondition records it. */
export function preconditionOf(item: BacklogItem): Precondition {
  const score = item.scoreField.kind === 'value' ? item.scoreField.value : null;
  const explanation = item.explanation?.kind === 'value' ? item.explanation.value : null;
  return { version: item.version, order: item.order, labels: item.labels, score, explanation };
}

/** Every item that changes name: what they change, and what they put other items beside. */
export function itemsNamedBy(changes: readonly Change[]): readonly ItemRef[] {
  return [...new Set(changes.flatMap(c => (c.kind === 'move' && c.after !== null ? [c.ref, c.after] : [c.ref])))];
}

/**
 * Divides a saved plan, item by item, into what may still be done, what a guard keeps back and what is refused. A move whose
 * neighbour does not go where the plan puts it goes beside that one's own neighbour. Pure.
 */
export function checkSavedPlan(
  plan: SavedPlan,
  ground: PlanGround,
): { readonly plan: Guarded; readonly refused: readonly Outcome[] } {
  const changes: Change[] = [];
  const moves: MoveChange[] = [];
  const withheld: Withheld[] = [];
  const refused: Outcome[] = [];
  const refuse = (change: Change, why: string): void =>
    void refused.push({ status: 'failed', change, problem: `left alone: ${why}` });
  const planned = new Map<ItemRef, MoveChange>();
  for (const change of plan.changes) {
    const isMove = change.kind === 'move';
    const problem =
      objection(change, plan, ground) ?? (isMove && planned.has(change.ref) ? 'the plan moves it twice' : null);
    const guard = isMove ? guardOf(change.ref, ground) : null;
    if (isMove && !planned.has(change.ref)) planned.set(change.ref, change);
    if (problem !== null) refuse(change, problem);
    else if (!isMove) changes.push(change);
    else if (guard !== null) withheld.push({ ...change, guard });
    else moves.push(change);
  }
  const going = new Map<ItemRef, MoveChange>();
  for (const move of moves.sort((a, b) => a.to - b.to)) {
    const anchor = anchorOf(move, { planned, going }, plan, ground);
    if ('problem' in anchor) refuse(move, anchor.problem);
    else going.set(move.ref, { ...move, after: anchor.after });
  }
  return { plan: { changes: [...going.values(), ...changes], withheld }, refused };
}

function guardOf(ref: ItemRef, { waiting, fixed }: PlanGround): GuardName | null {
  const [any = null] = waiting.values();
  return waiting.get(ref) ?? (fixed.has(ref) ? any : null);
}

/** Below what the item may be put: what the plan says, or the nearest above that stands where the plan has it. */
function anchorOf(
  move: MoveChange,
  moves: { readonly planned: ReadonlyMap<ItemRef, MoveChange>; readonly going: ReadonlyMap<ItemRef, MoveChange> },
  plan: SavedPlan,
  ground: PlanGround,
): { readonly after: ItemRef | null } | { readonly problem: string } {
  let { after, to } = move;
  while (after !== null && !moves.going.has(after)) {
    const instead = moves.planned.get(after);
    if (instead === undefined) {
      const problem = objectionToNeighbour(after, plan, ground);
      return problem === null ? { after } : { problem };
    }
    // Above a move's place stand smaller places: a file that says otherwise would lead us in a circle.
    if (instead.to >= to) return { problem: 'the plan contradicts itself about its place' };
    ({ after, to } = instead);
  }
  return { after };
}

/** Why nothing can be put below an item that the plan does not move, or null. */
function objectionToNeighbour(ref: ItemRef, { before }: SavedPlan, { items, eligible }: PlanGround): string | null {
  const item = items.get(ref);
  const then = before.get(ref);
  const which = `${item?.key ?? ref}, below which it was to stand,`;
  if (item === undefined || !eligible.has(ref)) return `${which} is no longer ranked`;
  if (then === undefined) return `${which} is not told of in the plan`;
  return item.order === then.order ? null : `${which} was moved since the plan was made`;
}

/** Why a change must not be made to its item as it is now, or null. */
function objection(change: Change, plan: SavedPlan, ground: PlanGround): string | null {
  const { items, eligible, own, write } = ground;
  const item = items.get(change.ref);
  const before = plan.before.get(change.ref);
  if (item === undefined) return 'it is no longer in the backlog';
  if (before === undefined) return 'the plan does not say how it stood';
  if (change.kind !== 'label-remove' && !eligible.has(change.ref)) return notRanked;
  if (before.version !== null && item.version !== before.version) return sincePlan(whatChanged(item, before));
  switch (change.kind) {
    case 'move':
      if (!write.rank) return 'no order is to be written now (write.rank)';
      return item.order === before.order ? null : sincePlan('it was moved');
    case 'label-add':
    case 'label-remove':
      return (
        objectionToLabel(change.to ?? change.from, own, write) ??
        (sameLabels(item, before) ? null : sincePlan('its labels were changed'))
      );
    case 'score-set':
      if (write.score === null) return 'no score field is configured now (write.score)';
      return preconditionOf(item).score === before.score ? null : sincePlan('its score field was changed');
    case 'explanation-set':
      return objectionToText(change.to, item, before);
    default:
      return change satisfies never;
  }
}

const notRanked = 'it is no longer ranked (started, planned or done)';

/** Any change of an item may have changed what should become of it. */
function whatChanged(item: BacklogItem, before: Precondition): string {
  if (item.order !== before.order) return 'it was moved';
  return sameLabels(item, before) ? 'it was changed' : 'its labels were changed';
}

function sincePlan(what: string): string {
  return `${what} since the plan was made`;
}

function objectionToLabel(label: string, own: ReadonlySet<string>, write: PlanGround['write']): string | null {
  if (!own.has(label)) return `${label} is not a label of Winnow`;
  return write.labels ? null : 'no labels are to be written now (write.labels)';
}

function objectionToText(to: string | null, item: BacklogItem, before: Precondition): string | null {
  if (item.explanation === undefined) return 'no explanation is configured now (write.explanation)';
  if (to !== null && !isOurs(to)) return 'the text for it is no explanation of Winnow';
  const same = holdsExplanation(item, before.explanation) && mayBeWritten(item.explanation);
  return same ? null : sincePlan('the explanation on it was changed');
}

function sameLabels(item: BacklogItem, before: Precondition): boolean {
  const now = new Set(item.labels);
  return now.size === new Set(before.labels).size && before.labels.every(label => now.has(label));
}
