import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startPlainSite, type PlainSite } from '../support/plain-site.ts';
import { runWinnow, startServiceProcess, type Ended, type ServiceProcess } from '../support/service-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-full-'));
const small = join(folder, 'small');
mkdirSync(small);
const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=72m', 'tmpfs', small], { encoding: 'utf8' });
const refused = mount.status !== 0;
if (refused) console.warn(`A small disk cannot be mounted here (${mount.stderr.trim()}): a full one is not tested.`);

/** The data folder on a small disk, which something else fills. */
describe.skipIf(refused)('the disk of the embedded database is full', () => {
  const environment = { WINNOW_DATA: join(small, 'data'), WINNOW_API_TOKEN: 'a-token-for-full-disks' };
  const filler = join(small, 'filler');
  let site: PlainSite;
  let service: ServiceProcess;

  const fill = (): void => {
    const file = openSync(filler, 'w');
    for (const size of [1_048_576, 4_096]) {
      const block = Buffer.alloc(size);
      try {
        for (;;) if (writeSync(file, block) < size) break;
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
      }
    }
    closeSync(file);
  };
  const ask = (): Promise<Response> =>
    fetch(`${service.url}/api/rounds`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${environment.WINNOW_API_TOKEN}`, 'Content-Type': 'application/json' },
      body: '{"backlog":"shop","sweep":true}',
    });
  const goodRounds = (): number =>
    service.log().match(/"status":"(applied|nothing-to-do)".*"a round ended"/g)?.length ?? 0;
  const run = (): Promise<Ended> => runWinnow(folder, environment, ['run', '--json']);
  const advice = /The disk of the data folder \S+ is full\. Free some space/;

  beforeAll(async () => {
    site = await startPlainSite('jira', { items: 20, now: systemClock.now(), clock: systemClock });
    const terms =
      'mode: apply, schedule: "0 0 1 1 *", sweep: "0 0 1 1 *", limits: { maxMovedShare: 1, quietMinutes: 0 }';
    writeFileSync(
      join(folder, 'winnow.yaml'),
      `
connections: { acme: ${site.yaml.connection} }
backlogs: { shop: { ${site.yaml.backlog}, ${terms} } }
service: { http: { port: 0, apiToken: "\${WINNOW_API_TOKEN}" } }
`,
    );
    service = await startServiceProcess(folder, environment);
    await service.logged('"a round ended"');
  }, 120_000);

  afterAll(async () => {
    service.kill('SIGKILL');
    await site.close();
    spawnSync('umount', ['-l', small]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('the service and its commands say what to do', async () => {
    site.mislabel(site.order()[0] ?? '');
    fill();
    await ask();
    await service.logged('is full. Free some space');
    const { code, out } = await run();
    expect([code, out]).toEqual([1, expect.stringMatching(advice)]);
  }, 90_000);

  test('once there is space again it goes on by itself, and nothing is half-written', async () => {
    rmSync(filler);
    const before = goodRounds();
    await expect.poll(async () => (await ask()).status, { timeout: 20_000 }).toBe(202);
    // A job whose end could not be written down is taken up again when its lock has run out.
    await expect.poll(goodRounds, { timeout: 100_000 }).toBeGreaterThan(before);
    expect((await service.stop()).code).toBe(0);

    const acts = Object.values(site.acts()).flatMap(({ labels }) => labels);
    expect(acts.filter(label => label === '-winnow-needs-input')).toHaveLength(1);
    const store = await openStore({
      dataDir: environment.WINNOW_DATA,
      databaseUrl: null,
      clock: systemClock,
      log: silentLog,
    });
    expect(await store.journal.openIntents('shop')).toEqual([]);
    await store.close();
  }, 150_000);

  test('a command that finds the disk full says so, and leaves nothing behind', async () => {
    await service.stop();
    fill();
    const { code, err } = await run();
    expect([code, err]).toEqual([1, expect.stringMatching(advice)]);
    expect(readdirSync(environment.WINNOW_DATA).sort()).toEqual(['database']);
    rmSync(environment.WINNOW_DATA, { recursive: true });
    fill();
    truncateSync(filler, statSync(filler).size - 20 * 1_048_576);
    const first = await run();
    expect([first.code, first.err]).toEqual([1, expect.stringMatching(/no space left on device.*60 MB free/)]);
    expect(existsSync(join(environment.WINNOW_DATA, 'database.new'))).toBe(false);
  }, 120_000);
});
