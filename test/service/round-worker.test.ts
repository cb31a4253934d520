import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { TrackerBusyError } from '../../src/errors.ts';
import { itemRef, type ItemRef } from '../../src/item.ts';
import { roundJob, type RoundJob } from '../../src/jobs/job.ts';
import { silentLog } from '../../src/log.ts';
import type { AfterRound, RoundOrder, ServiceRound } from '../../src/service/ports.ts';
import { startRoundWorkers } from '../../src/service/round-worker.ts';
import type { RoundKind } from '../../src/store/last-rounds.ts';
import { createInMemoryQueue, type InMemoryQueue } from '../support/in-memory-queue.ts';
import { aMove, aReport } from '../support/store-values.ts';

const { backlogs } = parseConfig(
  `
connections: { acme: { url: https://acme.atlassian.net, auth: { email: a@example.com, apiToken: secret-token } } }
backlogs: { shop: { board: 1 } }
`,
  'winnow.yaml',
  {},
);
const now = new Date('2026-11-25T10:00:00Z');
const one = itemRef('jira', 1);

let queue: InMemoryQueue;
let orders: RoundOrder[];
let noted: [string, RoundKind, Date][];
let forgotten: number[];
let next: Partial<ServiceRound>;

beforeEach(() => {
  queue = createInMemoryQueue();
  [orders, noted, forgotten, next] = [[], [], [], {}];
});
afterEach(() => queue.close());

function aRound(over: Partial<ServiceRound>): ServiceRound {
  return {
    report: aReport('r1', { backlog: 'shop', status: 'applied' }),
    error: null,
    swept: false,
    grooming: null,
    skewMs: 0,
    personAt: () => null,
    heard: null,
    quietMinutes: 10,
    ...over,
  };
}

async function work(listeners: readonly AfterRound[] = []): Promise<void> {
  await startRoundWorkers({
    backlogs,
    clock: { now: () => now },
    log: silentLog,
    queue,
    listeners,
    store: {
      touched: {
        note: () => Promise.resolve(),
        pending: () => Promise.resolve({ refs: [one], mark: 7 }),
        forget: (_backlog: string, mark: number) => Promise.resolve(void forgotten.push(mark)),
      },
      lastRounds: {
        note: (backlog: string, kind: RoundKind, { beganAt }: { readonly beganAt: Date }) =>
          Promise.resolve(void noted.push([backlog, kind, beganAt])),
        all: () => Promise.resolve(new Map()),
      },
    },
    runRound(order) {
      orders.push(order);
      // The queue's twin does a follow-up at once: only the first round is special.
      const round = aRound(next);
      next = {};
      return Promise.resolve(round);
    },
  });
}

const ask = (over: Partial<RoundJob> = {}): Promise<unknown> =>
  queue.run(roundJob({ connection: 'acme', backlog: 'shop', reason: 'webhook', ...over }));

describe('service/round-worker', () => {
  test('announced items are read by the round and forgotten once it ended well', async () => {
    await work();
    await ask();
    expect(orders[0]?.touched).toEqual([one]);
    expect(forgotten).toEqual([7]);
    expect(noted).toEqual([['shop', 'round', now]]);
  });

  test('a round that failed keeps what was announced, and counts for no schedule', async () => {
    const error = new TrackerBusyError('busy');
    next = { error, report: aReport('r1', { backlog: 'shop', status: 'failed' }) };
    await work();
    await expect(ask()).rejects.toBe(error);
    expect([forgotten, noted]).toEqual([[], []]);
  });

  test.each([
    [true, false],
    [false, true],
  ])('asked to sweep %s, read everything %s: it counts as a sweep', async (sweep, swept) => {
    next = { swept };
    await work();
    await ask({ sweep });
    expect(orders[0]?.sweep).toBe(sweep);
    expect(noted).toEqual([['shop', 'sweep', now]]);
  });

  test('a quiet item queues a round for when its window ends', async () => {
    next = {
      report: aReport('r1', { backlog: 'shop', withheld: [{ ...aMove(1), guard: 'quiet' }] }),
      personAt: (ref: ItemRef) => (ref === one ? new Date(now.getTime() - 4 * 60_000) : null),
    };
    await work();
    await queue.run(roundJob({ connection: 'acme', backlog: 'shop', reason: 'schedule' }));
    const [later] = queue.enqueued;
    expect(later).toMatchObject({ job: { reason: 'follow-up', backlog: 'shop' }, when: { delaySeconds: 360 } });
  });

  test('listeners hear each round, and one that fails harms nobody', async () => {
    const heard: string[] = [];
    await work([
      () => Promise.reject(new Error('no notice')),
      ({ round, job }) => void heard.push(`${round.report.id} ${job.reason}`),
    ]);
    await expect(ask()).resolves.toMatchObject({ round: 'r1', status: 'applied' });
    expect(heard).toEqual(['r1 webhook']);
  });

  test('a backlog that the configuration does not have is refused by name', async () => {
    await work();
    await expect(ask({ backlog: 'other' })).rejects.toThrow(/other of acme/);
    expect(orders).toEqual([]);
  });
});
