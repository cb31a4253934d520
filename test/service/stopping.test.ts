import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../src/demo/jira/index.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startServiceProcess, type ServiceProcess } from '../support/service-process.ts';

/** Processes on the embedded database, stopped and killed while they write. */
describe('a service that is stopped while it writes', () => {
  let folder: string;
  let site: JiraSite;
  const started: ServiceProcess[] = [];

  const start = async (): Promise<ServiceProcess> => {
    const process = await startServiceProcess(folder, {});
    started.push(process);
    return process;
  };
  const writes = (): number => site.exchanges().filter(exchange => exchange.request.method === 'PUT').length;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'winnow-stopping-'));
    const records = believableJiraBacklog({ items: 30, seed: 4, now: systemClock.now() });
    site = await startJiraSite({ clock: systemClock, records });
    writeFileSync(
      join(folder, 'winnow.yaml'),
      `
connections:
  acme: { tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${site.apiToken}" } }
backlogs:
  shop: { board: ${site.boards[0]?.id}, mode: apply, schedule: "*/3 * * * * *", limits: { maxMovedShare: 1 } }
service: { http: { port: 0 } }
`,
    );
  });

  afterAll(async () => {
    for (const process of started) process.kill('SIGKILL');
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('it finishes the write in hand, journals it, and ends in time', async () => {
    site.faults.next({ kind: 'slow', ms: 500, method: 'PUT', times: Infinity });
    const service = await start();
    await expect.poll(writes, { timeout: 60_000, interval: 50 }).toBeGreaterThan(0);

    const { code, ms } = await service.stop();

    expect([code, ms < 10_000]).toEqual([0, true]);
    const store = await openStore({
      dataDir: join(folder, '.winnow'),
      databaseUrl: null,
      clock: systemClock,
      log: silentLog,
    });
    const [round] = await store.journal.rounds({ backlog: 'shop' });
    expect(await store.journal.openIntents('shop')).toEqual([]);
    expect(await store.leases.held()).toEqual([]);
    expect(round?.status).toBe('partial');
    expect(round?.outcomes.applied).toBeGreaterThan(0);
    expect(round?.outcomes.failed).toBeGreaterThan(0);
    await store.close();
  }, 120_000);

  test('started again, it goes on where it stopped', async () => {
    site.faults.clear();
    const service = await start();
    await service.logged('"status":"applied"');
    await service.logged('"status":"nothing-to-do"');

    expect(await service.stop()).toMatchObject({ code: 0 });
  }, 150_000);
});
