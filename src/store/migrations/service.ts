import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table winnow.last_round (
     backlog text not null, kind text not null, began_at timestamptz not null, primary key (backlog, kind))`,
];

/** What the scheduler catches up by. */
export const service: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
