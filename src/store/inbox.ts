import { sql } from 'kysely';
import { noteDeliveries, type DeliveryBatch } from './note-deliveries.ts';
import type { Database } from './tables.ts';

/** Webhook deliveries, and which own writes they were echoes of. */
export interface Inbox {
  /** Notes deliveries and their items, each delivery with all of its items or not at all. Answers who got items noted; a settled one is missing. */
  note(batch: DeliveryBatch): Promise<ReadonlyMap<string, readonly string[]>>;
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
    note: batch => noteDeliveries(db, batch),
    settle: (connection, ids) => settle(db, connection, ids),
    prune: before => prune(db, before),
    projects: backlogs => projectsOf(db, backlogs),
    echoes: (connection, effects) => echoesOf(db, connection, effects),
    claim: (connection, echo) => claim(db, connection, echo),
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

async function settle(db: Database, connection: string, ids: readonly string[]): Promise<void> {
  await sql`
    update winnow.delivery d set settled = true
      from (select id from winnow.delivery
             where connection = ${connection} and id = any(${[...ids]}::text[]) and not settled
             order by id for update) open
     where d.connection = ${connection} and d.id = open.id`.execute(db);
}

async function echoesOf(
  db: Database,
  connection: string,
  effects: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('winnow.echo')
    .select(['effect', 'delivery'])
    .where('connection', '=', connection)
    .where(sql<boolean>`effect = any(${[...effects]}::text[])`)
    .execute();
  return new Map(rows.map(row => [row.effect, row.delivery]));
}

async function claim(
  db: Database,
  connection: string,
  { delivery, effects, at }: Parameters<Inbox['claim']>[1],
): Promise<boolean> {
  const { rows } = await sql`
    insert into winnow.echo (connection, effect, delivery, heard_at)
    select ${connection}, v.effect, ${delivery}, ${at} from unnest(${[...effects].sort()}::text[]) as v(effect)
    on conflict (connection, effect) do update set heard_at = excluded.heard_at
     where winnow.echo.delivery = excluded.delivery
    returning effect`.execute(db);
  return rows.length === effects.length;
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
