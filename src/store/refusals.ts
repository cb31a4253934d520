import { sql } from 'kysely';
import type { Database } from './tables.ts';

/** Deliveries of a connection that were refused for their credentials, without more than a day between two. */
export interface Refused {
  readonly count: number;
  readonly since: Date;
  readonly lastAt: Date;
  /** What was wrong with the last one, in our words; never a secret. */
  readonly problem: string;
}

/** Remembers refused deliveries, so that a wrong secret is not mistaken for silence. */
export interface Refusals {
  note(
    connection: string,
    refused: { readonly count: number; readonly at: Date; readonly problem: string },
  ): Promise<void>;
  /** null: none ever. */
  of(connection: string): Promise<Refused | null>;
}

export function createRefusals(db: Database): Refusals {
  return {
    async note(connection, { count, at, problem }) {
      await sql`
        insert into winnow.refusal as known (connection, count, since, last_at, problem)
        values (${connection}, ${count}, ${at}, ${at}, ${problem})
        on conflict (connection) do update set
          count = excluded.count + case when known.last_at < excluded.since - interval '1 day' then 0 else known.count end,
          since = case when known.last_at < excluded.since - interval '1 day' then excluded.since else known.since end,
          last_at = greatest(known.last_at, excluded.last_at), problem = excluded.problem`.execute(db);
    },
    async of(connection) {
      const row = await db
        .selectFrom('winnow.refusal')
        .selectAll()
        .where('connection', '=', connection)
        .executeTakeFirst();
      if (row === undefined) return null;
      return { count: row.count, since: row.since, lastAt: row.last_at, problem: row.problem };
    },
  };
}
