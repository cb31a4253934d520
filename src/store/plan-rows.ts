import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Change, Withheld } from '../change.ts';
import type { Database } from './tables.ts';

export interface PlanParts {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
}

/** Keeps a plan once, whatever number of rounds made it; answers the hash to name it by. */
export async function putPlan(db: Database, plan: PlanParts): Promise<string> {
  const changes = JSON.stringify(plan.changes);
  const withheld = JSON.stringify(plan.withheld);
  const hash = createHash('sha256').update(changes).update('\n').update(withheld).digest('hex');
  const items = [...new Set([...plan.changes, ...plan.withheld].flatMap(change => [change.ref, change.key]))];
  await sql`
    insert into winnow.plan (hash, changes, withheld, items)
    values (${hash}, ${changes}::json, ${withheld}::json, ${items}::text[])
    on conflict (hash) do nothing`.execute(db);
  return hash;
}
