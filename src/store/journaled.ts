import { sql } from 'kysely';
import type { Change } from '../change.ts';
import type { ItemRef } from '../item.ts';
import type { EffectsOf, Journal, JournaledEffect, JournaledRound, RoundMode } from '../sync/ports.ts';
import { ofOneSite } from './coverage.ts';
import type { Database } from './tables.ts';

/** What undoing asks of the journal: a round as it was planned, and its writes beside those that came later. */
export function createJournaled(db: Database): Pick<Journal, 'journaledRound' | 'effects'> {
  return {
    journaledRound: id => readRound(db, id),
    effects: of => readEffects(db, of),
  };
}

async function readRound(db: Database, id: string): Promise<JournaledRound | null> {
  const row = await db
    .selectFrom('winnow.round')
    .leftJoin('winnow.plan', 'winnow.plan.hash', 'winnow.round.planned')
    .select(['id', 'backlog', 'connection', 'mode', 'started_at', 'id_order', 'changes'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: row.id,
    backlog: row.backlog,
    connection: row.connection,
    mode: row.mode as RoundMode,
    startedAt: row.started_at,
    changes: (row.changes ?? []) as readonly Change[],
    order: row.id_order as readonly ItemRef[] | null,
  };
}

async function readEffects(db: Database, of: EffectsOf): Promise<readonly JournaledEffect[]> {
  const rows = await db
    .selectFrom('winnow.intent')
    .innerJoin('winnow.round', 'winnow.round.id', 'winnow.intent.round')
    .select(['round', 'ref', 'key', 'field', 'from_value', 'to_value', 'intended_at', 'closed_at'])
    .select(['winnow.intent.status', 'account'])
    .$if('round' in of, query => query.where('round', '=', 'round' in of ? of.round : ''))
    .$if('refs' in of, query =>
      query
        .where('winnow.intent.connection', 'in', ofOneSite('refs' in of ? of.connection : ''))
        .where(sql<boolean>`ref = any(${'refs' in of ? of.refs : []}::text[])`),
    )
    .$if('item' in of, query =>
      query
        .where(eb => ('item' in of ? eb.or([eb('ref', '=', of.item), eb('key', '=', of.item)]) : eb.lit(false)))
        .where(sql<boolean>`round = any(${'item' in of ? of.rounds : []}::text[])`),
    )
    .orderBy('seq')
    .execute();
  return rows.map(row => ({
    round: row.round,
    ref: row.ref as ItemRef,
    key: row.key,
    field: row.field as JournaledEffect['field'],
    from: row.from_value,
    to: row.to_value,
    intendedAt: row.intended_at,
    closedAt: row.closed_at,
    status: row.status as JournaledEffect['status'],
    ...(row.account === null ? {} : { account: row.account }),
  }));
}
