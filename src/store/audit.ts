import { sql } from 'kysely';
import type { RoundAudit } from '../sync/ports.ts';
import type { Database } from './tables.ts';

/** Under which model, by which plan and with which account rounds were made; unknown rounds are left out. */
export async function auditOf(db: Database, rounds: readonly string[]): Promise<ReadonlyMap<string, RoundAudit>> {
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
