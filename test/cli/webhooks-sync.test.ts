import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhooksSyncCommand } from '../../src/cli/commands/webhooks-sync.ts';
import type { ConnectionSync } from '../../src/cli/connection-sync.ts';
import { createCapturedVoice } from '../../src/cli/terminal.ts';
import { startAzureDevOpsSite, type AzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import { believableJiraBacklog, startJiraSite, type JiraSite } from '../../src/demo/jira/index.ts';
import { ConfigError } from '../../src/errors.ts';
import { openSiteWorld, type SiteWorld } from '../support/site-world.ts';

const now = new Date('2026-03-30T10:00:00Z');
const secret = 'a-jira-secret';
let ado: AzureDevOpsSite;
let jira: JiraSite;
let world: SiteWorld;

const yaml = (): string => `
connections:
  acme: { tracker: azure-devops, url: "${ado.url}", auth: { pat: "${ado.pat}" }, webhook: { username: winnow, passwords: [pass-word-1] } }
  site: { tracker: jira, url: "${jira.url}", auth: { email: "${jira.email}", apiToken: "${jira.apiToken}" }, webhook: { secrets: [${secret}] } }
  bare: { tracker: jira, url: "${jira.url}", auth: { email: "${jira.email}", apiToken: "${jira.apiToken}" } }
backlogs:
  payments: { connection: acme, project: Payments, level: Stories }
  shop: { connection: site, board: 1 }
  other: { connection: bare, board: 1 }
`;

beforeAll(async () => {
  const clock = { now: () => now };
  ado = await startAzureDevOpsSite({ clock, projects: [{ name: 'Payments' }] });
  jira = await startJiraSite({ clock, records: believableJiraBacklog({ items: 10, seed: 3, now }) });
  world = await openSiteWorld(yaml(), { now });
});

afterAll(async () => {
  await world.close();
  await Promise.all([ado.close(), jira.close()]);
});

async function sync(url?: string, json = true) {
  const { voice, said } = createCapturedVoice({ coloured: false, width: 100 });
  const signal = new AbortController().signal;
  const code = await webhooksSyncCommand(world.context, voice, { json, signal, ...(url === undefined ? {} : { url }) });
  return { code, out: said().out };
}

const connectionsIn = (out: string): readonly ConnectionSync[] =>
  (JSON.parse(out) as { connections: readonly ConnectionSync[] }).connections;

describe('cli/commands/webhooks-sync', () => {
  it('Azure DevOps gets its five subscriptions, once', async () => {
    const first = await sync('https://winnow.example.com/base/');
    const second = await sync('https://winnow.example.com/base');

    const [acme] = connectionsIn(first.out);
    expect(first.code).toBe(0);
    expect(acme).toMatchObject({
      url: 'https://winnow.example.com/base/webhooks/acme',
      problem: null,
      lastDelivery: null,
    });
    expect(acme?.subscriptions.map(({ did }) => did)).toEqual(Array.from({ length: 5 }, () => 'created'));
    expect(connectionsIn(second.out)[0]?.subscriptions.map(({ did }) => did)).toEqual(
      Array.from({ length: 5 }, () => 'refreshed'),
    );
    expect(ado.webhooks.subscriptions.all()).toHaveLength(5);
  });

  it('for Jira it says what an administrator must enter, and never the secret', async () => {
    await world.round({ purpose: 'plan' }, 'shop');

    const { out } = await sync('https://winnow.example.com', false);

    const project = jira.boards[0]?.projectKey ?? '';
    expect(out).toContain('URL: https://winnow.example.com/webhooks/site');
    expect(out).toContain(`project in (${project})`);
    expect(out).toContain('No delivery with the right credentials has come yet');
    expect(out).not.toContain(secret);
    expect(out).not.toContain('pass-word-1');
  });

  it('a delivery that came is told', async () => {
    const { inbox } = world.store;
    const delivery = { id: 'd-1', at: now, refs: [], sprints: [], candidates: [], moved: false };
    await inbox.note({ connection: 'site', backlogs: [], deliveries: [delivery] });

    const { out } = await sync('https://winnow.example.com');

    expect(connectionsIn(out)[1]?.lastDelivery).toBe(now.toISOString());
  });

  it('a connection without a webhook is told what to add', async () => {
    const { out } = await sync('https://winnow.example.com');

    expect(connectionsIn(out)[2]).toMatchObject({ url: null, subscriptions: [], problem: null });
    expect(connectionsIn(out)[2]?.steps[0]).toContain('connections.bare');
  });

  it('what the account may not do is told, and the others are still served', async () => {
    ado.switches.allowHooks(false);

    const { code, out } = await sync('https://winnow.example.com');

    ado.switches.allowHooks(true);
    expect(code).toBe(1);
    expect(connectionsIn(out)[0]?.problem).toMatch(/Edit subscriptions/);
    expect(connectionsIn(out)[1]?.steps.length).toBeGreaterThan(3);
  });

  it.each([
    ['none', undefined],
    ['no address', 'winnow'],
    ['plain http', 'http://winnow.example.com'],
    ['a login in it', 'https://a:b@winnow.example.com'],
  ])('%s is a usage error', async (_name, url) => {
    await expect(sync(url)).rejects.toThrow(ConfigError);
  });
});
