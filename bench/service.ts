import { setTimeout as pause } from 'node:timers/promises';
import type { JiraSite } from '../src/demo/jira/index.ts';
import type { ServiceProcess } from '../test/support/service-process.ts';
import { debounceSeconds, openLiveService, secret, type LiveService } from './live-service.ts';
import { processFigures } from './process-figures.ts';
import { quantile } from './quantile.ts';
import { backendsHere, type BenchBackend } from './service-backends.ts';

/** The first round of so many takes a minute or more on each backend. */
const items = 10_000;
const edits = 10;
const burst = 1_000;
const person = 'Ada Park';
/** An edit that nothing followed by then was not applied. */
const longestMs = 30_000;

type Line = Record<string, unknown>;

/**
 * The service, by backend, with the emulated site in this process: webhook to applied change, a burst, idling; then four
 * workers on eight backlogs against one.
 */
export async function* benchService(): AsyncGenerator<Line> {
  for (const backend of backendsHere()) yield* serviceOn(backend);
  const scaling = backendsHere().find(({ name }) => name === 'redis+postgres');
  if (scaling !== undefined) for (const workers of [1, 4]) yield await eightBacklogs(scaling, workers);
}

async function* serviceOn(backend: BenchBackend): AsyncGenerator<Line> {
  const live = await openLiveService(backend, { count: 1, items });
  try {
    // On one process where the store allows no other; else the web role has its own, as docker-compose.yml has it.
    const alone = backend.name === 'embedded';
    const web = await live.start(alone ? 'worker,scheduler,web' : 'web,scheduler');
    const worker = alone ? web : await live.start('worker');
    await live.rounds(1);
    const [site] = live.sites;
    if (site === undefined) throw new Error('no site');
    site.webhooks.register({ url: `${web.url}/webhooks/acme-0`, secret });
    const base = { backend: backend.name, n: items };
    yield { ...base, figure: 'webhook to applied change', debounceSeconds, ...(await lags(site)) };
    await pause(3 * debounceSeconds * 1000);
    yield { ...base, figure: 'burst', events: burst, ...(await burstOf(live, site)) };
    yield { ...base, figure: 'idle', web: await idling(web), ...(alone ? {} : { worker: await idling(worker) }) };
  } finally {
    await live.stop();
  }
}

/** Seconds from a person's edit of an item far down until the first write that follows. */
async function lags(site: JiraSite): Promise<Line> {
  const board = site.boards[0]?.id ?? 0;
  const found: number[] = [];
  for (let n = 0; n < edits; n++) {
    const key = site.order(board).at(-1 - n * 7) ?? '';
    const before = site.calls().write;
    const began = performance.now();
    site.editIssue(key, { priority: { name: 'Highest' }, duedate: '2020-01-01' }, person);
    // Items that are in work are never moved: those edits count as not applied.
    while (site.calls().write === before && performance.now() - began < longestMs) await pause(5);
    if (site.calls().write > before) found.push((performance.now() - began) / 1000);
    await pause(2 * debounceSeconds * 1000);
  }
  return { edits, applied: found.length, p50Seconds: quantile(found, 0.5), p95Seconds: quantile(found, 0.95) };
}

async function burstOf(live: LiveService, site: JiraSite): Promise<Line> {
  const [rounds, calls] = [live.endedRounds(), site.calls()];
  const keys = site.order(site.boards[0]?.id ?? 0).slice(0, burst);
  for (const [n, key] of keys.entries()) {
    site.addLabel(key, 'burst', person);
    if (n % 20 === 0) await pause(5);
  }
  await live.rounds(rounds + 1);
  // Quiet for longer than a debounced round may be put off.
  for (let last = -1; last !== live.endedRounds(); await pause(12_000)) last = live.endedRounds();
  const after = site.calls();
  return {
    rounds: live.endedRounds() - rounds,
    calls: { read: after.read - calls.read, write: after.write - calls.write },
  };
}

/** Of one process with nothing to do, over ten seconds. */
async function idling(service: ServiceProcess): Promise<Line> {
  const before = await processFigures(service);
  await pause(10_000);
  const after = await processFigures(service);
  return { cpuPercent: Math.round((after.cpu - before.cpu) * 1000) / 100, rssMb: Math.round(after.rss / 1e6) };
}

async function eightBacklogs(backend: BenchBackend, workers: number): Promise<Line> {
  const live = await openLiveService(backend, { count: 8, items: 200 });
  try {
    await Promise.all(Array.from({ length: workers }, () => live.start('worker')));
    const began = performance.now();
    await live.start('scheduler');
    await live.rounds(8);
    const took = Math.round((performance.now() - began) / 100) / 10;
    return { backend: backend.name, figure: 'eight first rounds of 200 items', workers, seconds: took };
  } finally {
    await live.stop();
  }
}
