import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Queue as BullQueue } from 'bullmq';
import { parse } from 'yaml';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../src/demo/jira/index.ts';
import { systemClock } from '../../src/clock.ts';
import { queueName, roundJob } from '../../src/jobs/job.ts';
import { redisAddress } from '../../src/jobs/redis-address.ts';
import { postgresFolder, startPostgres, type LocalPostgres } from '../support/local-postgres.ts';
import { hasRedis, startRedis, type RedisChild } from '../support/redis-child.ts';
import { runWinnow, startServiceProcess, type ServiceProcess } from '../support/service-process.ts';

interface ComposeService {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly deploy?: { readonly replicas: number };
}
const { services } = parse(readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8'), {
  merge: true,
}) as {
  services: Record<'winnow' | 'worker', ComposeService>;
};
const token = 'a-token-for-the-topology';
const missing = !hasRedis() || postgresFolder() === null;

/** The processes of docker-compose.yml, with the variables that it names, against an emulated site. */
describe.skipIf(missing)('the topology of docker-compose.yml as processes', () => {
  let folder: string;
  let redis: RedisChild;
  let postgres: LocalPostgres;
  let site: JiraSite;
  let web: ServiceProcess;
  const processes: ServiceProcess[] = [];

  const valueOf = (name: string): string => {
    const known: Readonly<Record<string, string>> = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      WINNOW_API_TOKEN: token,
      WINNOW_CONFIG: join(folder, 'winnow.yaml'),
      WINNOW_HTTP_HOST: '127.0.0.1',
      // Containers have a network each; processes share one.
      WINNOW_HTTP_PORT: '0',
      WINNOW_LOG_LEVEL: 'info',
      JIRA_EMAIL: site.email,
      JIRA_API_TOKEN: site.apiToken,
      JIRA_WEBHOOK_SECRET: 'jira-webhook-secret',
      ADO_PAT: '',
      ADO_WEBHOOK_PASSWORD: '',
    };
    const value = known[name];
    if (value === undefined) throw new Error(`docker-compose.yml names ${name}, which this test does not know`);
    return value;
  };
  const environmentOf = ({ environment }: ComposeService): Record<string, string> =>
    Object.fromEntries(Object.keys(environment).map(name => [name, valueOf(name)]));
  const start = async (service: ComposeService, roles = service.command[2] ?? ''): Promise<ServiceProcess> => {
    expect(service.command.slice(0, 2)).toEqual(['start', '--roles']);
    const started = await startServiceProcess(folder, environmentOf(service), ['--roles', roles]);
    processes.push(started);
    return started;
  };
  const api = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${web.url}${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    });
  const roundsDone = (): string[][] =>
    processes.map(({ log }) =>
      log()
        .split('\n')
        .filter(line => line.includes('"a round ended"'))
        .map(line => (JSON.parse(line) as { reason: string }).reason),
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'winnow-topology-'));
    [redis, postgres, site] = await Promise.all([
      startRedis(),
      startPostgres(postgresFolder() ?? ''),
      startJiraSite({
        clock: systemClock,
        records: believableJiraBacklog({ items: 20, seed: 5, now: systemClock.now() }),
      }),
    ]);
    writeFileSync(
      join(folder, 'winnow.yaml'),
      `
connections:
  acme:
    tracker: jira
    url: ${site.url}
    auth: { email: "\${JIRA_EMAIL}", apiToken: "\${JIRA_API_TOKEN}" }
    webhook: { secrets: ["\${JIRA_WEBHOOK_SECRET}"] }
backlogs:
  shop: { board: ${site.boards[0]?.id}, mode: apply, schedule: "0 0 1 1 *", sweep: "0 3 * * *", limits: { maxMovedShare: 1 } }
service: { http: { apiToken: "\${WINNOW_API_TOKEN:-}" } }
`,
    );
    // The scheduler of the first process is a replica of the one beside it: slots still make one job each.
    [web] = await Promise.all([start(services.winnow), start(services.winnow, 'scheduler')]);
    await Promise.all(Array.from({ length: services.worker.deploy?.replicas ?? 0 }, () => start(services.worker)));
  }, 120_000);

  afterAll(async () => {
    for (const process of processes) process.kill('SIGKILL');
    await Promise.all([redis.stop(), postgres.stop(), site.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a round comes through the schedule, once', async () => {
    await expect.poll(() => roundsDone().flat(), { timeout: 60_000 }).toContain('schedule');

    const status = (await (await api('/api/status')).json()) as { backlogs: { lastRound: { status: string } }[] };
    expect(status.backlogs[0]?.lastRound.status).toBe('applied');
    expect(
      roundsDone()
        .flat()
        .filter(reason => reason === 'schedule'),
    ).toHaveLength(1);
    // Web and scheduler make no rounds.
    expect(roundsDone().slice(0, 2)).toEqual([[], []]);
  }, 90_000);

  test('a round comes through the API', async () => {
    const asked = await api('/api/rounds', { method: 'POST', body: '{"backlog":"shop"}' });
    expect(asked.status).toBe(202);
    await expect.poll(() => roundsDone().flat(), { timeout: 60_000 }).toContain('person');
  }, 90_000);

  test('every process is alive and ready, and tells its figures', async () => {
    for (const { url } of processes) {
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      const ready = await fetch(`${url}/readyz`);
      expect(await ready.json()).toMatchObject({ ready: true, database: 'ok', queue: 'ok', failed: 0 });
      expect(await (await fetch(`${url}/metrics`)).text()).toContain(
        'winnow_queue_jobs{connection="acme",state="failed"} 0',
      );
    }
    const counted = await Promise.all(
      processes.slice(2).map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
    );
    expect(counted.join('\n')).toMatch(/winnow_tracker_calls_total\{[^}]*tracker="jira"[^}]*status="200"/);
  });

  test('a command line beside it works on the same store, under the same lease', async () => {
    const { code, out, err } = await runWinnow(folder, environmentOf(services.worker), ['status', '--json']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ service: null, backlogs: [{ backlog: 'shop', lease: null }] });
  }, 60_000);

  test('jobs that nobody can do are given up and shown everywhere, and the others are done', async () => {
    const { connection, prefix } = redisAddress(redis.url);
    const queue = new BullQueue(queueName('acme'), { connection, prefix });
    const done = roundsDone().flat().length;
    await queue.add('round', { kind: 'round', backlog: 7 });
    await queue.add('round', roundJob({ connection: 'acme', backlog: 'gone', reason: 'person' }));
    await queue.close();
    expect((await api('/api/rounds', { method: 'POST', body: '{"backlog":"shop"}' })).status).toBe(202);
    await expect.poll(() => roundsDone().flat().length, { timeout: 60_000 }).toBe(done + 1);

    const ready = await fetch(`${web.url}/readyz`);
    const { failed, reasons } = (await ready.json()) as { failed: number; reasons: string[] };
    expect([ready.status, failed]).toEqual([200, 2]);
    expect(reasons.join('\n')).toMatch(/a round of \(unreadable\) was given up/);
    expect(reasons.join('\n')).toMatch(/a round of gone was given up/);
    const metrics = await (await fetch(`${web.url}/metrics`)).text();
    expect(metrics).toContain('winnow_queue_jobs{connection="acme",state="failed"} 2');
    const status = await runWinnow(folder, environmentOf(services.worker), ['status']);
    expect(status.out).toMatch(/Given up.*\n.*gone, .*\n.*\(unreadable\), /);
  }, 90_000);

  test('each process ends in order within ten seconds', async () => {
    const ends = await Promise.all(processes.map(process => process.stop()));
    expect(ends.map(end => end.code)).toEqual(ends.map(() => 0));
    expect(Math.max(...ends.map(end => end.ms))).toBeLessThan(10_000);
  }, 30_000);
});
