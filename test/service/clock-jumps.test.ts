import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minute, openFaultWorld, type FaultWorld } from '../support/fault-world.ts';

const hour = 60 * minute;

/** A service whose machine's clock is set right and wrong; its trackers keep the right time. */
describe('a service whose clock jumps', () => {
  let world: FaultWorld;

  const quarter = 15 * minute;
  const untilQuiet = (): Promise<void> =>
    world.passUntil(
      async () => (await world.status()).queues.every(queue => queue.active + queue.waiting === 0),
      minute,
    );
  const ended = (): number => world.rounds().length;
  const nothingOdd = (): void => {
    expect(world.rounds().filter(({ status }) => !['applied', 'nothing-to-do'].includes(status))).toEqual([]);
    expect(world.service().log()).not.toMatch(/second Winnow|journal lacks|lease of a backlog could not/);
  };

  beforeAll(async () => {
    world = await openFaultWorld({ schedule: '*/15 * * * *' });
    await world.start();
    await world.passUntil(() => world.rounds('shop').length > 0 && world.rounds('payments').length > 0, 5 * minute, 50);
  }, 120_000);

  afterAll(() => world.close());

  test('two hours forward: the newest slot is made up for, once', async () => {
    await untilQuiet();
    const before = ended();
    await world.time.step(2 * hour);
    await world.passUntil(() => ended() >= before + 2, 3 * minute);
    await world.time.pass(2 * minute);
    expect(ended()).toBeLessThanOrEqual(before + 4);
    nothingOdd();
  }, 60_000);

  test('what it writes then is known as its own', async () => {
    for (const site of [world.jira, world.ado]) site.mislabel(site.order()[0] ?? '');
    await Promise.all([world.ask('shop'), world.ask('payments')]);
    await world.passUntil(() => world.rounds().filter(({ applied }) => applied === 1).length === 2, 5 * minute);
    await world.time.pass(quarter + minute);
    await untilQuiet();
    expect(world.rounds('shop').at(-1)).toMatchObject({ status: 'nothing-to-do' });
    expect(world.rounds('payments').at(-1)).toMatchObject({ status: 'nothing-to-do' });
    nothingOdd();
  }, 60_000);

  test('two hours back: rounds go on by schedule, each slot once, and nothing waits for two hours', async () => {
    await untilQuiet();
    await world.time.step(-2 * hour);
    const before = ended();
    await world.time.pass(2 * quarter + minute);
    await untilQuiet();
    const made = ended() - before;
    // Two or three slots of two backlogs.
    expect(made).toBeGreaterThanOrEqual(4);
    expect(made).toBeLessThanOrEqual(8);
    for (const site of [world.jira, world.ado]) site.mislabel(site.order()[0] ?? '');
    await world.time.pass(quarter + minute);
    await untilQuiet();
    expect(world.rounds().filter(({ applied }) => applied === 1)).toHaveLength(4);
    expect((await world.ready()).reasons).toEqual([]);
    nothingOdd();
  }, 60_000);

  test.each([2 * hour, -2 * hour])(
    '%d ms in the middle of a round: it goes on, alone',
    async ms => {
      await untilQuiet();
      const before = world.rounds('shop').length;
      world.jira.faults.next({ kind: 'slow', ms: 1_500 });
      await world.ask('shop');
      await expect.poll(async () => (await world.status()).backlogs[0]?.lease, { timeout: 20_000 }).not.toBeNull();
      await world.time.step(ms);
      const other = world.command(['run', 'shop', '--json']);
      await expect.poll(() => world.rounds('shop').length, { timeout: 20_000 }).toBeGreaterThan(before);
      const { rounds } = JSON.parse((await other).out) as { rounds: { id: string; status: string }[] };
      expect(rounds[0]?.status).toBe('nothing-to-do');
      const told = JSON.parse((await world.command(['rounds', '--json'])).out) as {
        rounds: { id: string; startedAt: string }[];
      };
      const began = told.rounds.find(({ id }) => id === rounds[0]?.id)?.startedAt ?? '';
      expect(Date.parse(began)).toBeGreaterThanOrEqual(Date.parse(world.rounds('shop')[before]?.time ?? ''));
      nothingOdd();
    },
    60_000,
  );
});
