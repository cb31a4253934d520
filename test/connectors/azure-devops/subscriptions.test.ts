import { describe, expect, it } from 'vitest';
import { createAzureDevOpsConnection } from '../../../src/connectors/azure-devops/index.ts';
import type { Connection, WebhookWish } from '../../../src/connectors/connector.ts';
import { startAzureDevOpsSite, type AzureDevOpsSite } from '../../../src/demo/azure-devops/index.ts';
import { NotFoundError, PermissionError } from '../../../src/errors.ts';
import { silentLog } from '../../../src/log.ts';
import { aListener } from '../../support/listener.ts';
import { closeAfterEach } from './support/emulated.ts';
import { memoryCache } from './support/wire.ts';

const clock = { now: () => new Date('2026-03-10T12:00:00Z') };
const signal = new AbortController().signal;

async function aSite(): Promise<{ site: AzureDevOpsSite; connection: Connection; wish: WebhookWish }> {
  const to = await aListener();
  const site = await startAzureDevOpsSite({
    clock,
    projects: [{ name: 'Shop' }, { name: 'Bank' }],
    webhookPausesMs: [],
  });
  const connection = createAzureDevOpsConnection(
    {
      name: 'acme',
      tracker: 'azure-devops',
      url: site.url,
      ignoreActors: [],
      auth: { kind: 'pat', pat: site.pat },
      webhook: { username: 'winnow', passwords: ['pass-word'] },
    },
    { clock, log: silentLog, metadata: memoryCache(), chance: () => 0 },
  );
  const wish = { url: to.url, username: 'winnow', password: 'pass-word', projects: ['Shop'] };
  return { site, connection, wish };
}

async function sync({ connection, wish }: { connection: Connection; wish: WebhookWish }) {
  return (await connection.syncWebhooks?.(wish, signal)) ?? [];
}

const didOf = (done: Awaited<ReturnType<typeof sync>>): string[] => done.map(({ did }) => did);

describe('connectors/azure-devops/subscriptions', () => {
  closeAfterEach();

  it('five subscriptions are made for a project, and deliver', async () => {
    const world = await aSite();

    const done = await sync(world);
    world.site.createItem({ project: 'Shop', type: 'User Story', title: 'New' });
    world.site.createItem({ project: 'Bank', type: 'User Story', title: 'Elsewhere' });
    await world.site.webhooks.post.settled();

    expect(didOf(done)).toEqual(['created', 'created', 'created', 'created', 'created']);
    expect(done.map(({ event }) => event.split('.')[1])).toEqual([
      'created',
      'updated',
      'deleted',
      'restored',
      'commented',
    ]);
    expect(world.site.webhooks.post.sent.map(({ status }) => status)).toEqual([202]);
    await world.site.close();
  });

  it('a second sync makes none, and writes the password anew', async () => {
    const world = await aSite();
    await sync(world);

    const done = await sync({ ...world, wish: { ...world.wish, password: 'rotated' } });

    expect(new Set(didOf(done))).toEqual(new Set(['refreshed']));
    const held = world.site.webhooks.subscriptions
      .all()
      .map(({ consumerInputs }) => consumerInputs['basicAuthPassword']);
    expect(held).toEqual(Array.from({ length: 5 }, () => 'rotated'));
    await world.site.close();
  });

  it.each([
    ['onProbation', 'enabled', 'it was onProbation'],
    ['disabledBySystem', 'enabled', 'it was disabledBySystem'],
    ['disabledByUser', 'enabled', 'it was disabledByUser'],
  ] as const)('a subscription that is %s is %s again', async (status, did, why) => {
    const world = await aSite();
    const [first] = await sync(world);
    world.site.webhooks.subscriptions.setStatus(first?.id ?? '', status);

    const [again] = await sync(world);

    expect(again).toMatchObject({ id: first?.id, did, was: status, why });
    expect(world.site.webhooks.subscriptions.get(first?.id ?? '').status).toBe('enabled');
    await world.site.close();
  });

  it('one that was narrowed or sent another version is repaired', async () => {
    const world = await aSite();
    const [first] = await sync(world);
    const { subscriptions } = world.site.webhooks;
    const held = subscriptions.get(first?.id ?? '');
    const publisherInputs = { ...held.publisherInputs, workItemType: 'Bug' };
    subscriptions.replace(held.id, { ...held, publisherInputs, resourceVersion: '5.1-preview.3' }, 0);

    const [again] = await sync(world);

    expect(again).toMatchObject({ did: 'repaired' });
    expect(again?.why).toMatch(/5\.1-preview\.3.*narrowed by workItemType/);
    expect(subscriptions.get(held.id).publisherInputs).toEqual({ projectId: world.site.projects[0]?.id });
    await world.site.close();
  });

  it('duplicates of ours go, the healthy one stays; what posts elsewhere is not touched', async () => {
    const world = await aSite();
    const [first] = await sync(world);
    const { subscriptions } = world.site.webhooks;
    const held = subscriptions.get(first?.id ?? '');
    const twin = subscriptions.create(held, world.site.owner, 0);
    const others = { url: 'https://elsewhere.example/hook' };
    const foreign = subscriptions.create({ ...held, consumerInputs: others }, world.site.owner, 0);
    subscriptions.setStatus(held.id, 'onProbation');

    const done = await sync(world);

    expect(done.filter(({ did }) => did === 'deleted').map(({ id }) => id)).toEqual([held.id]);
    const left = subscriptions.all().map(({ id }) => id);
    expect(left).toContain(twin.id);
    expect(subscriptions.get(foreign.id).consumerInputs).toEqual(others);
    await world.site.close();
  });

  it('without the right to it the account is told which one', async () => {
    const world = await aSite();
    world.site.switches.allowHooks(false);

    const failure = sync(world);

    await expect(failure).rejects.toThrow(PermissionError);
    await expect(failure).rejects.toThrow(/Edit subscriptions/);
    await world.site.close();
  });

  it('an unknown project is named, with the choices', async () => {
    const world = await aSite();

    const failure = sync({ ...world, wish: { ...world.wish, projects: ['Shp'] } });

    await expect(failure).rejects.toThrow(NotFoundError);
    await expect(failure).rejects.toThrow(/Bank, Shop/);
    await world.site.close();
  });
});
