import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table winnow.snapshot (backlog text primary key, save_no integer not null, meta json not null)`,
  `create table winnow.item (
     backlog text not null, ref text collate "C" not null, save_no integer not null, doc json,
     primary key (backlog, ref, save_no))`,
  `create index item_by_ref on winnow.item (ref)`,
  `create table winnow.backlog (name text primary key, connection text not null)`,
  `create table winnow.quarantine (
     backlog text not null, ref text not null, version text not null, problem text not null, since timestamptz not null,
     primary key (backlog, ref))`,
  `create table winnow.metadata (
     connection text not null, key text not null, value json not null, expires_at timestamptz not null,
     primary key (connection, key))`,
  `create table winnow.pause (backlog text primary key, until timestamptz)`,
  `create table winnow.lease (backlog text primary key, holder text not null, until timestamptz not null)`,
  `create table winnow.touched (
     backlog text not null, ref text not null, mark integer generated always as identity,
     primary key (backlog, ref))`,
  `create table winnow.plan (
     hash text primary key, changes json not null, withheld json not null, items text[] not null)`,
  `create index plan_by_item on winnow.plan using gin (items)`,
  `create table winnow.round (
     id text primary key, backlog text not null, connection text not null, mode text not null, model text not null,
     model_hash text not null, started_at timestamptz not null, planned text references winnow.plan,
     reported text references winnow.plan, id_order json, closed boolean not null default false, status text,
     summary json)`,
  `create index round_by_backlog on winnow.round (backlog, started_at desc)`,
  `create index round_by_connection on winnow.round (connection, started_at)`,
  `create index round_by_time on winnow.round (started_at desc)`,
  `create table winnow.intent (
     seq integer generated always as identity primary key, round text not null references winnow.round,
     write text not null, connection text not null, ref text not null, key text not null, field text not null,
     from_value text, to_value text, intended_at timestamptz not null, closed_at timestamptz, status text not null)`,
  `create index intent_by_write on winnow.intent (round, write)`,
  `create index intent_by_ref on winnow.intent (connection, ref)`,
  `create index intent_by_time on winnow.intent (connection, intended_at)`,
  `create index intent_open on winnow.intent (round) where status = 'open'`,
];

/** State and journal, first shape. */
export const initial: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
