import { sql } from 'kysely';
import { mostSkewMs } from '../clock.ts';
import type { Database } from './tables.ts';

/** `round`: any round of the service; `sweep`: one that was asked to read everything. */
export type RoundKind = 'round' | 'sweep';

/** When the service's last good round of each kind began; what the scheduler catches up by. */
export interface LastRounds {
  /**
   * Notes a round that ended well; an older one than is known changes nothing, unless what is known lies in the future: the
   * clock was set back. A sweep is a round, too.
   */
  note(backlog: string, kind: RoundKind, time: { readonly beganAt: Date; readonly now: Date }): Promise<void>;
  /** By backlog; a kind that never ended well is absent. */
  all(): Promise<ReadonlyMap<string, Readonly<Partial<Record<RoundKind, Date>>>>>;
}

export function createLastRounds(db: Database): LastRounds {
  return {
    async note(backlog, kind, { beganAt, now }) {
      const future = new Date(now.getTime() + mostSkewMs);
      const kinds: readonly RoundKind[] = kind === 'sweep' ? ['round', 'sweep'] : ['round'];
      for (const one of kinds) {
        await sql`
          insert into winnow.last_round (backlog, kind, began_at) values (${backlog}, ${one}, ${beganAt})
          on conflict (backlog, kind) do update set began_at = excluded.began_at
           where winnow.last_round.began_at < excluded.began_at or winnow.last_round.began_at > ${future}`.execute(db);
      }
    },
    async all() {
      const rows = await db.selectFrom('winnow.last_round').selectAll().execute();
      const found = new Map<string, Partial<Record<RoundKind, Date>>>();
      for (const { backlog, kind, began_at } of rows) {
        found.set(backlog, { ...found.get(backlog), [kind]: began_at });
      }
      return found;
    },
  };
}
