import { describe, expect, test } from 'vitest';
import { startScheduler, type Scheduler } from '../../src/service/scheduler.ts';
import { silentLog } from '../../src/log.ts';
import type { LastRounds, RoundKind } from '../../src/store/last-rounds.ts';
import { createInMemoryQueue, type InMemoryQueue } from '../support/in-memory-queue.ts';
import { parseConfig } from '../../src/config/load.ts';

const { backlogs } = parseConfig(
  `
connections: { acme: { url: https://acme.atlassian.net, auth: { email: a@example.com, apiToken: secret-token } } }
backlogs: { shop: { board: 1, schedule: "*/15 * * * *", sweep: "0 3 * * *" } }
`,
  'winnow.yaml',
  {},
);

const at = (beganAt: Date): { beganAt: Date; now: Date } => ({ beganAt, now: beganAt });

function memoryOfRounds(): LastRounds {
  const known = new Map<string, Partial<Record<RoundKind, Date>>>();
  return {
    note(backlog, kind, { beganAt }) {
      known.set(backlog, { ...known.get(backlog), [kind]: beganAt, round: beganAt });
      return Promise.resolve();
    },
    all: () => Promise.resolve(known),
  };
}

interface World {
  now: Date;
  readonly queue: InMemoryQueue;
  readonly lastRounds: LastRounds;
  readonly replicas: readonly Scheduler[];
}

async function inWorld(now: string, replicas: number, story: (world: World) => Promise<void>): Promise<void> {
  const world = { now: new Date(now), queue: createInMemoryQueue(), lastRounds: memoryOfRounds() };
  const clock = { now: () => world.now };
  const schedulers = Array.from({ length: replicas }, () =>
    startScheduler({ backlogs, clock, log: silentLog, queue: world.queue, lastRounds: world.lastRounds }),
  );
  try {
    await Promise.all(schedulers.map(scheduler => scheduler.tick()));
    await story(Object.assign(world, { replicas: schedulers }));
  } finally {
    for (const scheduler of schedulers) await scheduler.stop();
  }
}

const tickAll = ({ replicas }: World): Promise<unknown> => Promise.all(replicas.map(replica => replica.tick()));
const asked = ({ queue }: World): string[] => queue.enqueued.map(({ id }) => id);

describe('service/scheduler', () => {
  test('three replicas ask for one job a slot', async () => {
    await inWorld('2026-11-25T10:15:00Z', 3, async world => {
      // Each replica asked twice: for the sweep, then for the round that the sweep would have served.
      expect(asked(world)).toEqual(['shop@sweep@2026-11-25T03.00.00.000Z', 'shop@2026-11-25T10.15.00.000Z']);
      await world.lastRounds.note('shop', 'sweep', at(new Date('2026-11-25T10:15:20Z')));
      world.now = new Date('2026-11-25T10:29:59Z');
      await tickAll(world);
      expect(asked(world)).toHaveLength(2);
    });
  });

  test('a job that a lost queue forgot is asked for again; one that ended is not', async () => {
    await inWorld('2026-11-25T10:16:00Z', 1, async world => {
      const [replica] = world.replicas;
      const fresh = createInMemoryQueue();
      const reborn = startScheduler({
        backlogs,
        clock: { now: () => world.now },
        log: silentLog,
        queue: fresh,
        lastRounds: world.lastRounds,
      });
      await reborn.tick();
      expect(fresh.enqueued.map(({ id }) => id)).toEqual([
        'shop@sweep@2026-11-25T03.00.00.000Z',
        'shop@2026-11-25T10.15.00.000Z',
      ]);
      await world.lastRounds.note('shop', 'sweep', at(world.now));
      const before = world.queue.enqueued.length;
      await replica?.tick();
      expect(world.queue.enqueued).toHaveLength(before);
      await reborn.stop();
    });
  });

  test('a queue that is away loses no slot', async () => {
    await inWorld('2026-11-25T10:16:00Z', 0, async ({ now, queue, lastRounds }) => {
      await lastRounds.note('shop', 'sweep', at(new Date('2026-11-25T10:00:00Z')));
      let away = true;
      const shaky = {
        unstick: (connection: string) => queue.unstick(connection),
        enqueue: (...args: Parameters<typeof queue.enqueue>) =>
          away ? Promise.reject(new Error('ECONNREFUSED')) : queue.enqueue(...args),
      };
      const scheduler = startScheduler({
        backlogs,
        clock: { now: () => now },
        log: silentLog,
        queue: shaky,
        lastRounds,
      });
      await scheduler.tick();
      expect(queue.enqueued).toEqual([]);
      away = false;
      await scheduler.tick();
      expect(queue.enqueued.map(({ id }) => id)).toEqual(['shop@2026-11-25T10.15.00.000Z']);
      await scheduler.stop();
    });
  });

  test('the day’s work is done once a day, and again after it failed', async () => {
    const { queue, lastRounds } = { queue: createInMemoryQueue(), lastRounds: memoryOfRounds() };
    let now = new Date('2026-11-25T23:58:00Z');
    let broken = true;
    const days: string[] = [];
    const daily = (at: Date): Promise<void> => {
      if (broken) return Promise.reject(new Error('away'));
      return Promise.resolve(void days.push(at.toISOString()));
    };
    const scheduler = startScheduler({ backlogs, clock: { now: () => now }, log: silentLog, queue, lastRounds, daily });
    await scheduler.tick();
    expect(days).toEqual([]);
    broken = false;
    await scheduler.tick();
    await scheduler.tick();
    now = new Date('2026-11-26T00:00:00Z');
    await scheduler.tick();
    expect(days).toEqual(['2026-11-25T23:58:00.000Z', '2026-11-26T00:00:00.000Z']);
    await scheduler.stop();
  });
});
