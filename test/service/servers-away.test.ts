import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../src/demo/jira/index.ts';
import { itemRef } from '../../src/item.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { postgresFolder, startPostgres, type LocalPostgres } from '../support/local-postgres.ts';
import { hasRedis, startRedis, type RedisChild } from '../support/redis-child.ts';
import { startServiceProcess, type ServiceProcess } from '../support/service-process.ts';

const token = 'a-token-for-servers-away';
const secret = 'a-webhook-secret';
const missing = !hasRedis() || postgresFolder() === null;

interface Ready {
  readonly ready: boolean;
  readonly queue: string;
  readonly database: string;
}

/** One service on servers that go away and come back; what was asked for is done afterwards, without a restart. */
describe.skipIf(missing)('a service whose servers go away', () => {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-away-'));
  let redis: RedisChild;
  let postgres: LocalPostgres;
  let site: JiraSite;
  let service: ServiceProcess;
  let deliveries = 0;

  const rounds = (): number => service.log().split('"a round ended"').length - 1;
  const ready = async (): Promise<Ready> => (await (await fetch(`${service.url}/readyz`)).json()) as Ready;
  const deliver = async (): Promise<number> => {
    const issue = { id: '11003', key: 'SHOP-4', fields: { project: { key: 'SHOP' } } };
    const body = JSON.stringify({ timestamp: 1, webhookEvent: 'jira:issue_updated', issue, n: (deliveries += 1) });
    const answer = await fetch(`${service.url}/webhooks/acme`, {
      method: 'POST',
      body,
      headers: {
        'Content-Type': 'application/json',
        'X-Hub-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
    });
    return answer.status;
  };
  const ask = (): Promise<Response> =>
    fetch(`${service.url}/api/rounds`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: '{"backlog":"shop"}',
    });
  const aRoundFollows = async (before: number): Promise<void> => {
    await expect.poll(rounds, { timeout: 60_000, interval: 100 }).toBeGreaterThan(before);
  };

  beforeAll(async () => {
    const records = believableJiraBacklog({ items: 20, seed: 5, now: systemClock.now() });
    [redis, postgres, site] = await Promise.all([
      startRedis(),
      startPostgres(postgresFolder() ?? ''),
      startJiraSite({ clock: systemClock, records }),
    ]);
    const auth = `{ email: "${site.email}", apiToken: "${site.apiToken}" }`;
    writeFileSync(
      join(folder, 'winnow.yaml'),
      `
connections:
  acme: { tracker: jira, url: "${site.url}", auth: ${auth}, webhook: { secrets: [${secret}] } }
backlogs:
  shop: { board: ${site.boards[0]?.id}, mode: apply, schedule: "0 0 1 1 *", sweep: "0 0 1 1 *", limits: { maxMovedShare: 1 } }
service: { http: { port: 0, apiToken: "\${WINNOW_API_TOKEN}" }, webhooks: { debounceSeconds: 1, maxWaitSeconds: 2 } }
`,
    );
    const environment = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, WINNOW_API_TOKEN: token };
    service = await startServiceProcess(folder, environment);
    await service.logged('"a round ended"');
  }, 120_000);

  afterAll(async () => {
    service.kill('SIGKILL');
    await Promise.all([redis.stop(), postgres.stop(), site.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('Redis that hangs for ten seconds is told by /readyz and to senders; then all goes on', async () => {
    redis.freeze();
    const began = performance.now();
    expect(await ready()).toMatchObject({ ready: false, queue: 'down', database: 'ok' });
    expect(await deliver()).toBe(503);
    await new Promise(resolve => setTimeout(resolve, Math.max(0, 10_000 - (performance.now() - began))));
    redis.thaw();

    await expect.poll(ready, { timeout: 30_000 }).toMatchObject({ ready: true, queue: 'ok' });
    const before = rounds();
    expect(await deliver()).toBe(202);
    await aRoundFollows(before);
  }, 120_000);

  test('Redis that is started anew is found again', async () => {
    await redis.restart(async () => {
      expect(await deliver()).toBe(503);
      expect(await ready()).toMatchObject({ ready: false, queue: 'down' });
    });

    await expect.poll(ready, { timeout: 30_000 }).toMatchObject({ ready: true, queue: 'ok' });
    const before = rounds();
    expect(await deliver()).toBe(202);
    await aRoundFollows(before);
  }, 120_000);

  test('what was announced before Redis forgot its jobs is read by the next round', async () => {
    const options = { dataDir: null, databaseUrl: postgres.url, clock: systemClock, log: silentLog };
    const store = await openStore(options);
    expect(await deliver()).toBe(202);
    await redis.flush();
    expect((await store.touched.pending('shop')).refs).toEqual([itemRef('jira', 11003)]);

    const before = rounds();
    expect((await ask()).status).toBe(202);
    await aRoundFollows(before);
    await expect.poll(async () => (await store.touched.pending('shop')).refs).toEqual([]);
    await store.close();
    expect(await ready()).toMatchObject({ ready: true, queue: 'ok' });
  }, 90_000);

  test('Postgres that hangs is told to senders within seconds; then all goes on', async () => {
    postgres.freeze();
    const began = performance.now();
    expect(await Promise.all([deliver(), deliver()])).toEqual([503, 503]);
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(await ready()).toMatchObject({ ready: false, database: 'down' });
    postgres.thaw();

    await expect.poll(ready, { timeout: 30_000 }).toMatchObject({ ready: true, database: 'ok' });
    const before = rounds();
    expect(await deliver()).toBe(202);
    await aRoundFollows(before);
  }, 120_000);

  test('Postgres that is started anew is found again', async () => {
    await postgres.restart(async () => {
      expect(await deliver()).toBe(503);
      expect(await ready()).toMatchObject({ ready: false, database: 'down' });
      expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    });

    await expect.poll(ready, { timeout: 30_000 }).toMatchObject({ ready: true, database: 'ok' });
    const before = rounds();
    expect(await deliver()).toBe(202);
    await aRoundFollows(before);
  }, 120_000);

  test('it still ends in order', async () => {
    expect((await service.stop()).code).toBe(0);
  }, 30_000);
});
