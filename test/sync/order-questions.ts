import fc from 'fast-check';
import { itemRef, type ItemRef } from '../../src/item.ts';
import type { OrderQuestion } from '../../src/sync/order.ts';

export const ref = (n: number): ItemRef => itemRef('jira', n);
export const numbers = (refs: readonly ItemRef[]): number[] => refs.map(r => Number(r.slice(5)));

export function edgesOf(edges: readonly (readonly [number, readonly number[]])[]): Map<ItemRef, ItemRef[]> {
  return new Map(edges.map(([blocked, blockers]) => [ref(blocked), blockers.map(ref)]));
}

export function heldAt(...holds: readonly (readonly [number, number])[]): { held: Map<ItemRef, number> } {
  return { held: new Map(holds.map(([item, index]) => [ref(item), index])) };
}

/** Any question about up to `most` items: few bands, many blockers (circles too), some holds, some of them beyond the list. */
export function anOrderQuestion(most: number): fc.Arbitrary<OrderQuestion> {
  return fc.integer({ min: 1, max: most }).chain(n => {
    const ids = Array.from({ length: n }, (_, i) => i);
    return fc.record({
      current: fc.shuffledSubarray(ids, { minLength: n }).map(order => order.map(ref)),
      bandOf: fc
        .array(fc.nat(4), { minLength: n, maxLength: n })
        .map(bands => new Map(bands.map((b, i) => [ref(i), b]))),
      blockedBy: fc.array(fc.tuple(fc.nat(n), fc.nat(n)), { maxLength: 2 * n }).map(pairs => {
        const edges = new Map<number, number[]>();
        for (const [a, b] of pairs) edges.set(a, [...(edges.get(a) ?? []), b]);
        return edgesOf([...edges]);
      }),
      held: fc.array(fc.tuple(fc.nat(n), fc.nat(n + 2)), { maxLength: 5 }).map(holds => heldAt(...holds).held),
    });
  });
}
