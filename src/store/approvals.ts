import type { Journal } from '../sync/ports.ts';
import type { Database } from './tables.ts';

/** What people granted, one row a grant; none is ever changed. */
export function createApprovals(db: Database): Pick<Journal, 'grantApproval' | 'newestApproval'> {
  return {
    async grantApproval({ grantedAt, ...approval }) {
      await db
        .insertInto('winnow.approval')
        .values({ ...approval, granted_at: grantedAt })
        .execute();
    },
    async newestApproval(backlog) {
      const row = await db
        .selectFrom('winnow.approval')
        .select(['backlog', 'round', 'moves', 'by', 'granted_at', 'until'])
        .where('backlog', '=', backlog)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return null;
      const { granted_at: grantedAt, ...approval } = row;
      return { ...approval, grantedAt };
    },
  };
}
