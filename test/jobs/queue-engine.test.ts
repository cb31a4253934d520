import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/clock.ts';
import { BadAnswerError, CredentialError, InUseError, StoppedError, TrackerBusyError } from '../../src/errors.ts';
import { roundJob, type JobProgress, type RoundJob, type RoundSummary } from '../../src/jobs/job.ts';
import type { Queue } from '../../src/jobs/queue.ts';
import { createQueue, type QueueBackend, type QueueEngine } from '../../src/jobs/queue-engine.ts';
import { silentLog } from '../../src/log.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createGates } from '../support/gates.ts';
import { postgresFolder, startPostgres } from '../support/local-postgres.ts';
import { queueSlotsSuite } from '../support/queue-slots-suite.ts';
import { hasRedis, startRedis } from '../support/redis-child.ts';

interface Running {
  readonly backend: QueueBackend;
  stop(): Promise<void>;
}

async function embedded(): Promise<Running> {
  const store = await openStore({ dataDir: null, databaseUrl: null, clock: systemClock, log: silentLog });
  return { backend: { kind: 'postgres', pool: store.pool }, stop: () => store.close() };
}

async function redis(): Promise<Running> {
  const child = await startRedis();
  return { backend: { kind: 'redis', url: child.url }, stop: () => child.stop() };
}

async function postgres(): Promise<Running> {
  const server = await startPostgres(postgresFolder() ?? '');
  const store = await openStore({ dataDir: null, databaseUrl: server.url, clock: systemClock, log: silentLog });
  const stop = async (): Promise<void> => {
    await store.close();
    await server.stop();
  };
  return { backend: { kind: 'postgres', pool: store.pool }, stop };
}

if (!hasRedis()) console.warn('redis-server is not installed: the queue suite runs without it.');
const backends = [
  { name: 'embedded database', start: embedded, absent: false },
  { name: 'Redis', start: redis, absent: !hasRedis() },
  { name: 'Postgres', start: postgres, absent: postgresFolder() === null },
];

for (const { name, start, absent } of backends) {
  describe.skipIf(absent)(`jobs/queue-engine (${name})`, () => {
    let running: Running;
    let queue: Queue;
    let connection: string;

    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running.stop());

    const open = (graceMs = 8000, clock: Clock = systemClock): Promise<QueueEngine> =>
      createQueue({
        backend: running.backend,
        clock,
        log: silentLog,
        newId: () => `job-${randomUUID()}`,
        chance: () => 0,
        retry: { attempts: 3, baseMs: 40, capMs: 400 },
        graceMs,
      });
    beforeEach(async () => {
      connection = `site ${randomUUID().slice(0, 8)}`;
      queue = await open();
    });
    afterEach(() => queue.close());

    describe('slots', () => {
      queueSlotsSuite(clock => open(8000, clock));
    });

    const job = (over: Partial<RoundJob> = {}): RoundJob =>
      roundJob({ connection, backlog: 'shop', reason: 'schedule', ...over });

    test('a job is done and answers', async () => {
      await queue.work(connection, asked => Promise.resolve(aSummary(asked.backlog)));
      expect(await queue.run(job({ backlog: 'ünïcode: {"a"}' }))).toEqual(aSummary('ünïcode: {"a"}'));
      expect(await queue.counts(connection)).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0, pausedMs: 0 });
    });

    test('jobs of a backlog merge while one waits', async () => {
      const first = await queue.enqueue(job());
      const second = await queue.enqueue(job({ reason: 'webhook' }));
      await queue.enqueue(job({ backlog: 'payments' }));
      await queue.enqueue(job({ sweep: true }));
      expect([first.joined, second]).toEqual([false, { id: first.id, joined: true }]);
      expect((await queue.counts(connection)).waiting).toBe(3);
    });

    test('what arrives during a round makes one more round', async () => {
      const gates = createGates();
      await queue.work(connection, async asked => {
        await gates.pass();
        return aSummary(asked.backlog);
      });
      await queue.enqueue(job());
      await gates.arrived(1);
      for (let n = 0; n < 3; n++) expect((await queue.enqueue(job({ reason: 'webhook' }))).joined).toBe(true);
      gates.open();
      await gates.arrived(2);
      gates.open();
      await queue.run(job({ backlog: 'last' }));
      expect(gates.count()).toBe(3);
    });

    test('a failure that heals is tried again', async () => {
      let tries = 0;
      await queue.work(connection, asked => {
        if (++tries < 3) throw new BadAnswerError('HTML instead of JSON');
        return Promise.resolve(aSummary(asked.backlog));
      });
      expect(await queue.run(job())).toEqual(aSummary('shop'));
      expect(tries).toBe(3);
    });

    test('what no retry heals is parked at once and listed', async () => {
      let tries = 0;
      await queue.work(connection, () => {
        tries++;
        throw new CredentialError('the token has expired');
      });
      await expect(queue.run(job())).rejects.toThrow('the token has expired');
      expect(tries).toBe(1);
      expect(await queue.failures(connection, 5)).toMatchObject([{ job: job(), problem: 'the token has expired' }]);
    });

    test('a throttled site stops only itself', async () => {
      const other = `${connection} two`;
      let tries = 0;
      await queue.work(connection, asked => {
        const busy = new TrackerBusyError('slow down', { retryAt: new Date(Date.now() + 2000) });
        if (++tries === 1) throw busy;
        return Promise.resolve(aSummary(asked.backlog));
      });
      await queue.work(other, asked => Promise.resolve(aSummary(asked.backlog)));
      const before = Date.now();
      const order: string[] = [];
      const throttled = queue.run(job()).then(() => order.push('throttled'));
      await expect.poll(async () => (await queue.counts(connection)).pausedMs, { interval: 20 }).toBeGreaterThan(0);
      expect((await queue.counts(other)).pausedMs).toBe(0);
      await queue.run(job({ connection: other })).then(() => order.push('other'));
      await throttled;
      expect(order).toEqual(['other', 'throttled']);
      expect(Date.now() - before).toBeGreaterThanOrEqual(1900);
      expect(tries).toBe(2);
    });

    test('a person does not wait for a delayed job', async () => {
      const delayed = await queue.enqueue(job({ reason: 'webhook' }), { delaySeconds: 60 });
      expect((await queue.counts(connection)).delayed).toBe(1);
      const asked = await queue.enqueue(job({ reason: 'person' }));
      expect(asked).toEqual({ id: delayed.id, joined: true });
      expect(await queue.counts(connection)).toMatchObject({ delayed: 0, waiting: 1 });
    });

    test('a burst is put off, but not beyond its longest wait', async () => {
      const started = new Promise<number>(resolve => {
        void queue.work(connection, asked => {
          resolve(Date.now());
          return Promise.resolve(aSummary(asked.backlog));
        });
      });
      const before = Date.now();
      await queue.enqueue(job({ reason: 'webhook' }), { delaySeconds: 0.6, maxWaitSeconds: 0.8 });
      await queue.enqueue(job({ reason: 'webhook' }), { delaySeconds: 30, maxWaitSeconds: 0.8 });
      expect((await started) - before).toBeGreaterThanOrEqual(750);
    });

    test('people come before schedules', async () => {
      await queue.enqueue(job({ backlog: 'a' }));
      await queue.enqueue(job({ backlog: 'b', reason: 'webhook' }));
      await queue.enqueue(job({ backlog: 'c', reason: 'person' }));
      const order: string[] = [];
      await queue.work(connection, asked => {
        order.push(asked.backlog);
        return Promise.resolve(aSummary(asked.backlog));
      });
      await queue.run(job({ backlog: 'last' }));
      expect(order).toEqual(['c', 'b', 'a', 'last']);
    });

    test('progress is seen by who waits', async () => {
      const seen: JobProgress[] = [];
      await queue.work(connection, (asked, { progress }) => {
        progress({ what: 'reading', done: 0, of: 10 });
        progress({ what: 'reading', done: 10, of: 10 });
        return Promise.resolve(aSummary(asked.backlog));
      });
      await queue.run(job(), step => seen.push(step));
      expect(seen).toContainEqual({ what: 'reading', done: 10, of: 10 });
    });

    test('closing waits for the job in hand', async () => {
      const gates = createGates();
      let ended = false;
      const worker = await queue.work(connection, async (asked, { signal }) => {
        const stopped = once(signal, 'abort');
        await gates.pass();
        await stopped;
        ended = true;
        return aSummary(asked.backlog);
      });
      await queue.enqueue(job());
      await gates.arrived(1);
      gates.open();
      await worker.close();
      expect(ended).toBe(true);
      expect((await queue.counts(connection)).active).toBe(0);
    });

    test('closing is bounded', async () => {
      const hasty = await open(50);
      const gates = createGates();
      await hasty.work(connection, async asked => {
        await gates.pass();
        return aSummary(asked.backlog);
      });
      await hasty.enqueue(job());
      await gates.arrived(1);
      const before = Date.now();
      await hasty.close();
      expect(Date.now() - before).toBeLessThan(4000);
      gates.open();
    });

    test.each([new StoppedError('SIGTERM'), new InUseError('another round is under way')])(
      'it comes again without an attempt counted: %s',
      async reason => {
        const worker = await queue.work(connection, () => {
          throw reason;
        });
        await queue.enqueue(job());
        await expect.poll(async () => (await queue.counts(connection)).delayed, { timeout: 5000 }).toBe(1);
        await worker.close();
        expect(await queue.failures(connection, 5)).toEqual([]);
      },
    );
  });
}

describe.skipIf(!hasRedis())('jobs/queue-engine (Redis away)', () => {
  const options = { clock: systemClock, log: silentLog, newId: () => `job-${randomUUID()}`, chance: () => 0 };
  const job = roundJob({ connection: 'acme', backlog: 'shop', reason: 'webhook' });

  test('enqueuing fails at once when Redis goes away', async () => {
    const child = await startRedis();
    const queue = await createQueue({ ...options, backend: { kind: 'redis', url: child.url } });
    await queue.enqueue(job);
    await child.stop();
    const before = Date.now();
    await expect(queue.enqueue(job)).rejects.toThrow();
    expect(Date.now() - before).toBeLessThan(2000);
    await queue.close();
  });
});

function aSummary(backlog: string): RoundSummary {
  const figures = { changes: 2, withheld: 0, applied: 2, failed: 0, durationMs: 12.5 };
  return { round: 'r1', backlog, status: 'applied', ...figures };
}
