import type { ItemRef } from '../item.ts';
import { bandRange } from '../scoring/bands.ts';
import type { Model } from '../scoring/model.ts';
import type { Desired } from './desire.ts';
import type { PlannedMove } from './moves-plan.ts';
import type { ItemState } from './ports.ts';

interface ReasonInput {
  readonly states: ReadonlyMap<ItemRef, ItemState>;
  readonly desired: Desired;
  readonly model: Model;
}

/** Why an item moves, as a sentence that names bands, since inside a band nobody is moved for a score. */
export function moveReasons(input: ReasonInput): (move: PlannedMove, order: readonly ItemRef[]) => string {
  const was = new Map(input.desired.current.map((ref, index) => [ref, index]));
  const blocks = blockedOf(input.desired);
  const because = (move: PlannedMove, order: readonly ItemRef[]): string => {
    const up = move.to <= move.from;
    const index = move.to - 1;
    const passed = passedNeighbour({ index, order, was, up });
    const own = bandText(move.ref, input);
    if (passed === null) return `${own} keeps its order around the items that stay`;
    const other = `${input.states.get(passed)?.item.key ?? passed} (${bandText(passed, input)})`;
    const waits = blocks.get(move.ref)?.find(ref => (was.get(ref) ?? 0) < (was.get(move.ref) ?? 0));
    if (up && compareBands(move.ref, passed, input) <= 0 && waits !== undefined) {
      return `it blocks ${input.states.get(waits)?.item.key ?? waits}, which stood above it`;
    }
    // Bands explain a move only in their own direction; else it follows from blockers or held items around it.
    const compared = compareBands(move.ref, passed, input);
    if (up ? compared < 0 : compared > 0) return `${own} gives way to blockers or held items around ${other}`;
    return `${own} belongs ${up ? 'above' : 'below'} ${other}`;
  };
  // As many items pass it on the way up as on the way down.
  const sameNumber = 'its number stays, its neighbours change: ';
  return (move, order) => `${move.to === move.from ? sameNumber : ''}${because(move, order)}`;
}

/** The nearest neighbour in the new order that stood on the other side before. */
function passedNeighbour(args: {
  readonly index: number;
  readonly order: readonly ItemRef[];
  readonly was: ReadonlyMap<ItemRef, number>;
  readonly up: boolean;
}): ItemRef | null {
  const { index, order, was, up } = args;
  const own = was.get(order[index] as ItemRef) ?? 0;
  const step = up ? 1 : -1;
  for (let i = index + step; i >= 0 && i < order.length; i += step) {
    const ref = order[i] as ItemRef;
    const before = was.get(ref) ?? 0;
    if (up ? before < own : before > own) return ref;
  }
  return null;
}

function blockedOf(desired: Desired): ReadonlyMap<ItemRef, readonly ItemRef[]> {
  const blocked = new Map<ItemRef, ItemRef[]>();
  for (const [ref, blockers] of desired.blockedBy) {
    for (const blocker of blockers) blocked.set(blocker, [...(blocked.get(blocker) ?? []), ref]);
  }
  return blocked;
}

function compareBands(a: ItemRef, b: ItemRef, input: ReasonInput): number {
  const key = (ref: ItemRef): number => {
    const assessment = input.desired.assessments.get(ref);
    return assessment?.band ?? assessment?.score.score ?? 0;
  };
  return key(a) - key(b);
}

function bandText(ref: ItemRef, input: ReasonInput): string {
  const assessment = input.desired.assessments.get(ref);
  const score = assessment?.score.score ?? null;
  if (score === null || assessment === undefined) return 'without a score';
  if (assessment.band === null) return `score ${score}`;
  const [low, high] = bandRange(assessment.band, input.model.band, assessment.score.floor);
  return `band ${low}-${high}, score ${score}`;
}
