import { sql, type RawBuilder } from 'kysely';
import type { ItemRef } from '../item.ts';
import type { Database } from './tables.ts';

/** A delivery to be noted; `candidates`: who may hold an item that nobody is known to hold (`moved`: whoever is known to). */
export interface Delivery {
  readonly id: string;
  readonly at: Date;
  readonly refs: readonly ItemRef[];
  readonly sprints: readonly string[];
  readonly candidates: readonly { readonly ref: ItemRef; readonly backlog: string }[];
  readonly moved: boolean;
}

/** Deliveries of one connection that are noted together; `backlogs`: those of the connection. Their ids differ. */
export interface DeliveryBatch {
  readonly connection: string;
  readonly backlogs: readonly string[];
  readonly deliveries: readonly Delivery[];
}

/**
 * Notes deliveries and their items in one statement, so that a delivery counts as noted if and only if its items are.
 * Answers who got items noted, by delivery; one that was settled before is missing. `held`: what the last complete save of
 * each backlog says; of several saves of one item the newest counts. Rows are written in one order by everybody, so that
 * several processes never wait for each other in a circle.
 */
export async function noteDeliveries(
  db: Database,
  { connection, backlogs, deliveries }: DeliveryBatch,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ delivery: string; backlogs: readonly string[] }>`
    with given as (
      select * from unnest(${deliveries.map(d => d.id)}::text[],
                           ${deliveries.map(d => d.at.toISOString())}::text[]::timestamptz[],
                           ${deliveries.map(d => String(d.moved))}::text[]::boolean[]) as v(id, at, moved)),
    fresh as (
      insert into winnow.delivery (connection, id, heard_at, settled)
      select ${connection}, id, at, false from given order by id
      on conflict (connection, id) do update set heard_at = excluded.heard_at where not winnow.delivery.settled
      returning id),
    rows as (${heldByRef(deliveries, backlogs)}
      ${deliveries.every(d => d.sprints.length === 0) ? sql`` : sql`union all ${heldBySprint(deliveries, backlogs)}`}),
    held as (
      select delivery, backlog, ref from (
        select distinct on (delivery, backlog, ref) delivery, backlog, ref, present
          from rows order by delivery, backlog, ref, save_no desc) newest
       where present),
    wanted as (
      select delivery, backlog, ref from held
       union
      select c.id, c.backlog, c.ref
        from ${candidatesOf(deliveries)} join fresh f on f.id = c.id join given g on g.id = c.id
       where g.moved or not exists (select from held h where h.delivery = c.id and h.ref = c.ref)),
    noted as (
      insert into winnow.touched (backlog, ref)
      select distinct backlog, ref from wanted order by backlog, ref
      on conflict (backlog, ref) do update set mark = default)
    select f.id as delivery, coalesce(array_agg(distinct w.backlog order by w.backlog)
                                        filter (where w.backlog is not null), '{}') as backlogs
      from fresh f left join wanted w on w.delivery = f.id group by f.id`.execute(db);
  return new Map(rows.map(row => [row.delivery, row.backlogs]));
}

/** Rows of announced items up to the last complete save of some backlogs, for each fresh delivery. */
function heldByRef(deliveries: readonly Delivery[], backlogs: readonly string[]): RawBuilder<unknown> {
  const asked = deliveries.flatMap(({ id, refs }) => refs.map(ref => ({ id, ref })));
  return sql`
    select f.id as delivery, i.backlog, i.ref, i.save_no, i.doc is not null as present
      from winnow.snapshot s
      join winnow.item i on i.backlog = s.backlog and i.save_no <= s.save_no
      join unnest(${asked.map(a => a.id)}::text[], ${asked.map(a => a.ref)}::text[]) as a(id, ref) on a.ref = i.ref
      join fresh f on f.id = a.id
     where s.backlog = any(${[...backlogs]}::text[]) and i.ref = any(${asked.map(a => a.ref)}::text[])`;
}

/**
 * By the text of the document: Postgres cannot read JSON that holds a NUL or half a surrogate pair, which a title may. In
 * a text, quotes stand behind a backslash, so that no title can look like a key.
 */
function heldBySprint(deliveries: readonly Delivery[], backlogs: readonly string[]): RawBuilder<unknown> {
  const asked = deliveries.flatMap(({ id, sprints }) =>
    sprints.map(name => ({ id, said: `"sprint":${JSON.stringify(name)}` })),
  );
  return sql`
    select f.id, i.backlog, i.ref, i.save_no, i.doc is not null
      from winnow.snapshot s
      join winnow.item i on i.backlog = s.backlog and i.save_no <= s.save_no
      join unnest(${asked.map(a => a.id)}::text[], ${asked.map(a => a.said)}::text[]) as a(id, said)
        on strpos(i.doc::text, a.said) > 0
      join fresh f on f.id = a.id
     where s.backlog = any(${[...backlogs]}::text[])`;
}

function candidatesOf(deliveries: readonly Delivery[]): RawBuilder<unknown> {
  const all = deliveries.flatMap(({ id, candidates }) => candidates.map(candidate => ({ ...candidate, id })));
  return sql`unnest(${all.map(c => c.id)}::text[], ${all.map(c => c.ref)}::text[], ${all.map(c => c.backlog)}::text[])
               as c(id, ref, backlog)`;
}
