import type { MoveChange } from '../change.ts';
import type { Capabilities } from '../connectors/connector.ts';
import type { ItemRef } from '../item.ts';
import type { Desired } from './desire.ts';
import { planMoves } from './moves-plan.ts';
import { withoutOwnPlace } from './plan.ts';
import type { ItemState, JournaledEffect, JournaledRound } from './ports.ts';

/** Items that a later round or a person has moved since a round: no neighbours to put others back beside. */
export function displacedSince(
  target: JournaledRound,
  effects: readonly JournaledEffect[],
  states: ReadonlyMap<ItemRef, ItemState>,
): ReadonlySet<ItemRef> {
  const displaced = new Set<ItemRef>();
  for (const { ref, round, field, intendedAt } of effects) {
    if (field === 'rank' && round !== target.id && intendedAt > target.startedAt) displaced.add(ref);
  }
  for (const [ref, { rankedByPerson }] of states) {
    if (rankedByPerson !== null && rankedByPerson.at > target.startedAt) displaced.add(ref);
  }
  return displaced;
}

/** The cheapest moves among the items that go back; no other is touched. */
export function movesBack(question: {
  readonly states: ReadonlyMap<ItemRef, ItemState>;
  readonly desired: Desired;
  readonly back: ReadonlySet<ItemRef>;
  readonly target: JournaledRound;
  readonly can: Capabilities;
}): readonly MoveChange[] {
  const { states, desired, back, target, can } = question;
  if (back.size === 0) return [];
  const unanchored = withoutOwnPlace(desired.current, states);
  const moves = planMoves({
    current: desired.current,
    desired: desired.order,
    perCall: can.movesPerCall,
    prices: { item: 1, call: 1 },
    unanchored,
    // Beside an item without a place of its own nothing can be put back: it gets one, or the move would go astray.
    fixed: new Set(desired.current.filter(ref => !back.has(ref) && !unanchored.has(ref))),
  });
  return moves.map(move => ({
    kind: 'move',
    ...move,
    key: states.get(move.ref)?.item.key ?? move.ref,
    because: `it stood here before round ${target.id}`,
  }));
}
