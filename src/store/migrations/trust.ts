import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  // One running pause per backlog and reason; ended ones stay, for they say who paused and who went on.
  `create table winnow.pause_of_reason (
     seq integer generated always as identity primary key, backlog text not null, reason text not null,
     by text not null, since timestamptz not null, until timestamptz, ended_at timestamptz, ended_by text)`,
  `insert into winnow.pause_of_reason (backlog, reason, by, since, until)
     select backlog, 'person', '', now(), until from winnow.pause`,
  `drop table winnow.pause`,
  `alter table winnow.pause_of_reason rename to pause`,
  `create unique index pause_running on winnow.pause (backlog, reason) where ended_at is null`,
  `create table winnow.approval (
     seq integer generated always as identity primary key, backlog text not null, round text not null,
     moves integer not null, by text not null, granted_at timestamptz not null, until timestamptz not null)`,
  `create index approval_by_backlog on winnow.approval (backlog, seq desc)`,
  `create table winnow.told (backlog text primary key, notices json not null)`,
];

/** Pauses with their reasons, approvals, and which notices went out. */
export const trust: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
