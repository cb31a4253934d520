import { sql, type Expression, type SqlBool } from 'kysely';
import { InternalError } from '../errors.ts';
import type { ItemRef } from '../item.ts';
import type { Journal, RoundFilter, RoundMode, RoundOpening, RoundReport } from '../sync/ports.ts';
import { noteSite } from './coverage.ts';
import { putPlan, type PlanParts } from './plan-rows.ts';
import type { Stored } from './snapshot-rows.ts';
import type { Database } from './tables.ts';

type RoundPart = Pick<Journal, 'openRound' | 'recordPlan' | 'closeRound' | 'closeAbandoned' | 'rounds'>;

/** The journal's rounds: opened, planned, closed, told. */
export function createRoundStore(db: Database): RoundPart {
  return {
    openRound: opening => openRound(db, opening),
    recordPlan: (round, plan) => recordPlan(db, round, plan),
    closeRound: report => closeRound(db, report),
    closeAbandoned: (backlog, except, at) => closeAbandoned(db, { backlog, except, at }),
    rounds: filter => readRounds(db, filter),
  };
}

async function openRound(db: Database, opening: RoundOpening): Promise<void> {
  const { backlog, connection } = opening;
  await db
    .insertInto('winnow.backlog')
    .values({ name: backlog, connection })
    .onConflict(on => on.column('name').doUpdateSet({ connection }))
    .execute();
  if (opening.site !== undefined) await noteSite(db, connection, opening.site);
  await db
    .insertInto('winnow.round')
    .values({
      id: opening.id,
      backlog,
      connection,
      mode: opening.mode,
      model: opening.model,
      model_hash: opening.modelHash,
      started_at: opening.startedAt,
      account: opening.account ?? null,
      planned: null,
      reported: null,
      id_order: null,
      closed: false,
      status: null,
      summary: null,
    })
    .execute();
}

async function recordPlan(
  db: Database,
  round: string,
  plan: PlanParts & { readonly order: readonly ItemRef[] | null },
): Promise<void> {
  const planned = await putPlan(db, plan);
  const id_order = plan.order === null ? null : JSON.stringify(plan.order);
  const { numUpdatedRows } = await db
    .updateTable('winnow.round')
    .set({ planned, id_order })
    .where('id', '=', round)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw neverOpened(round);
}

async function closeRound(db: Database, report: RoundReport): Promise<void> {
  const { changes, withheld, ...summary } = report;
  const reported = await putPlan(db, { changes, withheld });
  const { numUpdatedRows } = await db
    .updateTable('winnow.round')
    .set({ reported, closed: true, status: report.status, mode: report.mode, summary: JSON.stringify(summary) })
    .where('id', '=', report.id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw neverOpened(report.id);
}

/** Rounds that a crash cut off are told as failed, with the plan they had and what is known of their writes. */
async function closeAbandoned(
  db: Database,
  { backlog, except, at }: { readonly backlog: string; readonly except: string; readonly at: Date },
): Promise<number> {
  const open = await db
    .selectFrom('winnow.round')
    .leftJoin('winnow.plan', 'winnow.plan.hash', 'winnow.round.planned')
    .select(['id', 'mode', 'started_at', 'changes', 'withheld'])
    .where('backlog', '=', backlog)
    .where('closed', '=', false)
    .where('id', '<>', except)
    .orderBy('started_at')
    .execute();
  for (const round of open) {
    await closeRound(db, {
      id: round.id,
      backlog,
      mode: round.mode as RoundMode,
      status: 'failed',
      startedAt: round.started_at,
      items: 0,
      eligible: 0,
      scored: 0,
      ...plansOf(round),
      outcomes: await countOutcomes(db, round.id),
      problems: [{ ref: null, message: 'The round was cut off before its end (a crash or a kill).' }],
      calls: { read: 0, write: 0 },
      durationMs: Math.max(0, at.getTime() - round.started_at.getTime()),
    });
  }
  return open.length;
}

async function countOutcomes(db: Database, round: string): Promise<RoundReport['outcomes']> {
  const { rows } = await sql<{ applied: number; failed: number }>`
    select count(*) filter (where status = 'applied')::integer as applied,
           count(*) filter (where status in ('failed', 'conflict'))::integer as failed
      from winnow.intent where round = ${round}`.execute(db);
  return rows[0] ?? { applied: 0, failed: 0 };
}

async function readRounds(db: Database, filter: RoundFilter): Promise<readonly RoundReport[]> {
  const rows = await db
    .selectFrom('winnow.round')
    .leftJoin('winnow.plan', 'winnow.plan.hash', 'winnow.round.reported')
    .select(['summary', 'changes', 'withheld'])
    .where('closed', '=', true)
    .$if(filter.backlog !== undefined, query => query.where('backlog', '=', filter.backlog ?? ''))
    .$if(filter.connection !== undefined, query => query.where('connection', '=', filter.connection ?? ''))
    .$if(filter.since !== undefined, query => query.where('started_at', '>=', filter.since ?? new Date(0)))
    .$if(filter.runsOnly === true, query => query.where(sql<boolean>`coalesce(summary->>'purpose', 'run') = 'run'`))
    .$if(filter.item !== undefined, query => query.where(names(filter.item ?? '')))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .$if(filter.limit !== undefined, query => query.limit(filter.limit ?? 0))
    .execute();
  return rows.map(row => {
    const summary = row.summary as Stored<Omit<RoundReport, 'changes' | 'withheld'>>;
    return { ...(summary as unknown as RoundReport), startedAt: new Date(summary.startedAt), ...plansOf(row) };
  });
}

/** Rounds whose plan, as made or as reported, names an item by ref or key, or that wrote it to make room for another. */
function names(item: string): Expression<SqlBool> {
  return sql<boolean>`(exists (
    select 1 from winnow.plan as named
     where named.items @> array[${item}]::text[]
       and named.hash in (winnow.round.planned, winnow.round.reported))
    or winnow.round.id in (select round from winnow.intent where ref = ${item} or key = ${item}))`;
}

function plansOf(row: { readonly changes: unknown; readonly withheld: unknown }): PlanParts {
  return {
    changes: (row.changes ?? []) as PlanParts['changes'],
    withheld: (row.withheld ?? []) as PlanParts['withheld'],
  };
}

function neverOpened(round: string): InternalError {
  return new InternalError(`round ${round} was never opened in the journal`);
}
