import type { Journal } from '../sync/ports.ts';
import { createApprovals } from './approvals.ts';
import { auditOf } from './audit.ts';
import { createIntentStore } from './intent-store.ts';
import { createJournaled } from './journaled.ts';
import { pruneJournal } from './prune.ts';
import { createRoundStore } from './round-store.ts';
import type { Database } from './tables.ts';

/** What was intended, before each write; what came of it, after. In Postgres, embedded or not. */
export function createJournal(db: Database): Journal {
  return {
    ...createRoundStore(db),
    ...createIntentStore(db),
    ...createApprovals(db),
    ...createJournaled(db),
    auditOf: rounds => auditOf(db, rounds),
    prune: (before, now) => pruneJournal(db, before, now),
  };
}
