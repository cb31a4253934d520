import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { keepHouse } from '../../src/store/housekeeping.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import type { PglitePool } from '../../src/store/pglite-pool.ts';
import { auditSuite } from '../support/audit-suite.ts';
import { inboxSuite } from '../support/inbox-suite.ts';
import { journalSuite } from '../support/journal-suite.ts';
import { stateStoreSuite } from '../support/state-store-suite.ts';
import { aMeta, aState } from '../support/store-values.ts';

let store: Store;
const pool = (): PglitePool => store.pool as PglitePool;

beforeAll(async () => {
  store = await openStore({ dataDir: null, databaseUrl: null, clock: systemClock, log: silentLog });
});
afterAll(() => store.close());

describe('store/state-store (embedded)', () => {
  stateStoreSuite(() => store);
});

describe('store/journal-store (embedded)', () => {
  journalSuite(() => store);
  auditSuite(() => store);
});

describe('store/inbox (embedded)', () => {
  inboxSuite(() => store);
});

describe('store/housekeeping', () => {
  test('dead rows are vacuumed away', async () => {
    const put = Array.from({ length: 1500 }, (_, i) => aState(i));
    await store.state.save('littered', { meta: aMeta(), put, drop: [] });
    await store.state.save('littered', { meta: aMeta(), put, drop: [] });
    await store.state.drop('littered');

    const vacuumed = await keepHouse(pool());

    expect(vacuumed).toContain('winnow.item');
  });
});

describe('store/pglite-pool', () => {
  test('two transactions do not interleave', async () => {
    const [a, b] = [await pool().connect(), await pool().connect()];
    await a.query('create table public.pool_probe (n int)');
    await a.query('begin');
    await a.query('insert into public.pool_probe values (1)');
    const second = b.query('begin').then(() => b.query('select count(*)::int as n from public.pool_probe'));
    await a.query('rollback');
    expect((await second).rows).toEqual([{ n: 0 }]);
    await b.query('commit');
    a.release();
    b.release();
  });

  test('a client given back inside a transaction leaves none behind', async () => {
    const client = await pool().connect();
    await client.query('begin');
    await client.query('create table public.never_kept (n int)');
    client.release();
    const { rows } = await pool().query(`select to_regclass('public.never_kept') as found`);
    expect(rows).toEqual([{ found: null }]);
  });

  test('a notification reaches an idle listener', async () => {
    const client = await pool().connect();
    const heard = new Promise(resolve => client.once('notification', resolve));
    await client.query('LISTEN pool_probe');
    await pool().query(`select pg_notify('pool_probe', 'hello')`);
    expect(await heard).toEqual({ channel: 'pool_probe', payload: 'hello' });
    client.release();
  });
});
