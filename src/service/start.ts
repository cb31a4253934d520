import type { RequestListener } from 'node:http';
import type { RequestHandler } from 'express';
import type { Clock } from '../clock.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings } from '../settings.ts';
import { comeForAnnounced } from './announced.ts';
import { queueStates, readiness, type HealthParts, type Readiness } from './health.ts';
import { createApp, type AppParts } from './http/app.ts';
import { listen } from './http/listen.ts';
import { createProbes } from './http/probes.ts';
import type { Metrics } from './metrics.ts';
import type { AfterRound, Role, RoundOrder, ServiceFacts, ServiceRound, ServiceStore } from './ports.ts';
import { startRoundWorkers } from './round-worker.ts';
import { startScheduler, timetablesOf } from './scheduler.ts';

export interface ServiceParts {
  readonly roles: readonly Role[];
  readonly backlogs: readonly BacklogSettings[];
  readonly http: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  readonly log: Log;
  readonly requestLog: RequestHandler;
  readonly store: ServiceStore;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly runRound: (order: RoundOrder) => Promise<ServiceRound>;
  /** Told after each round that this process made. */
  readonly afterRound: readonly AfterRound[];
  /** What the scheduler's role does once a day. */
  readonly daily: (now: Date) => Promise<void>;
  /** Routes of the web role; asked for once the address is known. */
  readonly web: (facts: ServiceFacts) => NonNullable<AppParts['web']>;
}

export interface Service {
  readonly url: string;
  readonly readiness: () => Promise<Readiness>;
  /** Takes no more work, and lets requests in hand end. The queue's owner closes the workers. */
  stop(): Promise<void>;
}

/** How long requests in hand may take once the service stops. */
const graceMs = 5_000;

/** Starts the roles of this process. Every role serves health and metrics. Throws when the address is taken. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { roles, backlogs, clock, log, metrics } = parts;
  let stopping = false;
  const health: HealthParts = {
    ...parts,
    connections: [...new Set(backlogs.map(backlog => backlog.connection))],
    timetables: timetablesOf(backlogs),
    since: clock.now(),
    stopping: () => stopping,
  };
  const ask = (): Promise<Readiness> => readiness(health);
  // The routes want to know the address; nothing is answered before they are there.
  let app: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = await listen((request, response) => app(request, response), parts.http);
  app = createApp({
    log,
    requestLog: parts.requestLog,
    probes: createProbes({ readiness: ask, metrics: () => metrics.page(() => queueStates(health)) }),
    web: roles.includes('web') ? parts.web({ url: server.url, roles, since: health.since }) : null,
    stopping: () => stopping,
  });
  if (roles.includes('worker')) {
    const count: AfterRound = ended => metrics.round(ended, clock.now());
    await startRoundWorkers({ ...parts, listeners: [count, ...parts.afterRound] });
  }
  const scheduler = roles.includes('scheduler')
    ? startScheduler({ ...parts, lastRounds: parts.store.lastRounds })
    : null;
  if (roles.includes('web')) await comeForAnnounced(parts);
  log.info({ url: server.url, roles, backlogs: backlogs.length }, 'the service is up');
  return {
    url: server.url,
    readiness: ask,
    async stop() {
      stopping = true;
      await Promise.all([server.close(graceMs), scheduler?.stop()]);
    },
  };
}
