import { createHmac } from 'node:crypto';
import express from 'express';
import { onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { itemRef } from '../../src/item.ts';
import type { Log } from '../../src/log.ts';
import { listen } from '../../src/service/http/listen.ts';
import type { DeliveryResult, Echoes } from '../../src/webhooks/ports.ts';
import { createWebhookRouter } from '../../src/webhooks/router.ts';
import { createInMemoryInbox, type InMemoryInbox } from '../support/in-memory-inbox.ts';
import { createInMemoryQueue, type InMemoryQueue } from '../support/in-memory-queue.ts';

export const now = new Date('2026-11-25T10:00:00Z');

const config = parseConfig(
  `
connections:
  acme-jira:
    url: https://acme.atlassian.net
    auth: { email: a@example.com, apiToken: jira-token }
    webhook: { secrets: [old-secret, new-secret] }
  acme-ado: { url: https://dev.azure.com/acme, auth: { pat: ado-pat }, webhook: { username: winnow, passwords: [pass-word] } }
  plain: { url: https://plain.atlassian.net, auth: { email: a@example.com, apiToken: plain-token } }
backlogs:
  shop: { connection: acme-jira, board: 1 }
  web: { connection: acme-jira, board: 2 }
  payments: { connection: acme-ado, project: Payments }
  ledger: { connection: acme-ado, project: Ledger }
`,
  'winnow.yaml',
  {},
);

export interface Receiver {
  readonly url: string;
  readonly queue: InMemoryQueue;
  readonly inbox: InMemoryInbox;
  readonly results: readonly (readonly [string, DeliveryResult])[];
  /** What the store was told of refused deliveries. */
  readonly refused: readonly (readonly [string, number, string])[];
  readonly told: readonly { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
}

/** A listening receiver with three connections, in-memory twins behind it; closed when the test ends. */
export async function receive(
  over: {
    readonly inbox?: InMemoryInbox;
    readonly explains?: Echoes['explains'];
    readonly patienceMs?: number;
  } = {},
): Promise<Receiver> {
  const queue = createInMemoryQueue();
  const inbox = over.inbox ?? createInMemoryInbox();
  const results: (readonly [string, DeliveryResult])[] = [];
  const refused: (readonly [string, number, string])[] = [];
  const told: { fields: Readonly<Record<string, unknown>>; message: string }[] = [];
  const say: Log['info'] = (fields, message) => void told.push({ fields, message });
  const app = express();
  app.use(
    '/webhooks',
    createWebhookRouter({
      connections: config.connections,
      backlogs: config.backlogs,
      debounce: config.service.webhooks,
      clock: { now: () => now },
      log: { debug: say, info: say, warn: say, error: say },
      queue,
      inbox,
      refusals: {
        note: (connection, { count, problem }) => Promise.resolve(void refused.push([connection, count, problem])),
      },
      echoes: { explains: over.explains ?? (() => Promise.resolve(false)) },
      ...(over.patienceMs === undefined ? {} : { patienceMs: over.patienceMs }),
      onDelivery: (connection, result) => void results.push([connection, result]),
    }),
  );
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close(100));
  return { url: server.url, queue, inbox, results, refused, told };
}

export function signed(body: string | Buffer, secret = 'new-secret'): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

let serial = 0;

/** Sends a Jira delivery; signed and with an id of its own unless said otherwise. */
export async function sendJira(
  receiver: Receiver,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${receiver.url}/webhooks/acme-jira`, {
    method: 'POST',
    headers: { 'X-Hub-Signature': signed(body), 'X-Atlassian-Webhook-Identifier': `d${++serial}`, ...headers },
    body: new Uint8Array(Buffer.from(body)),
  });
}

export function anIssueEvent(id = 10040, key = 'SHOP-1', over: object = {}): string {
  return JSON.stringify({
    webhookEvent: 'jira:issue_created',
    timestamp: now.getTime() - 1000,
    issue: { id, key },
    ...over,
  });
}

export function anAdoEvent(id = 5, project = 'Payments', event = 'e1'): string {
  const resource = { id, fields: { 'System.TeamProject': project } };
  return JSON.stringify({ id: event, eventType: 'workitem.created', resource });
}

/** Sends an Azure DevOps delivery with these headers alone. */
export async function sendAdo(
  receiver: Receiver,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  return fetch(`${receiver.url}/webhooks/acme-ado`, { method: 'POST', headers, body });
}

export function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

/** Backlog `shop` holds jira:10040, in sprint S1; `web` holds nothing. */
export function shopHolds(): InMemoryInbox {
  return createInMemoryInbox({ shop: [{ ref: itemRef('jira', 10040), sprint: 'S1' }], web: [] });
}

export function jobsOf(receiver: Receiver): readonly string[] {
  return receiver.queue.enqueued.map(({ job }) => job.backlog);
}
