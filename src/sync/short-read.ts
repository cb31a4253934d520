import type { Whereabouts } from '../connectors/connector.ts';
import type { ItemRef } from '../item.ts';

/** Share of the last snapshot that a read may lack without proof of where the missing ones are. */
const tolerated = 0.2;

/** True when a read is so short that every missing item must be accounted for before it is believed. */
export function isSuspicious(read: number, known: number): boolean {
  return known > 0 && (read === 0 || known - read > tolerated * known);
}

/** Missing items that are neither confirmed gone nor seen outside the scope; empty means the short read is true. */
export function unaccounted(
  missing: readonly ItemRef[],
  found: ReadonlyMap<ItemRef, Whereabouts>,
): readonly { readonly ref: ItemRef; readonly why: string }[] {
  return missing.flatMap(ref => {
    const where = found.get(ref);
    if (where === undefined) return [{ ref, why: 'the tracker did not say where it is' }];
    if (where.state === 'gone' || where.state === 'out-of-scope') return [];
    return [{ ref, why: where.state === 'unknown' ? where.why : 'it is still in the backlog' }];
  });
}
