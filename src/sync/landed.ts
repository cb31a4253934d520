import type { Effect, ItemResult, Whereabouts, Write } from '../connectors/connector.ts';
import type { BacklogItem, ItemRef } from '../item.ts';

/** Whether an intended effect is what the tracker now shows. `before`: the item as it stood before the write, if known. */
export function hasLanded(effect: Omit<Effect, 'change'>, now: BacklogItem, before: BacklogItem | null): boolean {
  switch (effect.field) {
    case 'label':
      return effect.to === null ? !now.labels.includes(effect.from ?? '') : now.labels.includes(effect.to);
    case 'score': {
      const held = now.scoreField.kind === 'value' ? String(now.scoreField.value) : null;
      return held === effect.to;
    }
    case 'rank': {
      const held = now.order === null ? null : String(now.order);
      if (held === effect.to) return true;
      // Jira names a neighbour, not a value: any other rank string than before means the move arrived.
      const was = before === null ? effect.from : before.order === null ? null : String(before.order);
      return typeof now.order === 'string' && held !== was;
    }
    default:
      return effect.field satisfies never;
  }
}

/** After a lost answer: reads the result of each item off the tracker. */
export function landedResults(
  write: Write,
  found: ReadonlyMap<ItemRef, Whereabouts>,
  items: ReadonlyMap<ItemRef, BacklogItem>,
  why: string,
): readonly ItemResult[] {
  const refs = [...new Set(write.effects.map(effect => effect.ref))];
  return refs.map((ref): ItemResult => {
    const where = found.get(ref);
    const now = where?.state === 'in-scope' || where?.state === 'out-of-scope' ? where.item : null;
    const effects = write.effects.filter(effect => effect.ref === ref);
    if (now !== null && effects.every(effect => hasLanded(effect, now, items.get(ref) ?? null)))
      return { ref, status: 'applied' };
    return {
      ref,
      status: 'failed',
      problem: `${why}; it did not arrive and is planned again in the next round`,
      repeats: false,
    };
  });
}
