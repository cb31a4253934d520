import { sql } from 'kysely';
import type { ItemRef } from '../item.ts';
import type { ItemWrite, Journal, RoundAudit } from '../sync/ports.ts';
import type { Database } from './tables.ts';

type AuditPart = Pick<Journal, 'auditOf' | 'itemWrites'>;

/** Who wrote what, under which model and by which plan. */
export function createAuditStore(db: Database): AuditPart {
  return {
    auditOf: rounds => auditOf(db, rounds),
    itemWrites: (item, rounds) => itemWrites(db, item, rounds),
  };
}

async function auditOf(db: Database, rounds: readonly string[]): Promise<ReadonlyMap<string, RoundAudit>> {
  const rows = await db
    .selectFrom('winnow.round')
    .select(['id', 'connection', 'model', 'model_hash', 'account', 'planned', 'reported'])
    .where(sql<boolean>`id = any(${rounds}::text[])`)
    .execute();
  return new Map(
    rows.map(row => [
      row.id,
      {
        connection: row.connection,
        model: row.model,
        modelHash: row.model_hash,
        plan: row.planned ?? row.reported,
        account: row.account,
      },
    ]),
  );
}

async function itemWrites(db: Database, item: string, rounds: readonly string[]): Promise<readonly ItemWrite[]> {
  const rows = await db
    .selectFrom('winnow.intent')
    .select(['round', 'ref', 'key', 'field', 'from_value', 'to_value', 'intended_at', 'closed_at', 'status'])
    .where(eb => eb.or([eb('ref', '=', item), eb('key', '=', item)]))
    .where(sql<boolean>`round = any(${rounds}::text[])`)
    .orderBy('seq')
    .execute();
  return rows.map(row => ({
    round: row.round,
    ref: row.ref as ItemRef,
    key: row.key,
    field: row.field as ItemWrite['field'],
    from: row.from_value,
    to: row.to_value,
    intendedAt: row.intended_at,
    closedAt: row.closed_at,
    status: row.status as ItemWrite['status'],
  }));
}
