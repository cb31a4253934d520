import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Tracker } from '../../src/item.ts';
import { startPlainSite, type PlainSite } from './plain-site.ts';
import { startServiceProcess, type ServiceProcess } from './service-process.ts';
import { createOwnTime, type OwnTime } from './turned-time.ts';

/** A line of the service's log about a round that ended. */
export interface EndedRound {
  readonly backlog: string;
  readonly reason: string;
  readonly status: string;
  readonly applied: number;
  readonly failed: number;
  readonly sweep: boolean;
  readonly calls: { readonly read: number; readonly write: number };
  readonly durationMs: number;
  /** When it ended, ISO. */
  readonly time: string;
  readonly problem?: string;
}

export interface StatusSeen {
  readonly backlogs: readonly {
    readonly backlog: string;
    readonly lastRound: { readonly status: string; readonly problem: string | null } | null;
    readonly lease: { readonly until: string } | null;
    readonly next: { readonly round: string };
  }[];
  readonly queues: readonly {
    readonly connection: string;
    readonly waiting: number;
    readonly active: number;
    readonly delayed: number;
    readonly failed: number;
    readonly pausedUntil: string | null;
    readonly failures: readonly { readonly backlog: string; readonly problem: string }[];
  }[];
}

/** A service on the embedded database in a time of its own, with one backlog on each emulated tracker. */
export interface FaultWorld {
  readonly folder: string;
  readonly time: OwnTime;
  readonly jira: PlainSite;
  readonly ado: PlainSite;
  readonly service: () => ServiceProcess;
  /** Starts (again). */
  start(): Promise<ServiceProcess>;
  /** Rounds that ended in this process, oldest first. */
  rounds(backlog?: string): readonly EndedRound[];
  status(): Promise<StatusSeen>;
  queue(connection: string): Promise<StatusSeen['queues'][number]>;
  ready(): Promise<{ readonly ready: boolean; readonly failed: number; readonly reasons: readonly string[] }>;
  /** A figure of the metrics page; 0 when it is not there. */
  figure(name: string): Promise<number>;
  ask(backlog: string, sweep?: boolean): Promise<void>;
  /** Carries out a command line inside the service. */
  command(argv: readonly string[]): Promise<{ readonly exitCode: number; readonly out: string }>;
  /** Lets time go by, in pieces, until it is so. */
  passUntil(holds: () => boolean | Promise<boolean>, mostMs: number, strideMs?: number): Promise<void>;
  close(): Promise<void>;
}

export const minute = 60_000;
const token = 'a-token-for-faults-of-trackers';

export interface FaultWish {
  /** Of each backlog: cron. */
  readonly schedule: string;
  /** How the service reaches Jira, if not by its own address. */
  readonly jiraUrl?: (url: string) => Promise<string>;
  /** Further backlogs, as lines of YAML. */
  readonly more?: (sites: { readonly jira: PlainSite; readonly ado: PlainSite }) => string;
}

export async function openFaultWorld(wish: FaultWish): Promise<FaultWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-faults-'));
  const time = createOwnTime();
  const startSite = (tracker: Tracker): Promise<PlainSite> =>
    startPlainSite(tracker, { items: 20, now: time.clock.now(), clock: time.clock });
  const [jira, ado] = await Promise.all([startSite('jira'), startSite('azure-devops')]);
  writeFileSync(join(folder, 'winnow.yaml'), await yamlOf(wish, { jira, ado }));
  let service: ServiceProcess | null = null;
  const running = (): ServiceProcess => service ?? expect.fail('the service was not started');
  const api = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${running().url}${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    });
  const status = async (): Promise<StatusSeen> => (await (await api('/api/status')).json()) as StatusSeen;
  return {
    ...{ folder, time, jira, ado, status, service: running },
    async start() {
      const environment = { WINNOW_DATA: join(folder, 'data'), WINNOW_API_TOKEN: token };
      service = await startServiceProcess(folder, environment, [], time);
      return service;
    },
    rounds: backlog => roundsIn(running().log()).filter(round => backlog === undefined || round.backlog === backlog),
    queue: async name =>
      (await status()).queues.find(({ connection }) => connection === name) ?? expect.fail(`no queue ${name}`),
    ready: async () => (await (await api('/readyz')).json()) as Awaited<ReturnType<FaultWorld['ready']>>,
    async figure(name) {
      const page = await (await api('/metrics')).text();
      const line = page.split('\n').find(text => text.startsWith(`${name} `));
      return line === undefined ? 0 : Number(line.slice(name.length));
    },
    async ask(backlog, sweep = false) {
      const asked = await api('/api/rounds', { method: 'POST', body: JSON.stringify({ backlog, sweep }) });
      expect(asked.status).toBe(202);
    },
    async command(argv) {
      const answer = await api('/api/commands', { method: 'POST', body: JSON.stringify({ argv }) });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { exitCode: number; out: string };
    },
    async passUntil(holds, mostMs, strideMs) {
      const until = time.clock.now().getTime() + mostMs;
      while (!(await holds())) {
        if (time.clock.now().getTime() >= until) expect.fail(`not so after ${mostMs / 1000} seconds: ${holds}`);
        await time.pass(2_000, strideMs);
      }
    },
    async close() {
      service?.kill('SIGKILL');
      await Promise.all([jira.close(), ado.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function yamlOf(wish: FaultWish, sites: { readonly jira: PlainSite; readonly ado: PlainSite }): Promise<string> {
  const { jira, ado } = sites;
  const jiraAt = await (wish.jiraUrl ?? (url => Promise.resolve(url)))(jira.url);
  const terms = `mode: apply, schedule: "${wish.schedule}", sweep: "0 3 * * *", limits: { maxMovedShare: 1, quietMinutes: 0 }`;
  return `
connections:
  jira: ${jira.yaml.connection.replace(jira.url, jiraAt)}
  ado: ${ado.yaml.connection}
backlogs:
  shop: { connection: jira, ${jira.yaml.backlog}, ${terms} }
  payments: { connection: ado, ${ado.yaml.backlog}, ${terms} }
${wish.more?.(sites) ?? ''}
service: { http: { port: 0, apiToken: "\${WINNOW_API_TOKEN}" } }
`;
}

function roundsIn(log: string): readonly EndedRound[] {
  return log
    .split('\n')
    .filter(line => line.includes('"a round ended"'))
    .map(line => JSON.parse(line) as EndedRound);
}
