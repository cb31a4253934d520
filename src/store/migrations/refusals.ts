import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table winnow.refusal (
     connection text primary key, count integer not null, since timestamptz not null, last_at timestamptz not null,
     problem text not null)`,
];

/** Webhook deliveries that were refused because they did not prove where they come from. */
export const refusals: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
