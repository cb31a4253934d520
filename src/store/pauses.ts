import { sql } from 'kysely';
import type { Pause, PauseReason, StateStore } from '../sync/ports.ts';
import type { Database } from './tables.ts';

/** Pauses of backlogs. Ended ones are kept: they say who paused, who went on, and since when failures count anew. */
export function createPauses(db: Database): Pick<StateStore, 'pauses' | 'pause' | 'resume' | 'resumedAt'> {
  return {
    pauses: (backlog, now) => runningPauses(db, backlog, now),
    pause: (backlog, pause) => startPause(db, backlog, pause),
    resume: (backlog, how) => endPauses(db, backlog, how),
    async resumedAt(backlog) {
      const row = await db
        .selectFrom('winnow.pause')
        .select('ended_at')
        .where('backlog', '=', backlog)
        .where('ended_at', 'is not', null)
        .orderBy('ended_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.ended_at ?? null;
    },
  };
}

async function runningPauses(db: Database, backlog: string, now: Date): Promise<readonly Pause[]> {
  const rows = await db
    .selectFrom('winnow.pause')
    .select(['reason', 'by', 'since', 'until'])
    .where('backlog', '=', backlog)
    .where('ended_at', 'is', null)
    .where(or => or.eb('until', 'is', null).or('until', '>', now))
    .orderBy('since')
    .orderBy('seq')
    .execute();
  return rows.map(toPause);
}

/** A pause that ran out is not the one that starts now, so it does not lend it its beginning. */
async function startPause(db: Database, backlog: string, { reason, by, since, until }: Pause): Promise<void> {
  await sql`
    insert into winnow.pause as p (backlog, reason, by, since, until)
    values (${backlog}, ${reason}, ${by}, ${since}, ${until})
    on conflict (backlog, reason) where ended_at is null
    do update set until = excluded.until, by = excluded.by,
      since = case when p.until <= excluded.since then excluded.since else p.since end`.execute(db);
}

/** Answers those that ran at that instant. */
async function endPauses(
  db: Database,
  backlog: string,
  { at, by }: { readonly at: Date; readonly by: string },
): Promise<readonly Pause[]> {
  const ended = await db
    .updateTable('winnow.pause')
    .set({ ended_at: at, ended_by: by })
    .where('backlog', '=', backlog)
    .where('ended_at', 'is', null)
    .returning(['reason', 'by', 'since', 'until'])
    .execute();
  return ended
    .map(toPause)
    .filter(pause => pause.until === null || pause.until > at)
    .sort((a, b) => a.since.getTime() - b.since.getTime());
}

function toPause(row: {
  readonly reason: string;
  readonly by: string;
  readonly since: Date;
  readonly until: Date | null;
}): Pause {
  return { ...row, reason: row.reason as PauseReason };
}
