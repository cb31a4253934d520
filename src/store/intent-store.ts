import { sql } from 'kysely';
import type { Effect, ItemResult } from '../connectors/connector.ts';
import { InternalError } from '../errors.ts';
import type { ItemRef } from '../item.ts';
import type { Intent, Journal, OwnWrite } from '../sync/ports.ts';
import { coversSince, lostSpans, noteLost, ofOneSite } from './coverage.ts';
import type { Database } from './tables.ts';

type IntentPart = Pick<
  Journal,
  | 'intend'
  | 'outcome'
  | 'openIntents'
  | 'resolveIntent'
  | 'ownWrites'
  | 'coversSince'
  | 'lostSpans'
  | 'noteLost'
  | 'writesSince'
>;

/** The journal's intents: one row per effect, written before the call, closed after it. */
export function createIntentStore(db: Database): IntentPart {
  return {
    intend: (round, write, at) => intend(db, round, { ...write, at }),
    outcome: (round, write, results, at) => closeIntents(db, { round, write, at }, results),
    openIntents: backlog => readOpen(db, backlog),
    resolveIntent: (intent, landed, at) => resolveIntent(db, intent, { landed, at }),
    ownWrites: (connection, refs) => readOwnWrites(db, connection, refs),
    coversSince: connection => coversSince(db, connection),
    lostSpans: backlog => lostSpans(db, backlog),
    noteLost: (backlog, lost) => noteLost(db, backlog, lost),
    writesSince: (connection, since, atLeast) => countWrites(db, connection, { since, atLeast }),
  };
}

/** One statement whatever the number of effects: arrays need no parameter per value. */
async function intend(
  db: Database,
  round: string,
  write: { readonly id: string; readonly effects: readonly Effect[]; readonly at: Date },
): Promise<void> {
  const { effects } = write;
  const { numAffectedRows } = await sql`
    insert into winnow.intent
      (round, write, connection, ref, key, field, from_value, to_value, intended_at, status)
    select r.id, ${write.id}, r.connection, v.ref, v.key, v.field, v.from_value, v.to_value, ${write.at}, 'open'
      from winnow.round r,
           unnest(${effects.map(e => e.ref)}::text[], ${effects.map(e => e.key)}::text[],
                  ${effects.map(e => e.field)}::text[], ${effects.map(e => e.from)}::text[],
                  ${effects.map(e => e.to)}::text[])
             with ordinality as v(ref, key, field, from_value, to_value, n)
     where r.id = ${round}
     order by v.n`.execute(db);
  if (Number(numAffectedRows) !== effects.length) {
    throw new InternalError(`round ${round} was never opened in the journal; its write ${write.id} must not be made`);
  }
}

async function closeIntents(
  db: Database,
  { round, write, at }: { readonly round: string; readonly write: string; readonly at: Date },
  results: readonly ItemResult[],
): Promise<void> {
  await sql`
    update winnow.intent i set status = v.status, closed_at = ${at}
      from unnest(${results.map(r => r.ref)}::text[], ${results.map(r => r.status)}::text[]) as v(ref, status)
     where i.round = ${round} and i.write = ${write} and i.ref = v.ref`.execute(db);
}

async function readOpen(db: Database, backlog: string): Promise<readonly Intent[]> {
  const rows = await db
    .selectFrom('winnow.intent')
    .innerJoin('winnow.round', 'winnow.round.id', 'winnow.intent.round')
    .select(['round', 'write', 'ref', 'key', 'field', 'from_value', 'to_value', 'intended_at'])
    .where('winnow.round.backlog', '=', backlog)
    .where('winnow.intent.status', '=', 'open')
    .orderBy('intended_at')
    .orderBy('seq')
    .execute();
  return rows.map(row => ({
    round: row.round,
    write: row.write,
    effect: {
      ref: row.ref as ItemRef,
      key: row.key,
      field: row.field as Effect['field'],
      from: row.from_value,
      to: row.to_value,
    },
    at: row.intended_at,
  }));
}

async function resolveIntent(
  db: Database,
  { round, write, effect }: Intent,
  how: { readonly landed: boolean; readonly at: Date },
): Promise<void> {
  await db
    .updateTable('winnow.intent')
    .set({ status: how.landed ? 'applied' : 'not-landed', closed_at: how.at })
    .where('round', '=', round)
    .where('write', '=', write)
    .where('ref', '=', effect.ref)
    .where('field', '=', effect.field)
    .where('from_value', 'is not distinct from', effect.from)
    .where('to_value', 'is not distinct from', effect.to)
    .where('status', '=', 'open')
    .execute();
}

async function readOwnWrites(
  db: Database,
  connection: string,
  refs: readonly ItemRef[],
): Promise<ReadonlyMap<ItemRef, readonly OwnWrite[]>> {
  const rows = await db
    .selectFrom('winnow.intent')
    .innerJoin('winnow.round', 'winnow.round.id', 'winnow.intent.round')
    .select(['ref', 'field', 'from_value', 'to_value', 'intended_at', 'closed_at', 'winnow.intent.status', 'account'])
    .where('winnow.intent.connection', 'in', ofOneSite(connection))
    .where(sql<boolean>`ref = any(${refs}::text[])`)
    .orderBy('intended_at')
    .orderBy('seq')
    .execute();
  const writes = new Map<ItemRef, OwnWrite[]>();
  for (const row of rows) {
    const write: OwnWrite = {
      field: row.field as OwnWrite['field'],
      from: row.from_value,
      to: row.to_value,
      intendedAt: row.intended_at,
      closedAt: row.closed_at,
      status: row.status as OwnWrite['status'],
      ...(row.account === null ? {} : { account: row.account }),
    };
    const known = writes.get(row.ref as ItemRef);
    if (known === undefined) writes.set(row.ref as ItemRef, [write]);
    else known.push(write);
  }
  return writes;
}

/** What the tracker refused or never got made no revision, and does not count. */
async function countWrites(
  db: Database,
  connection: string,
  { since, atLeast }: { readonly since: Date; readonly atLeast: number },
): Promise<ReadonlyMap<ItemRef, number>> {
  const { rows } = await sql<{ ref: ItemRef; writes: number }>`
    select ref, count(distinct (round, write))::integer as writes from winnow.intent
     where connection = ${connection} and intended_at >= ${since} and status in ('open', 'applied')
     group by ref having count(distinct (round, write)) >= ${atLeast}`.execute(db);
  return new Map(rows.map(row => [row.ref, row.writes]));
}
