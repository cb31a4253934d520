import { sql, type RawBuilder } from 'kysely';
import type { ItemRef } from '../item.ts';
import type { Database } from './tables.ts';

/** A delivery to be noted; `candidates`: who may hold an item that nobody is known to hold (`moved`: whoever is known to). */
export interface Delivery {
  readonly connection: string;
  readonly id: string;
  readonly at: Date;
  readonly backlogs: readonly string[];
  readonly refs: readonly ItemRef[];
  readonly sprints: readonly string[];
  readonly candidates: readonly { readonly ref: ItemRef; readonly backlog: string }[];
  readonly moved: boolean;
}

/** Webhook deliveries, and which own writes they were echoes of. */
export interface Inbox {
  /** Notes a delivery and its items, both or neither; nothing when it is settled. Answers who got items noted. */
  note(delivery: Delivery): Promise<{ readonly fresh: boolean; readonly backlogs: readonly string[] }>;
  /** Whatever noted deliveries asked for is under way: from now on they are duplicates. */
  settle(connection: string, ids: readonly string[]): Promise<void>;
  /** Forgets older deliveries, but for the newest of each connection. */
  prune(before: Date): Promise<void>;
  /** Jira projects that the last read of these backlogs held; a backlog without a read is missing. */
  projects(backlogs: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Which of these own writes already explained a delivery, and which one. */
  echoes(connection: string, effects: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Takes own writes as explained by a delivery. False when another delivery took one of them first. */
  claim(connection: string, echo: { delivery: string; effects: readonly string[]; at: Date }): Promise<boolean>;
  /** When the newest delivery of a connection came; null: none ever. */
  newest(connection: string): Promise<Date | null>;
}

export function createInbox(db: Database): Inbox {
  return {
    note: delivery => note(db, delivery),
    async settle(connection, ids) {
      await db
        .updateTable('winnow.delivery')
        .set({ settled: true })
        .where('connection', '=', connection)
        .where(sql<boolean>`id = any(${[...ids]}::text[])`)
        .where('settled', '=', false)
        .execute();
    },
    prune: before => prune(db, before),
    projects: backlogs => projectsOf(db, backlogs),
    async echoes(connection, effects) {
      const rows = await db
        .selectFrom('winnow.echo')
        .select(['effect', 'delivery'])
        .where('connection', '=', connection)
        .where(sql<boolean>`effect = any(${[...effects]}::text[])`)
        .execute();
      return new Map(rows.map(row => [row.effect, row.delivery]));
    },
    async claim(connection, { delivery, effects, at }) {
      const { rows } = await sql`
        insert into winnow.echo (connection, effect, delivery, heard_at)
        select ${connection}, v.effect, ${delivery}, ${at} from unnest(${[...effects].sort()}::text[]) as v(effect)
        on conflict (connection, effect) do update set heard_at = excluded.heard_at
         where winnow.echo.delivery = excluded.delivery
        returning effect`.execute(db);
      return rows.length === effects.length;
    },
    async newest(connection) {
      const row = await db
        .selectFrom('winnow.delivery')
        .select('heard_at')
        .where('connection', '=', connection)
        .orderBy('heard_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.heard_at ?? null;
    },
  };
}

/**
 * One statement, so that a delivery counts as noted if and only if its items are. `held`: what the last complete save of
 * each backlog says; of several saves of one item the newest counts.
 */
async function note(
  db: Database,
  { connection, id, at, backlogs, refs, sprints, candidates, moved }: Delivery,
): Promise<{ readonly fresh: boolean; readonly backlogs: readonly string[] }> {
  const { rows } = await sql<{ fresh: boolean; backlogs: readonly string[] }>`
    with fresh as (
      insert into winnow.delivery (connection, id, heard_at, settled) values (${connection}, ${id}, ${at}, false)
      on conflict (connection, id) do update set heard_at = excluded.heard_at where not winnow.delivery.settled
      returning id),
    rows as (${rowsOf(backlogs, sql`i.ref = any(${[...refs]}::text[])`)}
      ${sprints.length === 0 ? sql`` : sql`union all ${rowsOf(backlogs, inSprint(sprints))}`}),
    held as (
      select backlog, ref from (
        select distinct on (backlog, ref) backlog, ref, doc is not null as present
          from rows order by backlog, ref, save_no desc) newest
       where present),
    candidate as (
      select * from unnest(${candidates.map(c => c.backlog)}::text[], ${candidates.map(c => c.ref)}::text[]) as v(backlog, ref)),
    noted as (
      insert into winnow.touched (backlog, ref)
      select backlog, ref from held
       union
      select c.backlog, c.ref from candidate c
       where exists (select from fresh) and (${moved} or not exists (select from held h where h.ref = c.ref))
      on conflict (backlog, ref) do update set mark = default
      returning backlog)
    select exists (select from fresh) as fresh,
           coalesce((select array_agg(distinct backlog order by backlog) from noted), '{}') as backlogs`.execute(db);
  return rows[0] ?? { fresh: false, backlogs: [] };
}

/** Rows of items in the last complete save of some backlogs; none when the delivery is not fresh. */
function rowsOf(backlogs: readonly string[], which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select i.backlog, i.ref, i.save_no, i.doc
      from winnow.snapshot s join winnow.item i on i.backlog = s.backlog and i.save_no <= s.save_no
     where s.backlog = any(${[...backlogs]}::text[]) and exists (select from fresh) and ${which}`;
}

/**
 * By the text of the document: Postgres cannot read JSON that holds a NUL or half a surrogate pair, which a title may. In
 * a text, quotes stand behind a backslash, so that no title can look like a key.
 */
function inSprint(names: readonly string[]): RawBuilder<unknown> {
  const texts = names.map(name => `"sprint":${JSON.stringify(name)}`);
  return sql`exists (select from unnest(${texts}::text[]) as v(said) where strpos(i.doc::text, v.said) > 0)`;
}

/** The newest of each connection stays: it tells since when nothing came. */
async function prune(db: Database, before: Date): Promise<void> {
  await sql`
    delete from winnow.delivery d
     where d.heard_at < ${before}
       and exists (select from winnow.delivery n where n.connection = d.connection and n.heard_at > d.heard_at)`.execute(
    db,
  );
  await db.deleteFrom('winnow.echo').where('heard_at', '<', before).execute();
}

async function projectsOf(
  db: Database,
  backlogs: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await sql<{ backlog: string; projects: readonly (string | null)[] }>`
    select s.backlog, array_agg(distinct substring(i.doc::text from '"key":"([^"]+)-[0-9]+"')) as projects
      from winnow.snapshot s left join winnow.item i on i.backlog = s.backlog and i.save_no <= s.save_no
     where s.backlog = any(${[...backlogs]}::text[]) group by s.backlog`.execute(db);
  return new Map(
    rows.map(row => [row.backlog, new Set(row.projects.filter((project): project is string => project !== null))]),
  );
}
