import { sql } from 'kysely';
import type { ItemRef } from '../item.ts';
import type { Database } from './tables.ts';

/** Items that a tracker announced as changed, kept until a round has read them. */
export interface Touched {
  /** Notes items for a backlog. Noting one again is harmless. */
  note(backlog: string, refs: readonly ItemRef[]): Promise<void>;
  /** What was noted so far, with the mark to forget it by. */
  pending(backlog: string): Promise<{ readonly refs: readonly ItemRef[]; readonly mark: number }>;
  /** Forgets what was noted up to a mark; what was noted again since then stays. */
  forget(backlog: string, mark: number): Promise<void>;
}

export function createTouched(db: Database): Touched {
  return {
    async note(backlog, refs) {
      if (refs.length === 0) return;
      await sql`
        insert into winnow.touched (backlog, ref)
        select ${backlog}, v.ref from unnest(${[...new Set(refs)]}::text[]) as v(ref)
        on conflict (backlog, ref) do update set mark = default`.execute(db);
    },
    async pending(backlog) {
      const rows = await db
        .selectFrom('winnow.touched')
        .select(['ref', 'mark'])
        .where('backlog', '=', backlog)
        .orderBy('mark')
        .execute();
      return { refs: rows.map(row => row.ref as ItemRef), mark: rows.at(-1)?.mark ?? 0 };
    },
    async forget(backlog, mark) {
      await db.deleteFrom('winnow.touched').where('backlog', '=', backlog).where('mark', '<=', mark).execute();
    },
  };
}
