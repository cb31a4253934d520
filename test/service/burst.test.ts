import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../src/demo/jira/index.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { postgresFolder, startPostgres, type LocalPostgres } from '../support/local-postgres.ts';
import { hasRedis, startRedis, type RedisChild } from '../support/redis-child.ts';
import { startServiceProcess, type ServiceProcess } from '../support/service-process.ts';

const secret = 'a-webhook-secret';
const deliveries = 10_000;
const atOnce = 100;
const missing = !hasRedis() || postgresFolder() === null;

interface Sample {
  readonly jobs: number;
  readonly megabytes: number;
}

/** One process with every role; the burst comes from this one. */
describe.skipIf(missing)('a service in a burst of ten thousand deliveries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-burst-'));
  let redis: RedisChild;
  let postgres: LocalPostgres;
  let site: JiraSite;
  let service: ServiceProcess;

  const rounds = (): number => service.log().split('"a round ended"').length - 1;
  const deliver = async (n: number, id: string): Promise<number> => {
    const body = JSON.stringify({
      timestamp: Date.parse('2026-11-25'),
      webhookEvent: 'jira:issue_updated',
      issue: { id },
    });
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = { 'X-Hub-Signature': `sha256=${signature}`, 'X-Atlassian-Webhook-Identifier': `burst-${n}` };
    const answer = await fetch(`${service.url}/webhooks/acme`, { method: 'POST', body, headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  const sample = async (): Promise<Sample> => {
    const page = await (await fetch(`${service.url}/metrics`)).text();
    const jobs = page.matchAll(/^winnow_queue_jobs\{.*state="(?:waiting|active|delayed)"\} (\d+)/gm);
    const bytes = /^process_resident_memory_bytes (\S+)/m.exec(page)?.[1];
    return { jobs: [...jobs].reduce((sum, [, n]) => sum + Number(n), 0), megabytes: Number(bytes) / 1e6 };
  };

  beforeAll(async () => {
    const records = believableJiraBacklog({ items: 60, seed: 5, now: systemClock.now() });
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
  shop: { board: ${site.boards[0]?.id}, mode: apply, schedule: "0 0 1 1 *", sweep: "0 0 1 1 *", limits: { maxMovedShare: 1, quietMinutes: 0 } }
service: { http: { port: 0 } }
`,
    );
    service = await startServiceProcess(folder, { DATABASE_URL: postgres.url, REDIS_URL: redis.url });
    await service.logged('"a round ended"');
  }, 120_000);

  afterAll(async () => {
    service.kill('SIGKILL');
    await Promise.all([redis.stop(), postgres.stop(), site.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('queue and memory stay bounded, few rounds follow, and nothing is lost', async () => {
    const board = site.boards[0]?.id ?? 0;
    const keys = site.order(board);
    const last = keys.at(-1) ?? '';
    const ids = keys.map(key => site.issue(key).id);
    site.editIssue(last, { priority: { name: 'Highest' }, duedate: '2020-01-01' }, 'Ada Park');
    const before = rounds();
    const samples: Sample[] = [];
    const statuses = new Map<number, number>();
    let sent = 0;
    const sender = async (): Promise<void> => {
      while (sent < deliveries) {
        const n = sent++;
        if (n % 1_000 === 0) samples.push(await sample());
        const status = await deliver(n, ids[n % ids.length] ?? '');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };

    await Promise.all(Array.from({ length: atOnce }, sender));

    expect(statuses).toEqual(new Map([[202, deliveries]]));
    const store = await openStore({ dataDir: null, databaseUrl: postgres.url, clock: systemClock, log: silentLog });
    const waiting = async (): Promise<number> => (await store.touched.pending('shop')).refs.length;
    await expect.poll(waiting, { timeout: 90_000, interval: 200 }).toBe(0);
    await expect.poll(async () => (await sample()).jobs, { timeout: 30_000, interval: 200 }).toBe(0);
    await store.close();
    expect(rounds() - before).toBeGreaterThan(0);
    expect(rounds() - before).toBeLessThanOrEqual(3);
    expect(site.order(board).indexOf(last)).toBeLessThan(keys.length / 2);
    // One waits or runs, one follows it.
    expect(Math.max(...samples.map(({ jobs }) => jobs))).toBeLessThanOrEqual(2);
    expect(Math.max(...samples.map(({ megabytes }) => megabytes))).toBeLessThan(450);
  }, 240_000);
});
