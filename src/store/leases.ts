import { sql } from 'kysely';
import { InUseError } from '../errors.ts';
import type { Database } from './tables.ts';

/** One round per backlog at a time, on any number of machines. */
export interface Leases {
  /** Takes or renews a backlog for a holder until then. Throws InUseError naming who has it and until when. */
  take(backlog: string, lease: { readonly holder: string; readonly now: Date; readonly until: Date }): Promise<void>;
  /** Gives it back; does nothing when another holds it. */
  giveBack(backlog: string, holder: string): Promise<void>;
}

export function createLeases(db: Database): Leases {
  return {
    async take(backlog, { holder, now, until }) {
      const taken = await sql`
        insert into winnow.lease (backlog, holder, until) values (${backlog}, ${holder}, ${until})
        on conflict (backlog) do update set holder = excluded.holder, until = excluded.until
         where winnow.lease.holder = excluded.holder or winnow.lease.until <= ${now}
        returning holder`.execute(db);
      if (taken.rows.length > 0) return;
      const other = await db
        .selectFrom('winnow.lease')
        .select(['holder', 'until'])
        .where('backlog', '=', backlog)
        .executeTakeFirst();
      const bound = other === undefined ? '' : `, until ${other.until.toISOString()} at the latest`;
      throw new InUseError(
        `Another round of backlog ${backlog} is under way (${other?.holder ?? 'just ended'})${bound}. Wait for it and try again.`,
      );
    },
    async giveBack(backlog, holder) {
      await db.deleteFrom('winnow.lease').where('backlog', '=', backlog).where('holder', '=', holder).execute();
    },
  };
}
