import type { Change, ScoreSetChange, Withheld } from '../change.ts';
import type { Capabilities } from '../connectors/connector.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import type { Model } from '../scoring/model.ts';
import type { BacklogSettings } from '../settings.ts';
import type { Assessment } from './assessment.ts';
import type { Desired } from './desire.ts';
import { explanationChange } from './explanation.ts';
import type { Guarded } from './guard.ts';
import { labelChanges, type OwnLabels } from './labels.ts';
import { moveReasons } from './move-reasons.ts';
import { planMoves, type PlannedMove } from './moves-plan.ts';
import type { ItemState } from './ports.ts';

/** Current against desired: the list of differences, each with its reason. Pure. */
export interface PlanInput {
  readonly states: ReadonlyMap<ItemRef, ItemState>;
  readonly desired: Desired;
  /** Items that left the scope and still bear labels of ours. */
  readonly strays: readonly BacklogItem[];
  readonly model: Model;
  readonly settings: BacklogSettings;
  readonly own: OwnLabels;
  readonly can: Capabilities;
}

/** Every difference, moves first (top of the backlog first), then labels, scores, explanations; moves of waiting items are withheld. */
export function plan(input: PlanInput): Guarded {
  const { changes, withheld } = input.settings.write.rank ? moves(input) : { changes: [], withheld: [] };
  const labels = input.settings.write.labels ? labelsOfAll(input) : [];
  const scores = input.settings.write.score === null ? [] : scoresOfAll(input);
  return { changes: [...changes, ...labels, ...scores, ...explanationsOfAll(input)], withheld };
}

function moves(input: PlanInput): Guarded {
  const { desired } = input;
  const unanchored = withoutOwnPlace(desired.current, input.states);
  const moves = planMoves({
    current: desired.current,
    desired: desired.order,
    perCall: input.can.movesPerCall,
    prices: { item: 1, call: 1 },
    unanchored,
    fixed: desired.fixed,
  });
  const reasons = moveReasons(input);
  const change =
    (order: readonly ItemRef[]) =>
    (move: PlannedMove): Change => ({
      kind: 'move',
      ref: move.ref,
      key: input.states.get(move.ref)?.item.key ?? move.ref,
      from: move.from,
      to: move.to,
      after: move.after,
      because: reasons(move, order),
    });
  const withheld = keptBack(desired).flatMap((move): Withheld[] => {
    const guard = desired.waiting.get(move.ref);
    return guard === undefined ? [] : [{ ...change(desired.unsuspended)(move), guard }];
  });
  return { changes: moves.map(change(desired.order)), withheld };
}

/** What would still move once the others stand in place: the moves of the items that wait, to places they do not have. */
function keptBack({ order, unsuspended, waiting }: Desired): readonly PlannedMove[] {
  if (unsuspended === order) return [];
  const others = (list: readonly ItemRef[]): readonly ItemRef[] => list.filter(ref => !waiting.has(ref));
  const there = others(unsuspended);
  const agree = others(order).every((ref, index) => there[index] === ref);
  const prices = { item: 1, call: 1 };
  const fixed = agree ? new Set(there) : new Set<ItemRef>();
  const moves = planMoves({ current: order, desired: unsuspended, perCall: 1, prices, unanchored: new Set(), fixed });
  return moves.filter(move => move.from !== move.to);
}

/** Items without an order value, or sharing one, have no place of their own that others could be put beside. */
export function withoutOwnPlace(
  current: readonly ItemRef[],
  states: ReadonlyMap<ItemRef, ItemState>,
): ReadonlySet<ItemRef> {
  const seen = new Map<string | number, ItemRef>();
  const found = new Set<ItemRef>();
  for (const ref of current) {
    const order = states.get(ref)?.item.order ?? null;
    const twin = order === null ? undefined : seen.get(order);
    if (order === null) found.add(ref);
    else if (twin === undefined) seen.set(order, ref);
    else found.add(ref).add(twin);
  }
  return found;
}

function labelsOfAll(input: PlanInput): readonly Change[] {
  const changes: Change[] = [];
  for (const [ref, state] of input.states) {
    const assessment = input.desired.assessments.get(ref);
    if (assessment === undefined) continue;
    changes.push(...labelChangesOf(state.item, assessment, input));
  }
  for (const item of input.strays) {
    const options = { ignoreCase: input.can.labelsIgnoreCase, goneBecause: 'it left this backlog' };
    changes.push(...labelChanges(item, [], input.own, options));
  }
  return changes.sort((a, b) => byKey(a.ref, b.ref));
}

/** Label changes of one item as it stands. */
export function labelChangesOf(
  item: BacklogItem,
  assessment: Assessment,
  input: Pick<PlanInput, 'own' | 'can'>,
): readonly Change[] {
  return labelChanges(item, assessment.labels, input.own, {
    ignoreCase: input.can.labelsIgnoreCase,
    goneBecause: assessment.eligible ? 'its reason is gone' : notFlaggedBecause(item),
  });
}

function notFlaggedBecause(item: BacklogItem): string {
  if (item.progress === 'done' || item.progress === 'removed') return `it is ${item.trackerStatus}`;
  if (item.progress === 'doing') return `work has started (${item.trackerStatus})`;
  if (item.sprint !== null) return `it is planned in ${item.sprint}`;
  return 'it is not of this backlog level';
}

function scoresOfAll(input: PlanInput): readonly Change[] {
  return input.desired.order.flatMap(ref => {
    const state = input.states.get(ref);
    const assessment = input.desired.assessments.get(ref);
    const change = state && assessment ? scoreChangeOf(state, assessment, input) : null;
    return change === null ? [] : [change];
  });
}

function explanationsOfAll({ states, desired, model, settings, can }: PlanInput): readonly Change[] {
  const form = can.explanation;
  if (form === undefined || settings.write.explanation === null) return [];
  const terms = { model, form, zone: settings.timezone, step: settings.write.scoreStep };
  return desired.order.flatMap(ref => {
    const state = states.get(ref);
    const assessment = desired.assessments.get(ref);
    const change = state && assessment ? explanationChange(state.item, assessment, terms) : null;
    return change === null ? [] : [change];
  });
}

/** Score field of one item: written when empty, when the band changed, or when it is off by a step. */
export function scoreChangeOf(
  state: ItemState,
  assessment: Assessment,
  input: Pick<PlanInput, 'model' | 'settings'>,
): ScoreSetChange | null {
  const score = assessment.score.score;
  if (!assessment.eligible || score === null) return null;
  const { item } = state;
  const base = { kind: 'score-set' as const, ref: item.ref, key: item.key, to: score };
  if (item.scoreField.kind === 'unreadable')
    return { ...base, from: null, because: `the field held ${item.scoreField.raw}` };
  if (item.scoreField.kind === 'absent') return { ...base, from: null, because: 'the field was empty' };
  const from = item.scoreField.value;
  if (from === score) return null;
  const difference = Math.round(Math.abs(score - from) * 100) / 100;
  if (difference >= input.settings.write.scoreStep) return { ...base, from, because: `it changed by ${difference}` };
  const remembered = state.band?.modelHash === input.model.hash ? state.band.band : null;
  if (remembered === null || assessment.band === null || remembered === assessment.band) return null;
  return { ...base, from, because: `its band changed from ${remembered} to ${assessment.band}` };
}

function byKey(a: ItemRef, b: ItemRef): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
