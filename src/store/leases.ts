import { sql } from 'kysely';
import { InUseError } from '../errors.ts';
import type { Database } from './tables.ts';

/** Who works on a backlog now. */
export interface HeldLease {
  readonly backlog: string;
  readonly holder: string;
  readonly until: Date;
}

/**
 * One round per backlog at a time, on any number of machines. Ends are told by the database's clock: machines whose own
 * clocks differ, or jump, still agree on who holds what. Inside one process time is measured by what has gone by, since the
 * embedded database's clock is the machine's: set forward, it would end a lease under its holder's hands.
 */
export interface Leases {
  /** Takes or renews a backlog for a holder, for so many milliseconds. Throws InUseError naming who has it and until when. */
  take(backlog: string, lease: { readonly holder: string; readonly forMs: number }): Promise<void>;
  /** Gives it back; does nothing when another holds it. */
  giveBack(backlog: string, holder: string): Promise<void>;
  /** Leases that have not run out, by backlog. */
  held(): Promise<readonly HeldLease[]>;
}

export function createLeases(db: Database): Leases {
  const here = new Map<string, { readonly holder: string; readonly goodUntil: number }>();
  return {
    async take(backlog, { holder, forMs }) {
      const asked = performance.now();
      const mine = here.get(backlog);
      const isHeldHere = mine !== undefined && mine.holder !== holder && asked < mine.goodUntil;
      if (isHeldHere || !(await takeInDatabase(db, backlog, { holder, forMs }))) throw await inUse(db, backlog);
      here.set(backlog, { holder, goodUntil: asked + forMs });
    },
    async giveBack(backlog, holder) {
      if (here.get(backlog)?.holder === holder) here.delete(backlog);
      await db.deleteFrom('winnow.lease').where('backlog', '=', backlog).where('holder', '=', holder).execute();
    },
    held: () =>
      db
        .selectFrom('winnow.lease')
        .selectAll()
        .where('until', '>', sql<Date>`clock_timestamp()`)
        .orderBy('backlog')
        .execute(),
  };
}

async function takeInDatabase(
  db: Database,
  backlog: string,
  { holder, forMs }: { readonly holder: string; readonly forMs: number },
): Promise<boolean> {
  const until = sql`clock_timestamp() + ${forMs} * interval '1 millisecond'`;
  const taken = await sql`
    insert into winnow.lease (backlog, holder, until) values (${backlog}, ${holder}, ${until})
    on conflict (backlog) do update set holder = excluded.holder, until = excluded.until
     where winnow.lease.holder = excluded.holder or winnow.lease.until <= clock_timestamp()
    returning holder`.execute(db);
  return taken.rows.length > 0;
}

async function inUse(db: Database, backlog: string): Promise<InUseError> {
  const other = await db
    .selectFrom('winnow.lease')
    .select(['holder', 'until'])
    .where('backlog', '=', backlog)
    .executeTakeFirst();
  const bound = other === undefined ? '' : `, until ${other.until.toISOString()} unless it goes on`;
  return new InUseError(
    `Another round of backlog ${backlog} is under way (${other?.holder ?? 'just ended'})${bound}. Wait for it and try again.`,
  );
}
