import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWay, type ClosableWay } from '../support/closable-way.ts';
import { minute, openFaultWorld, type EndedRound, type FaultWorld } from '../support/fault-world.ts';

/** A service of its own process whose time the test lets go by: an hour takes seconds. */
describe('a service whose trackers are away', () => {
  let world: FaultWorld;
  let way: ClosableWay;

  const good = (round: EndedRound): boolean => round.status !== 'failed';
  const goodRounds = (backlog: string): number => world.rounds(backlog).filter(good).length;
  const aGoodRound = (backlog: string, mostMs: number): Promise<void> => {
    const before = goodRounds(backlog);
    return world.passUntil(() => goodRounds(backlog) > before, mostMs);
  };
  const slotsSince = (at: Date): number =>
    Math.floor(world.time.clock.now().getTime() / (10 * minute)) - Math.floor(at.getTime() / (10 * minute));
  const calls = (): Promise<number> =>
    world.figure('winnow_tracker_call_seconds_count{connection="jira",tracker="jira"}');
  const mislabelBoth = (): void => {
    for (const site of [world.jira, world.ado]) site.mislabel(site.order()[0] ?? '');
  };
  /** Of the items at the top, since the beginning. */
  const taken = (): number[] =>
    [world.jira, world.ado].map(site => {
      const acts = Object.values(site.acts()).flatMap(({ labels }) => labels);
      return acts.filter(label => label === '-winnow-needs-input').length;
    });

  beforeAll(async () => {
    world = await openFaultWorld({
      schedule: '*/10 * * * *',
      jiraUrl: async url => (way = await openWay(url)).url,
    });
    await world.start();
    await world.passUntil(() => goodRounds('shop') > 0 && goodRounds('payments') > 0, 5 * minute, 50);
  }, 120_000);

  afterAll(async () => {
    await way.shut();
    await world.close();
  });

  test('a site that asks for ten minutes has them, to the second; the other goes on', async () => {
    world.jira.faults.next({ kind: 'status', status: 429, headers: { 'retry-after': '600' } });
    const others = goodRounds('payments');
    await world.passUntil(() => world.jira.faults.pending() === 0, 11 * minute);
    const asked = world.jira.exchanges().at(-1) ?? expect.fail('nothing was asked');
    const over = asked.at.getTime() + 600_000;

    await expect.poll(async () => (await world.queue('jira')).pausedUntil, { timeout: 20_000 }).not.toBeNull();
    const { pausedUntil, waiting } = await world.queue('jira');
    expect(Math.abs(Date.parse(pausedUntil ?? '') - over)).toBeLessThan(5_000);
    expect([waiting, (await world.queue('ado')).pausedUntil]).toEqual([1, null]);
    expect(await world.figure('winnow_queue_pause_seconds{connection="jira"}')).toBeGreaterThan(550);
    expect(await world.figure('winnow_throttle_seconds_total{connection="jira"}')).toBeGreaterThan(595);
    expect(await world.figure('winnow_throttle_seconds_total{connection="ado"}')).toBe(0);
    const { ready, reasons } = await world.ready();
    expect([ready, reasons]).toEqual([true, [expect.stringMatching(/^jira asked to be left alone/)]]);

    await aGoodRound('shop', 11 * minute);
    const next = world.jira.exchanges().find(({ number }) => number > asked.number);
    const late = (next?.at.getTime() ?? NaN) - over;
    expect(late).toBeGreaterThan(-1_000);
    expect(late).toBeLessThan(15_000);
    expect(goodRounds('payments')).toBeGreaterThan(others);
    expect(await world.queue('jira')).toMatchObject({ pausedUntil: null, waiting: 0, failed: 0 });
  }, 60_000);

  test('sites that are down for an hour are asked rarely, and each gets one round when it is back', async () => {
    await world.passUntil(async () => (await world.status()).queues.every(({ active }) => active === 0), minute);
    await way.shut();
    world.ado.faults.next({ kind: 'status', status: 503, times: Infinity });
    const [shop, payments] = [goodRounds('shop'), goodRounds('payments')];
    const [toJira, toAdo] = [await calls(), world.ado.exchanges().length];
    mislabelBoth();
    await world.time.pass(60 * minute);

    expect([goodRounds('shop'), goodRounds('payments')]).toEqual([shop, payments]);
    // About twenty rounds that fail at their first reads, each of which is tried four times.
    for (const asked of [(await calls()) - toJira, world.ado.exchanges().length - toAdo]) {
      expect(asked).toBeGreaterThan(40);
      expect(asked).toBeLessThan(180);
    }
    expect((await world.ready()).ready).toBe(false);
    expect((await world.status()).backlogs.map(({ lastRound }) => lastRound)).toEqual([
      expect.objectContaining({ status: 'failed', problem: expect.stringContaining('ECONNREFUSED') }),
      expect.objectContaining({ status: 'failed', problem: expect.stringContaining('503') }),
    ]);

    const back = world.time.clock.now();
    await way.reopen();
    world.ado.faults.clear();
    await world.passUntil(() => goodRounds('shop') > shop && goodRounds('payments') > payments, 6 * minute);
    // A slot of the schedule may come while the second one is waited for.
    const most = 1 + slotsSince(back);
    expect(Math.max(goodRounds('shop') - shop, goodRounds('payments') - payments)).toBeLessThanOrEqual(most);
    expect(taken()).toEqual([1, 1]);
    for (const name of ['jira', 'ado']) {
      expect(await world.queue(name)).toMatchObject({ waiting: 0, delayed: 0, failed: 0 });
    }
    expect((await world.ready()).ready).toBe(true);
  }, 120_000);

  test('sites that lie with a web page are not believed, and nothing is written', async () => {
    const ended = world.rounds().length;
    const before = [taken(), world.jira.order(), world.ado.order()];
    mislabelBoth();
    for (const site of [world.jira, world.ado]) site.faults.next({ kind: 'html', times: Infinity });
    await Promise.all([world.ask('shop'), world.ask('payments')]);
    // Five attempts, then they are given up.
    const givenUp = async (): Promise<boolean> =>
      (await world.queue('jira')).failed > 0 && (await world.queue('ado')).failed > 0;
    await world.passUntil(givenUp, 9 * minute);

    const lied = world.rounds().slice(ended);
    expect([...new Set(lied.map(({ status }) => status))]).toEqual(['failed']);
    expect([taken(), world.jira.order(), world.ado.order()]).toEqual(before);
    const told = await world.status();
    for (const { failures } of told.queues) expect(failures[0]?.problem).toMatch(/web page|HTML/i);
    for (const { lastRound } of told.backlogs) expect(lastRound?.problem).toMatch(/web page|HTML/i);

    for (const site of [world.jira, world.ado]) site.faults.clear();
    await world.passUntil(() => taken().join() === '2,2', 11 * minute);
  }, 90_000);

  test('a site that answers after half a minute has no two rounds at once, and none loses its lease', async () => {
    // Seen from the service, whose time goes by much faster meanwhile.
    world.jira.faults.next({ kind: 'slow', ms: 250, times: Infinity });
    const fast = 1_000;
    const ended = world.rounds('shop').length;
    const slowly = (): readonly EndedRound[] => world.rounds('shop').slice(ended);
    await world.ask('shop', true);
    await world.passUntil(async () => (await world.status()).backlogs[0]?.lease !== null, minute, fast);
    await world.passUntil(() => slowly().length > 1, 30 * minute, fast);
    world.jira.faults.clear();

    const spans = slowly().map(({ time, durationMs }) => [Date.parse(time) - durationMs, Date.parse(time)]);
    const [first = [], second = []] = spans;
    expect(slowly().filter(round => !good(round))).toEqual([]);
    expect(slowly()[0]?.durationMs).toBeGreaterThan(minute);
    expect(second[0]).toBeGreaterThanOrEqual(first[1] ?? NaN);
    expect(world.service().log()).not.toMatch(/lease of a backlog could not|Missing lock|stalled/);
  }, 90_000);

  test('told to end during a write that is not answered, it ends in time; the next one finds out what became of it', async () => {
    await world.passUntil(async () => (await world.status()).queues.every(({ active }) => active === 0), minute);
    mislabelBoth();
    world.jira.faults.next({ kind: 'slow', ms: 30_000, after: true, method: world.jira.writes });
    await world.ask('shop');
    await expect.poll(() => world.jira.faults.pending(), { timeout: 20_000 }).toBe(0);
    const { code, ms } = await world.service().stop();
    expect([code, ms < 10_000]).toEqual([0, true]);

    await world.start();
    await aGoodRound('shop', 11 * minute);
    expect(taken()[0]).toBe(3);
  }, 90_000);
});
