import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findService } from '../../src/cli/remote/find-service.ts';
import { withoutConfig } from '../../src/cli/remote/ask-service.ts';
import { systemClock } from '../../src/clock.ts';
import { ConfigError } from '../../src/errors.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../src/demo/jira/index.ts';
import { runWinnow, startServiceProcess, type Ended, type ServiceProcess } from '../support/service-process.ts';

describe('cli/remote', () => {
  test.each([
    [['status'], ['status']],
    [
      ['status', '--config', 'x.yaml', '--json'],
      ['status', '--json'],
    ],
    [['--config=x.yaml', 'rounds'], ['rounds']],
    [
      ['explain', '--', '--config', 'A-1'],
      ['explain', '--', '--config', 'A-1'],
    ],
  ])('%j travels as %j', (argv, sent) => {
    expect(withoutConfig(argv)).toEqual(sent);
  });

  test.each([
    [{ WINNOW_URL: 'https://winnow.example.com/base/' }, 'https://winnow.example.com/base'],
    [{ WINNOW_URL: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080'],
    [{ DATABASE_URL: 'postgres://db' }, null],
    [{}, null],
  ])('%j leads to %s', (environment, url) => {
    const all = { WINNOW_DATA: '/nowhere/at/all', WINNOW_API_TOKEN: 'a-token-of-length', ...environment };
    expect(findService(all, systemClock)?.url ?? null).toBe(url);
  });

  test.each([
    [{ WINNOW_URL: 'http://winnow.example.com', WINNOW_API_TOKEN: 'a-token-of-length' }, /must begin with https/],
    [{ WINNOW_URL: 'winnow', WINNOW_API_TOKEN: 'a-token-of-length' }, /no address/],
    [{ WINNOW_URL: 'https://winnow.example.com' }, /WINNOW_API_TOKEN/],
  ])('%j is refused', (environment, said) => {
    const find = (): unknown => findService({ WINNOW_DATA: '/nowhere/at/all', ...environment }, systemClock);
    expect(find).toThrow(ConfigError);
    expect(find).toThrow(said);
  });
});

describe('the command line beside a service on the embedded database', () => {
  let folder: string;
  let site: JiraSite;
  let service: ServiceProcess;
  const winnow = (...args: string[]): Promise<Ended> => runWinnow(folder, {}, args);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'winnow-remote-'));
    const records = believableJiraBacklog({ items: 15, seed: 9, now: systemClock.now() });
    site = await startJiraSite({ clock: systemClock, records });
    writeFileSync(
      join(folder, 'winnow.yaml'),
      `
connections:
  acme: { tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${site.apiToken}" } }
backlogs:
  shop: { board: ${site.boards[0]?.id}, limits: { maxMovedShare: 1 } }
service: { http: { port: 0 } }
`,
    );
    service = await startServiceProcess(folder, {});
    await service.logged('a round ended');
  }, 120_000);

  afterAll(async () => {
    service.kill('SIGKILL');
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the service carries out a question and says where it was asked', async () => {
    const { code, out, err } = await winnow('status', '--json');
    expect([code, err]).toEqual([0, `The service at ${service.url} carries this out.\n`]);
    expect(JSON.parse(out)).toMatchObject({
      service: { url: service.url },
      backlogs: [{ lastRound: { status: 'observed' } }],
    });
  });

  test('plan files travel: written here, read here, never on the service’s disk', async () => {
    const planned = await winnow('plan', 'shop', '--out', 'saved.json', '--json');
    expect([planned.code, planned.err]).toEqual([0, expect.stringContaining('saved.json is the plan file')]);
    const saved = JSON.parse(readFileSync(join(folder, 'saved.json'), 'utf8')) as { plans: { changes: unknown[] }[] };
    expect(saved.plans[0]?.changes.length).toBeGreaterThan(0);

    const ran = await winnow('run', '--apply', '--plan', 'saved.json', '--json');
    const { rounds } = JSON.parse(ran.out) as { rounds: { outcomes: { applied: number; failed: number } }[] };
    expect(rounds[0]?.outcomes).toEqual({ applied: saved.plans[0]?.changes.length, failed: 0 });

    const stolen = await winnow('run', '--plan', 'winnow-no-such.json');
    expect([stolen.code, stolen.err]).toEqual([2, expect.stringContaining('winnow-no-such.json cannot be read')]);
  }, 60_000);

  test('usage mistakes and refusals keep their exit codes', async () => {
    expect(await winnow('plan', 'nope')).toMatchObject({ code: 2, err: expect.stringContaining('Known: shop') });
    const wrong = await runWinnow(folder, { WINNOW_API_TOKEN: 'quite-another-token' }, ['rounds']);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('does not accept the API token') });
  }, 60_000);

  test('a second service on the folder is refused with who holds it', async () => {
    const { code, err } = await winnow('start');
    expect([code, err]).toEqual([1, expect.stringContaining(`in use by process ${service.pid}`)]);
    expect(err).toContain(service.url);
  }, 60_000);

  test('once the service has ended the command line works by itself', async () => {
    expect(await service.stop()).toMatchObject({ code: 0 });
    const { code, out, err } = await winnow('rounds', '--json');
    expect([code, err]).toEqual([0, '']);
    expect((JSON.parse(out) as { rounds: unknown[] }).rounds.length).toBeGreaterThanOrEqual(3);
    expect(existsSync(join(folder, '.winnow', 'lock'))).toBe(false);
  }, 60_000);
});
