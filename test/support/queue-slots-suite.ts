import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CredentialError } from '../../src/errors.ts';
import { roundJob, type RoundJob, type RoundSummary } from '../../src/jobs/job.ts';
import type { QueueEngine } from '../../src/jobs/queue-engine.ts';
import { createGates } from './gates.ts';

const slot = '2026-11-24T03:00:00.000Z';
const hourMs = 3_600_000;

/** What becomes of the slots of a schedule, on any backend. `open` is asked for each test, with the clock to use. */
export function queueSlotsSuite(open: (clock: { now(): Date }) => Promise<QueueEngine>): void {
  let queue: QueueEngine;
  let connection: string;
  let aheadMs: number;
  let rounds: number;
  const clock = { now: () => new Date(Date.now() + aheadMs) };

  beforeEach(async () => {
    connection = `site ${randomUUID().slice(0, 8)}`;
    [aheadMs, rounds] = [0, 0];
    queue = await open(clock);
  });
  afterEach(() => queue.close());

  const job = (over: Partial<RoundJob> = {}): RoundJob =>
    roundJob({ connection, backlog: 'shop', reason: 'schedule', ...over });
  const summary = (backlog: string): RoundSummary => {
    rounds += 1;
    const figures = { changes: 0, withheld: 0, applied: 0, failed: 0, durationMs: 1 };
    return { round: 'r1', backlog, status: 'nothing-to-do', ...figures };
  };
  const idle = async (): Promise<void> => {
    await expect.poll(() => queue.counts(connection)).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
  };

  test('replicas make one job of a slot, even when it is done; later jobs of the lane are done', async () => {
    await queue.work(connection, asked => Promise.resolve(summary(asked.backlog)));
    for (let n = 0; n < 3; n++) {
      await queue.enqueue(job(), { slot });
      await idle();
      expect(rounds).toBe(1);
    }
    expect(await queue.enqueue(job({ reason: 'webhook' }))).toMatchObject({ joined: false });
    await expect.poll(() => rounds).toBe(2);
  });

  test('a slot asked for again while its job runs makes no second one, and blocks nothing', async () => {
    const gates = createGates();
    await queue.work(connection, async asked => {
      await gates.pass();
      return summary(asked.backlog);
    });
    await queue.enqueue(job(), { slot });
    await gates.arrived(1);
    expect(await queue.enqueue(job(), { slot })).toMatchObject({ joined: true });
    gates.open();
    await idle();
    expect(rounds).toBe(1);
    await queue.enqueue(job(), { slot: '2026-11-24T03:15:00.000Z' });
    await gates.arrived(2);
    gates.open();
    await expect.poll(() => rounds).toBe(2);
  });

  test('a slot that was given up blocks nothing, and is made anew only when that is asked', async () => {
    let refused = true;
    await queue.work(connection, asked => {
      if (refused) throw new CredentialError('the token has expired');
      return Promise.resolve(summary(asked.backlog));
    });
    await queue.enqueue(job(), { slot });
    await expect.poll(async () => (await queue.counts(connection)).failed).toBe(1);
    refused = false;
    const before = new Date(Date.now() - 1_000);
    expect(await queue.enqueue(job(), { slot, anewBefore: before })).toMatchObject({ joined: true });
    await queue.enqueue(job({ reason: 'webhook' }));
    await expect.poll(() => rounds).toBe(1);

    const after = new Date(Date.now() + 1_000);
    const [first, second] = [
      await queue.enqueue(job(), { slot, anewBefore: after }),
      await queue.enqueue(job(), { slot, anewBefore: after }),
    ];
    expect(first.id).toMatch(/@after-\d+$/);
    expect(second).toEqual({ id: first.id, joined: true });
    await expect.poll(() => rounds).toBe(2);
  });

  test('a slot that comes again after the clock was set back is made again, once', async () => {
    await queue.work(connection, asked => Promise.resolve(summary(asked.backlog)));
    await queue.enqueue(job(), { slot });
    await expect.poll(() => rounds).toBe(1);
    await idle();
    aheadMs = -2 * hourMs;
    expect(await queue.enqueue(job(), { slot })).toMatchObject({ joined: false });
    await expect.poll(() => rounds).toBe(2);
  });

  test('jobs that cannot be read, and one that always fails, are given up; the others are done', async () => {
    const raw = (await queue.raw(connection)) as { add(name: string, data: unknown): Promise<unknown> };
    let tries = 0;
    await queue.work(connection, asked => {
      if (asked.backlog !== 'poisoned') return Promise.resolve(summary(asked.backlog));
      tries += 1;
      throw new Error('nobody foresaw this');
    });
    for (const data of [{}, { kind: 'other' }, { ...job(), backlog: 7 }]) await raw.add('round', data);
    await queue.enqueue(job({ backlog: 'poisoned' }));
    expect(await queue.run(job({ backlog: 'healthy' }))).toMatchObject({ backlog: 'healthy' });
    await expect.poll(async () => (await queue.counts(connection)).failed, { timeout: 10_000 }).toBe(4);
    const told = await queue.failures(connection, 10);
    expect(told.map(failure => failure.job.backlog).sort()).toEqual([...Array(3).fill('(unreadable)'), 'poisoned']);
    expect(told.filter(({ problem }) => problem.includes('cannot be read'))).toHaveLength(3);
    expect([tries, rounds]).toEqual([2, 1]);
  });

  test('what a clock that was set back had put off goes on; nothing else does', async () => {
    await queue.enqueue(job({ backlog: 'soon' }), { delaySeconds: 60 });
    expect(await queue.unstick(connection)).toBe(0);
    aheadMs = -2 * hourMs;
    expect(await queue.unstick(connection)).toBe(1);
    expect(await queue.counts(connection)).toMatchObject({ waiting: 1, delayed: 0 });
  });
}
