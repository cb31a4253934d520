import { sql, type RawBuilder } from 'kysely';
import type { LostSpan } from '../sync/ports.ts';
import type { Database } from './tables.ts';

/** What the journal can vouch for: whose writes it holds, since when, and which times it lacks. */

/** A subquery: this connection, and the others to the same site. */
export function ofOneSite(connection: string): RawBuilder<string> {
  return sql<string>`(
    select ${connection}::text
    union select other.connection from winnow.site as mine join winnow.site as other on other.site = mine.site
     where mine.connection = ${connection})`;
}

/** Remembers which site a connection leads to. */
export async function noteSite(db: Database, connection: string, site: string): Promise<void> {
  await db
    .insertInto('winnow.site')
    .values({ connection, site })
    .onConflict(on => on.column('connection').doUpdateSet({ site }))
    .execute();
}

/** The oldest round over any connection of the site, but nothing before the last pruning. null: there is none. */
export async function coversSince(db: Database, connection: string): Promise<Date | null> {
  const { rows } = await sql<{ since: Date | null }>`
    select greatest(
      (select min(started_at) from winnow.round where connection in ${ofOneSite(connection)}),
      (select max(before) from winnow.pruned where connection in ${ofOneSite(connection)})) as since
     where exists (select 1 from winnow.round where connection in ${ofOneSite(connection)})`.execute(db);
  return rows[0]?.since ?? null;
}

/** Oldest first. */
export async function lostSpans(db: Database, backlog: string): Promise<readonly LostSpan[]> {
  const rows = await db
    .selectFrom('winnow.lost_span')
    .select(['from_at', 'to_at'])
    .where('backlog', '=', backlog)
    .orderBy('from_at')
    .execute();
  return rows.map(row => ({ from: row.from_at, to: row.to_at }));
}

/** Everything between the rounds around an instant is lost, for the journal did not see what was written in between. */
export async function noteLost(
  db: Database,
  backlog: string,
  { at, now, toleranceMs }: { readonly at: Date; readonly now: Date; readonly toleranceMs: number },
): Promise<LostSpan> {
  const early = new Date(at.getTime() - toleranceMs);
  const late = new Date(at.getTime() + toleranceMs);
  const { rows } = await sql<{ from_at: Date | null; to_at: Date | null }>`
    select max(started_at) filter (where started_at <= ${early}) as from_at,
           min(started_at) filter (where started_at >= ${late}) as to_at
      from winnow.round where backlog = ${backlog}`.execute(db);
  const end = rows[0]?.to_at ?? new Date(Math.max(now.getTime(), late.getTime()));
  const span = { from: rows[0]?.from_at ?? early, to: end };
  await db
    .insertInto('winnow.lost_span')
    .values({ backlog, from_at: span.from, to_at: span.to })
    .onConflict(on => on.columns(['backlog', 'from_at', 'to_at']).doNothing())
    .execute();
  return span;
}
