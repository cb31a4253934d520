import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { systemClock } from '../src/clock.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../src/demo/jira/index.ts';
import { startServiceProcess, type ServiceProcess } from '../test/support/service-process.ts';
import type { BenchBackend } from './service-backends.ts';

/** Emulated Jira sites of this process, and services that work on them as processes of their own. */
export interface LiveService {
  readonly sites: readonly JiraSite[];
  /** Starts one more process. */
  start(roles: string): Promise<ServiceProcess>;
  /** Waits until the processes have ended so many rounds in all. */
  rounds(atLeast: number): Promise<void>;
  endedRounds(): number;
  stop(): Promise<void>;
}

export const secret = 'bench-webhook-secret';
export const debounceSeconds = 1;
const limits = { maxMoves: 100_000, maxMovedShare: 1, maxLabelChanges: 100_000, quietMinutes: 0 };
const never = '0 0 1 1 *';

/** Nothing is started yet but the servers and the sites: `count` of them, one backlog each, connections `acme-0`.. */
export async function openLiveService(
  backend: BenchBackend,
  { count, items }: { readonly count: number; readonly items: number },
): Promise<LiveService> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));
  const servers = await backend.start(folder);
  const now = systemClock.now();
  const sites = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      startJiraSite({ clock: systemClock, records: believableJiraBacklog({ items, seed: n + 1, now }) }),
    ),
  );
  writeFileSync(join(folder, 'winnow.yaml'), yamlOf(sites));
  const processes: ServiceProcess[] = [];
  const endedRounds = (): number =>
    processes.reduce((sum, { log }) => sum + log().split('"a round ended"').length - 1, 0);
  return {
    sites,
    endedRounds,
    async start(roles) {
      const started = await startServiceProcess(folder, servers.environment, ['--roles', roles]);
      processes.push(started);
      return started;
    },
    async rounds(atLeast) {
      while (endedRounds() < atLeast) await new Promise(resolve => setTimeout(resolve, 20));
    },
    async stop() {
      await Promise.all(processes.map(process => process.stop()));
      await Promise.all(sites.map(site => site.close()));
      await servers.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function yamlOf(sites: readonly JiraSite[]): string {
  const connection = ({ url, email, apiToken }: JiraSite): object => ({
    tracker: 'jira',
    url,
    auth: { email, apiToken },
    webhook: { secrets: [secret] },
  });
  const backlog = (site: JiraSite, n: number): object => ({
    connection: `acme-${n}`,
    board: site.boards[0]?.id,
    mode: 'apply',
    schedule: never,
    sweep: never,
    limits,
  });
  return stringify({
    connections: Object.fromEntries(sites.map((site, n) => [`acme-${n}`, connection(site)])),
    backlogs: Object.fromEntries(sites.map((site, n) => [`shop-${n}`, backlog(site, n)])),
    service: { http: { port: 0 }, webhooks: { debounceSeconds, maxWaitSeconds: 10 } },
  });
}
