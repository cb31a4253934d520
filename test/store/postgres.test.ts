import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { auditSuite } from '../support/audit-suite.ts';
import { inboxSuite } from '../support/inbox-suite.ts';
import { journalSuite } from '../support/journal-suite.ts';
import { postgresFolder, startPostgres, type LocalPostgres } from '../support/local-postgres.ts';
import { stateStoreSuite } from '../support/state-store-suite.ts';

const folder = postgresFolder();
if (folder === null) console.warn('Postgres is not installed: the store suite runs on the embedded one only.');
const options = { dataDir: null, clock: systemClock, log: silentLog };

describe.skipIf(folder === null)('store/postgres', () => {
  let server: LocalPostgres;
  let store: Store;

  beforeAll(async () => {
    server = await startPostgres(folder ?? '');
    store = await openStore({ ...options, databaseUrl: server.url });
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  stateStoreSuite(() => store);
  journalSuite(() => store);
  auditSuite(() => store);
  inboxSuite(() => store);

  test('a second store opens the same database', async () => {
    const second = await openStore({ ...options, databaseUrl: server.url });
    expect(second.kind).toBe('postgres');
    await second.close();
  });
});

describe('store/postgres (address)', () => {
  test('an unreachable database is named without its password', async () => {
    const databaseUrl = 'postgres://winnow:hunter2@127.0.0.1:1/backlogs';
    const opening = openStore({ ...options, databaseUrl });
    await expect(opening).rejects.toThrow(/DATABASE_URL \(127\.0\.0\.1:1\/backlogs\) cannot be used/);
    await expect(opening).rejects.not.toThrow(/hunter2/);
  });
});
