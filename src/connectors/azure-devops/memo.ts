import { z } from 'zod';

/** What an incremental read wants to find again of an item. */
export const Memo = z.object({
  /** The revision up to which history is known. */
  rev: z.number(),
  /** False when revisions before `rev` may have been skipped unseen: then the item's history is read again. */
  sure: z.boolean(),
  /** Tracked fields at `rev`, to tell what the next revision changes. */
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Memo = z.infer<typeof Memo>;

export function memoOf(item: { readonly memo?: unknown }): Memo | null {
  const memo = Memo.safeParse(item.memo);
  return memo.success ? memo.data : null;
}
