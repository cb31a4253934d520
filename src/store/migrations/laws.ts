import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `alter table winnow.round add column account text`,
  `create table winnow.site (connection text primary key, site text not null)`,
  `create index site_by_name on winnow.site (site)`,
  `create table winnow.lost_span (
     backlog text not null, from_at timestamptz not null, to_at timestamptz not null,
     primary key (backlog, from_at, to_at))`,
  `create index intent_by_key on winnow.intent (key)`,
  `create index intent_by_item on winnow.intent (ref)`,
  `create table winnow.pruned (connection text primary key, before timestamptz not null)`,
];

/** What tells own writes from people's: the account of each round, connections of one site, times the journal lacks. */
export const laws: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
