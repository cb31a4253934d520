import type { ItemRef } from '../item.ts';
import type { MetadataCache } from '../connectors/connector.ts';
import type { Quarantined, StateStore } from '../sync/ports.ts';
import { createPauses } from './pauses.ts';
import { dropSnapshot, holdersOf, loadSnapshot, saveSnapshot } from './snapshot-store.ts';
import type { Database } from './tables.ts';

/** The cache of what was read, in Postgres: embedded or not. */
export function createStateStore(db: Database): StateStore {
  return {
    load: backlog => loadSnapshot(db, backlog),
    save: (backlog, delta) => saveSnapshot(db, backlog, delta),
    async drop(backlog) {
      await dropSnapshot(db, backlog);
      await db.deleteFrom('winnow.quarantine').where('backlog', '=', backlog).execute();
    },
    holders: (connection, backlog, refs) => holdersOf(db, { connection, backlog }, refs),
    quarantine: (backlog, entry) => putQuarantined(db, backlog, entry),
    quarantined: backlog => readQuarantined(db, backlog),
    metadata: (connection, now) => createMetadataCache(db, connection, now),
    ...createPauses(db),
    async told(backlog) {
      const row = await db
        .selectFrom('winnow.told')
        .select('notices')
        .where('backlog', '=', backlog)
        .executeTakeFirst();
      return row?.notices ?? null;
    },
    async keepTold(backlog, notices) {
      const stored = { notices: JSON.stringify(notices) };
      await db
        .insertInto('winnow.told')
        .values({ backlog, ...stored })
        .onConflict(on => on.column('backlog').doUpdateSet(stored))
        .execute();
    },
  };
}

async function putQuarantined(db: Database, backlog: string, entry: Quarantined): Promise<void> {
  const { version, problem, since } = entry;
  await db
    .insertInto('winnow.quarantine')
    .values({ backlog, ...entry })
    .onConflict(on => on.columns(['backlog', 'ref']).doUpdateSet({ version, problem, since }))
    .execute();
}

async function readQuarantined(db: Database, backlog: string): Promise<readonly Quarantined[]> {
  const rows = await db
    .selectFrom('winnow.quarantine')
    .select(['ref', 'version', 'problem', 'since'])
    .where('backlog', '=', backlog)
    .orderBy('ref')
    .execute();
  return rows.map(row => ({ ...row, ref: row.ref as ItemRef }));
}

function createMetadataCache(db: Database, connection: string, now: () => Date): MetadataCache {
  return {
    async get(key) {
      const row = await db
        .selectFrom('winnow.metadata')
        .select('value')
        .where('connection', '=', connection)
        .where('key', '=', key)
        .where('expires_at', '>', now())
        .executeTakeFirst();
      return row?.value;
    },
    async put(key, value, ttlSeconds) {
      const stored = { value: JSON.stringify(value), expires_at: new Date(now().getTime() + ttlSeconds * 1000) };
      await db
        .insertInto('winnow.metadata')
        .values({ connection, key, ...stored })
        .onConflict(on => on.columns(['connection', 'key']).doUpdateSet(stored))
        .execute();
    },
  };
}
