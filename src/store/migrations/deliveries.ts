import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  // Deliveries of before are taken as done with: their rounds were asked for, or a schedule came.
  `alter table winnow.delivery add column settled boolean not null default true`,
];

/** Whether a delivery's rounds were asked for. */
export const deliveries: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
