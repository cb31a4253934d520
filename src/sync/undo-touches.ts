import type { Activity } from '../item.ts';
import { markOwn, type OwnContext } from './own-writes.ts';

/** One thing that somebody else did to an item, as far as undoing cares: a rank, or one label. */
export interface Touch {
  readonly at: Date;
  readonly who: string;
  /** null: the rank. */
  readonly label: string | null;
}

/** What was done to rank and labels of an item that no write of ours explains, oldest first. */
export function touchesByOthers(entries: readonly Activity[], context: OwnContext): readonly Touch[] {
  const own = markOwn(entries, context);
  const touches = entries.flatMap(entry =>
    entry.fields.flatMap((field): Touch[] => {
      const base = { at: entry.at, who: entry.actor?.name ?? 'somebody' };
      if (field.kind === 'rank') return own.has(field) ? [] : [{ ...base, label: null }];
      const labels = field.kind === 'labels' ? [...(field.added ?? []), ...(field.removed ?? [])] : [];
      return labels.filter(label => !own.has(field, label)).map(label => ({ ...base, label }));
    }),
  );
  return touches.sort((a, b) => a.at.getTime() - b.at.getTime());
}
