import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { composeWebhooks } from '../../src/cli/compose-webhooks.ts';
import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import type { PostBox } from '../../src/demo/http/post-box.ts';
import { believableJiraBacklog, startJiraSite } from '../../src/demo/jira/index.ts';
import type { ItemRef } from '../../src/item.ts';
import { openSiteWorld, type SiteWorld } from '../support/site-world.ts';

/** Whole ways of a change: people and Winnow on an emulated tracker, deliveries over HTTP, journal, touched items, jobs. */

const start = new Date('2026-03-30T10:00:00Z');
const word = 'a-secret-word';

/** What differs between the trackers. */
interface Flow {
  readonly yaml: string;
  readonly post: PostBox;
  /** Subscribes to everything. */
  subscribe(url: string): Promise<void>;
  /** An edit by a person, of an item of the backlog. */
  edit(ref: ItemRef): void;
  /** An edit by a person that brings an item far up. */
  hurry(ref: ItemRef): void;
  /** The person whose token Winnow uses drags an item to another one. */
  drag(ref: ItemRef, to: ItemRef): void;
  comment(ref: ItemRef): void;
  remove(ref: ItemRef): void;
  /** An item that the backlog will hold. */
  create(): void;
  close(): Promise<void>;
}

async function onJira(clock: { now: Date }): Promise<Flow> {
  const account = { displayName: 'Owner of the Token' };
  const records = believableJiraBacklog({ items: 30, seed: 5, now: start });
  const site = await startJiraSite({
    ...{ clock: { now: () => clock.now }, records, account, webhookPausesMs: [1, 1] },
    textFields: { 'Winnow says': 'paragraph' },
  });
  const board = site.boards[0];
  const who = site.people()[0]?.displayName ?? '';
  const keys = new Map(site.order(board?.id ?? 0).map(key => [`jira:${site.issue(key).id}`, key]));
  const keyOf = (ref: ItemRef): string => keys.get(ref) ?? '';
  return {
    yaml: `
connections:
  acme: { tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${site.apiToken}" }, webhook: { secrets: [old-word, ${word}] } }
backlogs:
  shop: { board: ${board?.id}, mode: apply, write: { explanation: Winnow says } }
`,
    post: site.webhooks.post,
    subscribe: url => Promise.resolve(site.webhooks.register({ url, secret: word })),
    edit: ref => site.editIssue(keyOf(ref), { summary: `Edited at ${clock.now.toISOString()}` }, who),
    hurry: ref => site.editIssue(keyOf(ref), { priority: { name: 'Highest' }, duedate: '2026-04-01' }, who),
    drag: (ref, to) => site.rank(keyOf(ref), { before: keyOf(to) }, account.displayName),
    comment: ref => site.comment(keyOf(ref), 'what about this?', who),
    remove: ref => site.deleteIssue(keyOf(ref)),
    create: () => void site.createIssue({ projectKey: board?.projectKey ?? '', summary: 'New' }, who),
    close: () => site.close(),
  };
}

async function onAzureDevOps(clock: { now: Date }): Promise<Flow> {
  const records = believableAzureDevOpsBacklog({ items: 30, seed: 11, now: start });
  const site = await startAzureDevOpsSite({ clock: { now: () => clock.now }, records, webhookPausesMs: [1, 1] });
  const idOf = (ref: ItemRef): number => Number(ref.split(':')[1]);
  const projectId = site.projects.find(project => project.name === 'Payments')?.id;
  const subscribe = async (url: string, eventType: string): Promise<void> => {
    const answer = await fetch(`${site.url}/_apis/hooks/subscriptions?api-version=7.1`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`:${site.pat}`).toString('base64')}`,
      },
      body: JSON.stringify({
        publisherId: 'tfs',
        eventType,
        resourceVersion: '5.1-preview.3',
        consumerId: 'webHooks',
        consumerActionId: 'httpRequest',
        publisherInputs: { projectId },
        consumerInputs: { url, basicAuthUsername: 'winnow', basicAuthPassword: word },
      }),
    });
    expect(answer.status).toBe(200);
  };
  const events = ['created', 'updated', 'deleted', 'restored', 'commented'];
  return {
    yaml: `
connections:
  acme: { tracker: azure-devops, url: "${site.url}", auth: { pat: "${site.pat}" }, webhook: { username: winnow, passwords: [old-word, ${word}] } }
backlogs:
  shop: { project: Payments, level: Stories, mode: apply, write: { explanation: Microsoft.VSTS.Common.Resolution } }
`,
    post: site.webhooks.post,
    async subscribe(url) {
      for (const event of events) await subscribe(url, `workitem.${event}`);
    },
    edit: ref => site.edit(idOf(ref), { 'System.Title': `Edited at ${clock.now.toISOString()}` }),
    hurry: ref =>
      site.edit(idOf(ref), {
        'Microsoft.VSTS.Common.Priority': 1,
        'Microsoft.VSTS.Scheduling.DueDate': '2026-04-01T00:00:00Z',
      }),
    drag(ref, to) {
      const place = site.item(idOf(to)).order ?? 0;
      site.edit(idOf(ref), { 'Microsoft.VSTS.Common.StackRank': place - 1 }, site.owner);
    },
    comment: ref => site.comment(idOf(ref), 'what about this?'),
    remove: ref => site.remove(idOf(ref)),
    create: () => void site.createItem({ project: 'Payments', type: 'User Story', title: 'New' }),
    close: () => site.close(),
  };
}

describe('an ended sprint of an emulated Jira', () => {
  it('brings a sweep, which finds the issues that fell back', async () => {
    const clock = { now: start };
    const records = believableJiraBacklog({ items: 20, seed: 5, now: start });
    const site = await startJiraSite({ clock: { now: () => clock.now }, records, webhookPausesMs: [1, 1] });
    const [board] = site.boards;
    const world = await openSiteWorld(
      `
connections:
  acme: { tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${site.apiToken}" }, webhook: { secrets: [${word}] } }
backlogs:
  shop: { board: ${board?.id} }
`,
      clock,
    );
    const key = site.order(board?.id ?? 0).at(-2) ?? '';
    const sprint = site.createSprint({ name: 'S9', state: 'active', boardId: board?.id ?? 0 });
    site.setSprint(key, sprint, site.people()[0]?.displayName ?? '');
    await world.round();
    clock.now = new Date(start.getTime() + 5 * 3_600_000);
    await world.round();
    const results: string[] = [];
    const router = await composeWebhooks(world.context, { delivery: (_name, result) => void results.push(result) });
    const server = createServer(express().use('/webhooks', router)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/acme`;
    site.webhooks.register({ url, secret: word });

    site.setSprintState(sprint, 'closed');
    await site.webhooks.post.settled();

    const queue = await world.context.queue();
    expect(results).toEqual(['accepted']);
    expect(await queue.counts('acme')).toMatchObject({ delayed: 1 });
    const known = async (sweep: boolean): Promise<boolean | undefined> =>
      (await world.round({ sweep })).study?.pulled.states.has(`jira:${site.issue(key).id}` as ItemRef);
    expect([await known(false), await known(true)]).toEqual([false, true]);
    server.close();
    await world.close();
    await site.close();
  }, 120_000);
});

describe.each([
  ['Jira', onJira],
  ['Azure DevOps', onAzureDevOps],
])('webhooks of an emulated %s', (_name, begin) => {
  const clock = { now: start };
  const results: string[] = [];
  let flow: Flow;
  let world: SiteWorld;
  let server: Server;
  let order: readonly ItemRef[];

  const later = (minutes: number): void => {
    clock.now = new Date(clock.now.getTime() + minutes * 60_000);
  };
  const told = async (): Promise<readonly string[]> => {
    await flow.post.settled();
    return results.splice(0);
  };
  const pending = async (): Promise<readonly ItemRef[]> => (await world.store.touched.pending('shop')).refs;
  const jobs = async (): Promise<number> => {
    const { waiting, delayed, active } = await (await world.context.queue()).counts('acme');
    return waiting + delayed + active;
  };
  /** What the service's worker does with a job. */
  const work = async () => {
    const { refs, mark } = await world.store.touched.pending('shop');
    const round = await world.round({ touched: refs });
    await world.store.touched.forget('shop', mark);
    return round;
  };

  beforeAll(async () => {
    flow = await begin(clock);
    world = await openSiteWorld(flow.yaml, clock);
    const router = await composeWebhooks(world.context, {
      delivery: (_connection, result) => void results.push(result),
    });
    server = createServer(express().use('/webhooks', router)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await flow.subscribe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/acme`);
  });
  afterEach(() => later(30));
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await world.close();
    await flow.close();
  });

  it('every write of a round comes back as an echo, and makes no job', async () => {
    const { report, study } = await world.round();
    order = study?.desired.order ?? [];
    const written = new Set(report.changes.map(change => change.ref));
    const heard = await told();

    expect(report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
    expect(report.changes.some(change => change.kind === 'move')).toBe(true);
    expect(heard.length).toBeGreaterThanOrEqual(written.size);
    expect(new Set(heard)).toEqual(new Set(['echo']));
    expect([await pending(), await jobs()]).toEqual([[], 0]);
  });

  it('what a person does is noted and makes one job, however often it is delivered', async () => {
    const [first, second] = order.slice(-2) as [ItemRef, ItemRef];
    flow.post.repeat(2);
    flow.edit(first);
    flow.edit(second);
    const heard = await told();
    flow.post.repeat(0);

    expect(heard.filter(result => result === 'accepted').length).toBeGreaterThanOrEqual(2);
    expect(new Set(heard)).toEqual(new Set(['accepted', 'duplicate']));
    expect([...(await pending())].sort()).toEqual([first, second].sort());
    expect(await jobs()).toBe(1);
  });

  it('the round that follows reads them, and its own writes make no job again', async () => {
    const { report } = await work();
    const heard = await told();

    expect(report).toMatchObject({ outcomes: { failed: 0 } });
    expect(heard.every(result => result === 'echo')).toBe(true);
    expect(await pending()).toEqual([]);
  });

  it('a drag by the owner of the token, just after Winnow moved the item, is no echo', async () => {
    await work();
    later(60);
    flow.hurry(order.at(-3) as ItemRef);
    await told();
    later(60);
    const { report, study } = await work();
    const moved = report.changes.find(change => change.kind === 'move')?.ref as ItemRef;
    expect(new Set(await told())).toEqual(new Set(['echo']));
    flow.drag(moved, study?.desired.order.at(-1) as ItemRef);

    expect(await told()).toEqual(['accepted']);
    expect(await pending()).toEqual([moved]);
  });

  it('comments, new and deleted items are noted', async () => {
    await work();
    await told();
    flow.comment(order[0] as ItemRef);
    flow.create();
    flow.remove(order[1] as ItemRef);
    const heard = await told();

    expect(new Set(heard)).toEqual(new Set(['accepted']));
    const noted = await pending();
    expect(noted).toEqual(expect.arrayContaining([order[0], order[1]]));
    expect(noted).toHaveLength(3);
  });

  it('deliveries that come late and in any order lead to the same', async () => {
    await work();
    await told();
    flow.post.hold();
    flow.edit(order[2] as ItemRef);
    flow.comment(order[3] as ItemRef);
    flow.post.release(true);
    await told();

    expect([...(await pending())].sort()).toEqual([order[2], order[3]].sort());
  });
});
