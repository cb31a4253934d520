import type { Effect, ItemResult, Whereabouts, Write } from '../connectors/connector.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { sameText } from './same-text.ts';

/** How labels compare: Azure DevOps keeps the spelling a tag was first given, whatever is written. */
export interface LabelSense {
  readonly labelsIgnoreCase: boolean;
}

/** Whether an item bears a label, as its tracker compares labels. */
export function bears(item: BacklogItem, label: string, { labelsIgnoreCase }: LabelSense): boolean {
  if (!labelsIgnoreCase) return item.labels.includes(label);
  return item.labels.some(other => other.toLowerCase() === label.toLowerCase());
}

/** null: the field is empty. */
export function holdsScore({ scoreField }: BacklogItem, score: number | null): boolean {
  return score === null ? scoreField.kind === 'absent' : scoreField.kind === 'value' && scoreField.value === score;
}

/** null: there is none. Trackers may break and space lines as they like. */
export function holdsExplanation({ explanation }: BacklogItem, text: string | null): boolean {
  if (text === null || explanation?.kind !== 'value') return text === null && explanation?.kind === 'absent';
  return sameText(explanation.value, text);
}

/** Whether an intended effect is what the tracker now shows. `before`: the item as it stood before the write, if known. */
export function hasLanded(
  effect: Omit<Effect, 'change'>,
  now: BacklogItem,
  before: BacklogItem | null,
  sense: LabelSense,
): boolean {
  switch (effect.field) {
    case 'label':
      return effect.to === null ? !bears(now, effect.from ?? '', sense) : bears(now, effect.to, sense);
    case 'score': {
      const held = now.scoreField.kind === 'value' ? String(now.scoreField.value) : null;
      return held === effect.to;
    }
    case 'explanation':
      return holdsExplanation(now, effect.to);
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
  before: { readonly items: ReadonlyMap<ItemRef, BacklogItem>; readonly why: string; readonly sense: LabelSense },
): readonly ItemResult[] {
  const { items, why, sense } = before;
  const refs = [...new Set(write.effects.map(effect => effect.ref))];
  return refs.map((ref): ItemResult => {
    const where = found.get(ref);
    const now = where?.state === 'in-scope' || where?.state === 'out-of-scope' ? where.item : null;
    const effects = write.effects.filter(effect => effect.ref === ref);
    if (now !== null && effects.every(effect => hasLanded(effect, now, items.get(ref) ?? null, sense)))
      return { ref, status: 'applied' };
    return {
      ref,
      status: 'failed',
      problem: `${why}; it did not arrive and is planned again in the next round`,
      repeats: false,
    };
  });
}
