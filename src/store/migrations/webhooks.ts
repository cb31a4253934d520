import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table winnow.delivery (
     connection text not null, id text not null, heard_at timestamptz not null, primary key (connection, id))`,
  `create index delivery_by_time on winnow.delivery (connection, heard_at desc)`,
  `create table winnow.echo (
     connection text not null, effect text not null, delivery text not null, heard_at timestamptz not null,
     primary key (connection, effect))`,
  `create table winnow.hearing (
     round text primary key, backlog text not null, connection text not null, at timestamptz not null,
     announced integer not null, missed integer not null)`,
  `create index hearing_by_time on winnow.hearing (connection, at desc)`,
];

/** What webhooks delivered, which of it were our own echoes, and what they failed to announce. */
export const webhooks: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
