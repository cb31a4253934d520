import { sql } from 'kysely';
import type { Pruned } from '../sync/ports.ts';
import type { Database } from './tables.ts';

/** Rows that one statement deletes, so that others get their turn on the embedded database. */
const chunk = 500;

/**
 * Forgets rounds that began before an instant, with their writes and plans. Kept: rounds whose writes are still open, and
 * rounds that a running approval or an undo under way may name. Remembers the border, for the journal covers no earlier
 * time from now on. Cheap when there is nothing to forget.
 */
export async function pruneJournal(db: Database, before: Date, now: Date): Promise<Pruned> {
  const { rows: undoing } = await sql`
    select 1 from winnow.round where mode = 'undo' and not closed and started_at >= ${before} limit 1`.execute(db);
  if (undoing.length > 0) return { rounds: 0, writes: 0 };
  const { rows } = await sql<{ id: string; connection: string }>`
    select id, connection from winnow.round as r
     where started_at < ${before} and closed
       and not exists (select 1 from winnow.intent where round = r.id and status = 'open')
       and not exists (select 1 from winnow.approval where round = r.id and until > ${now})`.execute(db);
  if (rows.length === 0) return { rounds: 0, writes: 0 };
  // First the border: a crash half-way must not leave a journal that claims what it no longer holds.
  for (const connection of new Set(rows.map(row => row.connection))) await moveBorder(db, connection, before);
  let writes = 0;
  for (let at = 0; at < rows.length; at += chunk) {
    const ids = rows.slice(at, at + chunk).map(row => row.id);
    writes += await forget(db, ids);
  }
  await sql`
    delete from winnow.plan as p
     where not exists (select 1 from winnow.round where planned = p.hash or reported = p.hash)`.execute(db);
  await sql`delete from winnow.lost_span where to_at < ${before}`.execute(db);
  return { rounds: rows.length, writes };
}

async function moveBorder(db: Database, connection: string, before: Date): Promise<void> {
  await sql`
    insert into winnow.pruned (connection, before) values (${connection}, ${before})
    on conflict (connection) do update set before = greatest(winnow.pruned.before, excluded.before)`.execute(db);
}

async function forget(db: Database, ids: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`delete from winnow.intent where round = any(${ids}::text[])`.execute(db);
  await sql`delete from winnow.round where id = any(${ids}::text[])`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
