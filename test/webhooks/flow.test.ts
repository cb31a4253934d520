import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { webhookParts } from '../../src/cli/compose-webhooks.ts';
import type { ItemRef } from '../../src/item.ts';
import { listen, type Listening } from '../../src/service/http/listen.ts';
import { hearingOf } from '../../src/sync/hearing.ts';
import type { DeliveryResult } from '../../src/webhooks/ports.ts';
import { createWebhookRouter } from '../../src/webhooks/router.ts';
import { createInMemoryQueue, type InMemoryQueue } from '../support/in-memory-queue.ts';
import { openSiteWorld, type SiteWorld } from '../support/site-world.ts';
import { aJiraTown, anAzureDevOpsTown, type Town } from './a-town.ts';

describe.each([
  ['Jira', aJiraTown],
  ['Azure DevOps', anAzureDevOpsTown],
])('webhooks on an emulated %s', (_, build) => {
  const clock = { now: new Date('2026-03-30T10:00:00Z') };
  const later = (minutes: number): void => {
    clock.now = new Date(clock.now.getTime() + minutes * 60_000);
  };
  let town: Town;
  let world: SiteWorld;
  let server: Listening;
  let queue: InMemoryQueue;
  let results: DeliveryResult[];

  beforeAll(async () => {
    town = await build(clock);
    world = await openSiteWorld(town.yaml, clock);
    const app = express();
    // The queue of a test is empty when it begins.
    const parts = await webhookParts(world.context, {
      queue: { enqueue: (job, when) => queue.enqueue(job, when) },
      onDelivery: (__, result) => void results.push(result),
    });
    app.use('/webhooks', createWebhookRouter(parts));
    server = await listen(app, { host: '127.0.0.1', port: 0 });
    await town.subscribe(`${server.url}/webhooks/acme`);
  });
  afterAll(async () => {
    await town.close();
    await server.close(100);
    await world.close();
  });
  beforeEach(() => {
    queue = createInMemoryQueue();
    results = [];
  });

  const touched = async (): Promise<readonly ItemRef[]> => (await world.store.touched.pending('ours')).refs;
  /** A round that reads what was announced, as the service makes it. */
  const round = async (): Promise<Awaited<ReturnType<SiteWorld['round']>>> => {
    const { refs, mark } = await world.store.touched.pending('ours');
    const done = await world.round({ touched: refs });
    await world.store.touched.forget('ours', mark);
    return done;
  };
  const rankedKeys = async (): Promise<readonly string[]> => {
    const { study } = await world.round({ purpose: 'plan' });
    return (study?.desired.current ?? []).map(ref => study?.pulled.states.get(ref)?.item.key ?? '');
  };
  const count = (): Partial<Record<DeliveryResult, number>> => {
    const counts: Partial<Record<DeliveryResult, number>> = {};
    for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
    return counts;
  };

  test('our own writes are told back, recognised, and ask for nothing', async () => {
    const { report } = await round();
    await town.post.settled();

    expect(report.outcomes.applied).toBeGreaterThan(10);
    expect(results.length).toBeGreaterThan(10);
    expect(count()).toEqual({ echo: results.length });
    expect(queue.enqueued).toEqual([]);
    expect(await touched()).toEqual([]);
  });

  test('an edit by a person is noted and asks for one round, which then moves the item', async () => {
    later(60);
    const key = (await rankedKeys()).at(-1) ?? '';
    later(20);

    town.edit(key);
    await town.post.settled();

    expect(count()).toEqual({ accepted: 1 });
    expect(queue.enqueued).toMatchObject([{ job: { backlog: 'ours', reason: 'webhook' }, when: { delaySeconds: 5 } }]);
    expect(await touched()).toHaveLength(1);

    later(20);
    const { report } = await round();
    await town.post.settled();

    expect(report.changes.map(change => change.key)).toContain(key);
    expect(count()).toEqual({ accepted: 1, echo: results.length - 1 });
  });

  test('a drag by a person straight after our own move is theirs', async () => {
    later(60);
    town.drag((await rankedKeys()).at(-1) ?? '');
    await town.post.settled();

    expect(count()['echo']).toBeUndefined();
    expect(queue.enqueued).toHaveLength(1);
    await round();
    await town.post.settled();
  });

  test("a label that the token's own person puts on is no echo", async () => {
    later(60);
    const key = (await rankedKeys())[2] ?? '';

    town.label(key, 'urgent');
    await town.post.settled();

    expect(count()).toEqual({ accepted: 1 });
    await round();
  });

  test('a new item is noted for the backlog of its project', async () => {
    later(60);

    const key = town.make();
    await town.post.settled();

    expect(queue.enqueued).toHaveLength(1);
    later(10);
    const { study } = await round();
    await town.post.settled();
    expect([...(study?.pulled.states.values() ?? [])].map(state => state.item.key)).toContain(key);
  });

  test('deliveries that come twice and backwards ask for one round', async () => {
    later(60);
    const keys = (await rankedKeys()).slice(0, 3);
    town.post.repeat(1);
    town.post.hold();
    for (const key of keys) town.label(key, 'seen');

    town.post.release(true);
    await town.post.settled();
    town.post.repeat(0);

    expect(count()).toEqual({ accepted: 3, duplicate: 3 });
    expect(queue.enqueued).toHaveLength(1);
    expect(await touched()).toHaveLength(3);
    await round();
  });

  test('a delivery during an outage comes again and is taken', async () => {
    later(60);
    const key = (await rankedKeys())[1] ?? '';
    let failures = 2;
    const working = queue;
    queue = {
      ...working,
      enqueue: (job, when) => (failures-- > 0 ? Promise.reject(new Error('away')) : working.enqueue(job, when)),
    };

    town.label(key, 'again');
    await town.post.settled();

    expect(count()).toEqual({ unavailable: 2, accepted: 1 });
    expect(working.enqueued).toHaveLength(1);
    await round();
  });

  test('what no webhook announced is missed, what one announced is not', async () => {
    later(60);
    const [told = '', untold = ''] = (await rankedKeys()).slice(3, 5);
    await town.post.settled();
    town.label(told, 'told');
    await town.post.settled();
    town.post.hold();
    town.label(untold, 'untold');
    later(10);
    const announced = await touched();

    const { study } = await round();

    const heard = study === null ? null : hearingOf(study.pulled, announced, clock.now);
    const missed = (heard?.missed ?? []).map(ref => study?.pulled.states.get(ref)?.item.key);
    expect([heard?.announced, missed]).toEqual([1, [untold]]);
    town.post.release();
    await town.post.settled();
  });
});
