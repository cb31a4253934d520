import type { Database } from './tables.ts';

/** How many changes by people a round found that a webhook had announced, and that none had. */
export interface Hearing {
  readonly round: string;
  readonly backlog: string;
  readonly connection: string;
  readonly at: Date;
  readonly announced: number;
  readonly missed: number;
}

/** The memory of how honest webhooks are; a month of it. */
export interface Hearings {
  note(hearing: Hearing): Promise<void>;
  /** Sums of a connection since an instant. */
  since(connection: string, at: Date): Promise<{ readonly announced: number; readonly missed: number }>;
}

const keptMs = 30 * 86_400_000;

export function createHearings(db: Database): Hearings {
  return {
    async note(hearing) {
      await db
        .insertInto('winnow.hearing')
        .values(hearing)
        .onConflict(on => on.column('round').doNothing())
        .execute();
      await db
        .deleteFrom('winnow.hearing')
        .where('connection', '=', hearing.connection)
        .where('at', '<', new Date(hearing.at.getTime() - keptMs))
        .execute();
    },
    async since(connection, at) {
      const row = await db
        .selectFrom('winnow.hearing')
        .select(({ fn }) => [fn.sum<string>('announced').as('announced'), fn.sum<string>('missed').as('missed')])
        .where('connection', '=', connection)
        .where('at', '>=', at)
        .executeTakeFirst();
      return { announced: Number(row?.announced ?? 0), missed: Number(row?.missed ?? 0) };
    },
  };
}
