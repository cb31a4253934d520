import { sql } from 'kysely';
import type { ItemRef } from '../item.ts';
import type { ItemState, Snapshot, SnapshotDelta } from '../sync/ports.ts';
import { fromDoc, metaFromDoc, metaToDoc, toDoc } from './snapshot-rows.ts';
import type { Database } from './tables.ts';

const readChunk = 1000;
// The embedded database's memory grows with its largest statement and never shrinks.
const writeChunk = 100;
const askChunk = 1000;

/** The last complete save of a backlog, or null. Read in chunks, so that memory holds little beside the answer. */
export async function loadSnapshot(db: Database, backlog: string): Promise<Snapshot | null> {
  const head = await headOf(db, backlog);
  if (head === null) return null;
  const items = new Map<ItemRef, ItemState>();
  let last = { ref: '', save_no: 0 };
  for (;;) {
    const { rows } = await sql<{ ref: ItemRef; save_no: number; doc: unknown }>`
      select ref, save_no, doc from winnow.item
       where backlog = ${backlog} and (ref, save_no) > (${last.ref}, ${last.save_no}) and save_no <= ${head.saveNo}
       order by ref, save_no limit ${readChunk}`.execute(db);
    // Ascending: what a newer save says of an item comes after what a cut-off tidying left of an older one.
    for (const { ref, doc } of rows) {
      if (doc === null) items.delete(ref);
      else items.set(ref, fromDoc(doc));
    }
    if (rows.length < readChunk) return { meta: metaFromDoc(head.meta), items };
    last = rows.at(-1) ?? last;
  }
}

/**
 * Rows of a save carry its number and count only once the snapshot's own row names that number; so every chunk is a
 * short transaction of its own, and a crash anywhere leaves the older save whole.
 */
export async function saveSnapshot(db: Database, backlog: string, delta: SnapshotDelta): Promise<void> {
  const head = await headOf(db, backlog);
  const last = head?.saveNo ?? 0;
  const saveNo = last + 1;
  await discardUnfinished(db, backlog, last);
  for (let at = 0; at < delta.put.length; at += writeChunk) {
    await putStates(db, { backlog, saveNo }, delta.put.slice(at, at + writeChunk));
  }
  await dropStates(db, { backlog, saveNo }, delta.drop);
  const meta = metaToDoc(delta.meta);
  await sql`
    insert into winnow.snapshot (backlog, save_no, meta) values (${backlog}, ${saveNo}, ${meta}::json)
    on conflict (backlog) do update set save_no = excluded.save_no, meta = excluded.meta`.execute(db);
  await tidy(db, { backlog, saveNo }, [...delta.put.map(state => state.item.ref), ...delta.drop]);
}

export async function dropSnapshot(db: Database, backlog: string): Promise<void> {
  // The row that makes the others count goes first.
  await db.deleteFrom('winnow.snapshot').where('backlog', '=', backlog).execute();
  await db.deleteFrom('winnow.item').where('backlog', '=', backlog).execute();
}

/** Which other backlogs of a connection hold these items now; of several, the first by name. */
export async function holdersOf(
  db: Database,
  of: { readonly connection: string; readonly backlog: string },
  refs: readonly ItemRef[],
): Promise<ReadonlyMap<ItemRef, string>> {
  const held = new Map<ItemRef, string>();
  for (let at = 0; at < refs.length; at += askChunk) {
    const { rows } = await sql<{ ref: ItemRef; backlog: string; present: boolean }>`
      select distinct on (i.backlog, i.ref) i.ref, i.backlog, i.doc is not null as present
        from winnow.item i
        join winnow.snapshot s on s.backlog = i.backlog and i.save_no <= s.save_no
        left join winnow.backlog b on b.name = i.backlog
       where i.backlog <> ${of.backlog} and coalesce(b.connection, ${of.connection}) = ${of.connection}
         and i.ref = any(${refs.slice(at, at + askChunk)}::text[])
       order by i.backlog, i.ref, i.save_no desc`.execute(db);
    for (const row of rows) if (row.present && !held.has(row.ref)) held.set(row.ref, row.backlog);
  }
  return held;
}

interface Save {
  readonly backlog: string;
  readonly saveNo: number;
}

async function headOf(db: Database, backlog: string): Promise<{ saveNo: number; meta: unknown } | null> {
  const row = await db
    .selectFrom('winnow.snapshot')
    .select(['save_no', 'meta'])
    .where('backlog', '=', backlog)
    .executeTakeFirst();
  return row === undefined ? null : { saveNo: row.save_no, meta: row.meta };
}

async function putStates(db: Database, { backlog, saveNo }: Save, states: readonly ItemState[]): Promise<void> {
  const refs = states.map(state => state.item.ref);
  const docs = states.map(toDoc);
  await sql`
    insert into winnow.item (backlog, ref, save_no, doc)
    select ${backlog}, v.ref, ${saveNo}, v.doc::json from unnest(${refs}::text[], ${docs}::text[]) as v(ref, doc)
    on conflict (backlog, ref, save_no) do update set doc = excluded.doc`.execute(db);
}

async function dropStates(db: Database, { backlog, saveNo }: Save, refs: readonly ItemRef[]): Promise<void> {
  if (refs.length === 0) return;
  await sql`
    insert into winnow.item (backlog, ref, save_no, doc)
    select ${backlog}, v.ref, ${saveNo}, null from unnest(${[...new Set(refs)]}::text[]) as v(ref)
    on conflict (backlog, ref, save_no) do update set doc = null`.execute(db);
}

async function discardUnfinished(db: Database, backlog: string, last: number): Promise<void> {
  await db.deleteFrom('winnow.item').where('backlog', '=', backlog).where('save_no', '>', last).execute();
}

/**
 * Removes what the new save replaced or dropped. Cut off, older rows and marks of dropped items stay until their item
 * is saved again: they change no answer.
 */
async function tidy(db: Database, { backlog, saveNo }: Save, refs: readonly ItemRef[]): Promise<void> {
  for (let at = 0; at < refs.length; at += askChunk) {
    await sql`
      delete from winnow.item
       where backlog = ${backlog} and ref = any(${refs.slice(at, at + askChunk)}::text[])
         and (save_no < ${saveNo} or (save_no = ${saveNo} and doc is null))`.execute(db);
  }
}
