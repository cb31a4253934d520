import type { Change } from '../change.ts';
import type { ItemRef } from '../item.ts';

/** The order that results when the moves among `changes` are carried out from top to bottom. */
export function orderAfter(current: readonly ItemRef[], changes: readonly Change[]): readonly ItemRef[] {
  const moves = changes.filter(change => change.kind === 'move').sort((a, b) => a.to - b.to);
  if (moves.length === 0) return current;
  const moved = new Set(moves.map(move => move.ref));
  const head: ItemRef[] = [];
  const following = new Map<ItemRef, ItemRef[]>();
  for (const move of moves) {
    if (move.after === null) head.push(move.ref);
    else following.set(move.after, [...(following.get(move.after) ?? []), move.ref]);
  }
  const order: ItemRef[] = [];
  // An item placed after a moved item follows it wherever that one goes, hence the stack.
  const place = (start: ItemRef): void => {
    const stack = [start];
    for (let ref = stack.pop(); ref !== undefined; ref = stack.pop()) {
      order.push(ref);
      stack.push(...[...(following.get(ref) ?? [])].reverse());
    }
  };
  for (const ref of head) place(ref);
  for (const ref of current) if (!moved.has(ref)) place(ref);
  return order;
}
