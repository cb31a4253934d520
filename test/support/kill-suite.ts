import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createChance } from '../../src/demo/chance.ts';
import type { Tracker } from '../../src/item.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startPlainSite, type PlainSite } from './plain-site.ts';
import { startServiceProcess, type ServiceProcess } from './service-process.ts';
import { openSiteWorld } from './site-world.ts';

/** State and queue that outlive the killed process. */
export interface KillBackend {
  /** Variables of the environment, beside those of any service; `folder` is the test's own. */
  environment(folder: string): NodeJS.ProcessEnv;
  readonly databaseUrl: string | null;
  stop(): Promise<void>;
}

interface EndedRound {
  readonly backlog: string;
  readonly status: string;
  readonly failed: number;
  readonly calls: { readonly write: number };
}

/** Where a site leaves a round hanging until its process is dead. */
interface Point {
  readonly backlog: string;
  readonly site: PlainSite;
  /** At a write; else at any request, perhaps before the round has opened. */
  readonly writing: boolean;
  /** For people who read a failure. */
  readonly where: string;
}

/** What an undisturbed round does to a site of the same content. */
interface Twin {
  /** Keys, top first. */
  readonly order: readonly string[];
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly acts: ReturnType<PlainSite['acts']>;
  readonly exchanges: number;
  readonly writes: number;
}

const token = 'a-token-for-kills';
const limits = '{ maxMovedShare: 1, maxMoves: 1000, maxLabelChanges: 1000, quietMinutes: 0 }';
const perTracker = 10;
const trackers: readonly Tracker[] = ['jira', 'azure-devops'];

/**
 * Twenty rounds in one service, each left hanging by its site at a random request, before or after the request had its
 * effect; then `kill -9`, and a second process. The seed is in the title.
 */
export function killSuite(name: string, seed: number, start: () => Promise<KillBackend>): void {
  describe(`a service killed in twenty rounds at once (${name}, seed ${seed})`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'winnow-kill-'));
    const now = systemClock.now();
    const twins = new Map<Tracker, Twin>();
    let backend: KillBackend;
    let points: readonly Point[] = [];
    let service: ServiceProcess;

    const open = async (): Promise<ServiceProcess> => {
      const environment = { WINNOW_API_TOKEN: token, ...backend.environment(folder) };
      service = await startServiceProcess(folder, environment);
      return service;
    };
    const twinOf = (site: PlainSite): Twin => {
      const twin = twins.get(site.tracker);
      if (twin === undefined) throw new Error('no twin');
      return twin;
    };

    beforeAll(async () => {
      backend = await start();
      for (const tracker of trackers) twins.set(tracker, await undisturbed(tracker, now));
      points = await pointsBy(seed, now, twinOf);
      writeFileSync(join(folder, 'winnow.yaml'), yamlOf(points));
    }, 120_000);

    afterAll(async () => {
      service.kill('SIGKILL');
      await Promise.all(points.map(({ site }) => site.close()));
      await backend.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('every round is under way when the process dies', async () => {
      const first = await open();
      await expect
        .poll(() => points.filter(({ site }) => site.faults.pending() > 0).map(({ where }) => where), {
          timeout: 50_000,
          interval: 50,
        })
        .toEqual([]);
      first.kill('SIGKILL');

      expect(roundsOf(first)).toEqual([]);
    }, 90_000);

    test('the next process ends every round in the desired state', async () => {
      const second = await open();
      const done = (): readonly string[] => [...new Set(roundsOf(second).map(({ backlog }) => backlog))].sort();
      await expect.poll(done, { timeout: 170_000, interval: 250 }).toEqual(points.map(({ backlog }) => backlog).sort());

      expect(roundsOf(second).filter(({ status, failed }) => status === 'failed' || failed > 0)).toEqual([]);
      for (const { where, site } of points) {
        const twin = twinOf(site);
        expect({ where, order: site.order() }).toEqual({ where, order: twin.order });
        expect({ where, labels: site.labels() }).toEqual({ where, labels: twin.labels });
      }
    }, 200_000);

    test('no label came or went twice, and nothing was moved more than once again', () => {
      for (const { where, site } of points) {
        const twin = twinOf(site);
        for (const [key, { labels, moves }] of Object.entries(site.acts())) {
          const labelsOf = [...labels].sort();
          expect({ where, key, labels: labelsOf }).toEqual({
            where,
            key,
            labels: [...(twin.acts[key]?.labels ?? [])].sort(),
          });
          expect({ where, key, moves }).toSatisfy(({ moves: count }: { moves: number }) => count <= 2);
        }
      }
    });

    test('a further round writes nothing', async () => {
      const before = roundsOf(service).length;
      for (const { backlog } of points) {
        const asked = await fetch(`${service.url}/api/rounds`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          body: JSON.stringify({ backlog }),
        });
        expect(asked.status).toBe(202);
      }
      const further = (): readonly EndedRound[] => roundsOf(service).slice(before);
      await expect
        .poll(() => new Set(further().map(({ backlog }) => backlog)).size, { timeout: 60_000, interval: 250 })
        .toBe(points.length);
      expect(further().filter(({ calls, status }) => calls.write > 0 || status !== 'nothing-to-do')).toEqual([]);
    }, 90_000);

    test('the journal is complete', async () => {
      expect((await service.stop()).code).toBe(0);
      const { databaseUrl } = backend;
      const dataDir = databaseUrl === null ? join(folder, 'data') : null;
      const store = await openStore({ dataDir, databaseUrl, clock: systemClock, log: silentLog });
      for (const { backlog, writing } of points) {
        expect(await store.journal.openIntents(backlog)).toEqual([]);
        expect(await store.journal.closeAbandoned(backlog, 'none', systemClock.now())).toBe(0);
        const rounds = await store.journal.rounds({ backlog });
        // The killed one is there too, closed as failed.
        if (writing) expect(rounds.at(-1)?.status).toBe('failed');
      }
      await store.close();
    }, 60_000);
  });
}

async function undisturbed(tracker: Tracker, now: Date): Promise<Twin> {
  const site = await startPlainSite(tracker, { items: 20, now, clock: systemClock });
  const yaml = `
connections: { acme: ${site.yaml.connection} }
backlogs: { twin: { ${site.yaml.backlog}, mode: apply, limits: ${limits} } }
`;
  const world = await openSiteWorld(yaml, {
    get now() {
      return systemClock.now();
    },
    set now(_at) {
      throw new Error('the system clock is not turned');
    },
  });
  const { report } = await world.round();
  expect(report.status).toBe('applied');
  const exchanges = site.exchanges();
  const twin = {
    order: site.order(),
    labels: site.labels(),
    acts: site.acts(),
    exchanges: exchanges.length,
    writes: exchanges.filter(({ request }) => request.method === site.writes).length,
  };
  await world.close();
  await site.close();
  return twin;
}

/** A third at any request, a third before and a third after a write has its effect. */
async function pointsBy(seed: number, now: Date, twinOf: (site: PlainSite) => Twin): Promise<readonly Point[]> {
  const chance = createChance(seed);
  const points: Point[] = [];
  for (const tracker of trackers) {
    for (let n = 0; n < perTracker; n++) {
      const site = await startPlainSite(tracker, { items: 20, now, clock: systemClock });
      const { exchanges, writes } = twinOf(site);
      const [kind, after] = (
        [
          ['any', false],
          ['write', false],
          ['write', true],
        ] as const
      )[n % 3] ?? ['any', false];
      const nth = chance.whole(1, kind === 'any' ? exchanges : writes);
      const method = kind === 'any' ? {} : { method: site.writes };
      site.faults.next({ kind: 'slow', ms: 3_600_000, after, skip: nth - 1, ...method });
      const where = `${tracker} ${n}: ${after ? 'after' : 'before'} ${kind === 'any' ? 'request' : 'write'} ${nth}`;
      points.push({ backlog: `${tracker}-${n}`, site, writing: kind === 'write', where });
    }
  }
  return points;
}

function yamlOf(points: readonly Point[]): string {
  const connections = points.map(({ backlog, site }) => `  at-${backlog}: ${site.yaml.connection}`);
  const backlogs = points.map(
    ({ backlog, site }) =>
      `  ${backlog}: { connection: at-${backlog}, ${site.yaml.backlog}, mode: apply, schedule: "0 0 1 1 *", ` +
      `sweep: "0 0 1 1 *", limits: ${limits} }`,
  );
  const service = 'service: { http: { port: 0, apiToken: "${WINNOW_API_TOKEN}" } }';
  return ['connections:', ...connections, 'backlogs:', ...backlogs, service, ''].join('\n');
}

function roundsOf(service: ServiceProcess): readonly EndedRound[] {
  return service
    .log()
    .split('\n')
    .filter(line => line.includes('"a round ended"'))
    .map(line => JSON.parse(line) as EndedRound);
}
