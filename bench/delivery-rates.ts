import type { ServiceProcess } from '../test/support/service-process.ts';
import type { DeliveryFigures } from './deliveries.ts';
import { openLiveService, secret, type LiveService } from './live-service.ts';
import { processFigures } from './process-figures.ts';
import type { SenderOrder } from './sender-process.ts';
import { startServant, type Servant } from './servant.ts';
import { backendsHere, type BenchBackend } from './service-backends.ts';

const items = 500;
const rates = [50, 200];
const seconds = 10;

type Line = Record<string, unknown>;
type Sender = Servant<{ readonly order: SenderOrder }>;

/**
 * How soon deliveries are answered at a steady rate, by backend. The web role has a process of its own but on the embedded
 * store, which allows one process; `worker`: whether another one makes the rounds meanwhile, on the same cores.
 */
export async function* benchDeliveries(): AsyncGenerator<Line> {
  const sender: Sender = startServant('sender-process.ts');
  try {
    for (const backend of backendsHere()) yield* ratesOn(backend, sender);
  } finally {
    await sender.end({ order: 'stop' });
  }
}

async function* ratesOn(backend: BenchBackend, sender: Sender): AsyncGenerator<Line> {
  const live = await openLiveService(backend, { count: 1, items });
  const base = { backend: backend.name, items };
  try {
    if (backend.name === 'embedded') {
      const all = await live.start('worker,scheduler,web');
      await live.rounds(1);
      for (const rate of rates)
        yield { ...base, worker: 'in it', ...(await measure(live, { sender, web: all, rate })) };
      return;
    }
    const worker = await live.start('worker,scheduler');
    const web = await live.start('web');
    await live.rounds(1);
    // The first deliveries find nothing compiled.
    await measure(live, { sender, web, rate: 20 });
    for (const rate of rates) yield { ...base, worker: 'beside it', ...(await measure(live, { sender, web, rate })) };
    await worker.stop();
    for (const rate of rates) yield { ...base, worker: 'none', ...(await measure(live, { sender, web, rate })) };
  } finally {
    await live.stop();
  }
}

let loads = 0;

async function measure(
  live: LiveService,
  { sender, web, rate }: { readonly sender: Sender; readonly web: ServiceProcess; readonly rate: number },
): Promise<Line> {
  const [site] = live.sites;
  if (site === undefined) throw new Error('no site');
  const issueIds = site.order(site.boards[0]?.id ?? 0).map(key => site.issue(key).id);
  const load = { url: `${web.url}/webhooks/acme-0`, secret, perSecond: rate, seconds, issueIds, name: `${++loads}` };
  const before = await processFigures(web);
  const figures = (await sender.ask({ order: load })) as DeliveryFigures;
  const { cpu, rss } = await processFigures(web);
  const cpuMsEach = Math.round(((cpu - before.cpu) / figures.sent) * 100_000) / 100;
  return { figure: 'deliveries', ...figures, cpuMsEach, rssMb: Math.round(rss / 1e6) };
}
