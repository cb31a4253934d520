import { createHmac, randomUUID } from 'node:crypto';
import type { PostBox, PostRules } from '../http/post-box.ts';
import type { WorldEvent } from './model.ts';
import { eventBody } from './webhook-body.ts';
import type { World } from './model.ts';

/** A webhook as an administrator registers it in the browser. */
export interface JiraWebhook {
  readonly url: string;
  /** Signs every delivery; null: none. */
  readonly secret: string | null;
  /** `jira:issue_updated` ...; all when absent. */
  readonly events?: readonly string[];
  /** Only issues of these projects; all when absent. Stands for the filter's JQL. */
  readonly projects?: readonly string[];
}

export interface JiraWebhooks {
  register(webhook: JiraWebhook): void;
  readonly post: PostBox;
}

/** 408, 409, 425, 429, 5xx and silence are tried again, five times in all; other refusals never. */
export const jiraRetries: PostRules['retries'] = status =>
  status === null || status >= 500 || [408, 409, 425, 429].includes(status);

/** Pauses between Jira's tries. */
const pausesMs: readonly number[] = [300_000, 480_000, 660_000, 900_000];

/** Delivers what happens on the site to registered webhooks. `pauses` shortens the vendor's own for tests. */
export function createWebhooks(world: World, post: PostBox, pauses: readonly number[] = pausesMs): JiraWebhooks {
  const webhooks: JiraWebhook[] = [];
  world.listeners.push(event => {
    for (const webhook of webhooks) if (concerns(webhook, event)) deliver(world, post, { webhook, event, pauses });
  });
  return { register: webhook => void webhooks.push(webhook), post };
}

function concerns({ events, projects }: JiraWebhook, event: WorldEvent): boolean {
  if (events !== undefined && !events.includes(event.name)) return false;
  return projects === undefined || !('issue' in event) || projects.includes(event.issue.project.key);
}

function deliver(
  world: World,
  post: PostBox,
  args: { readonly webhook: JiraWebhook; readonly event: WorldEvent; readonly pauses: readonly number[] },
): void {
  const { webhook, event, pauses } = args;
  const body = JSON.stringify(eventBody(world, event));
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'User-Agent': 'Atlassian Webhook HTTP Client',
    'X-Atlassian-Webhook-Identifier': randomUUID(),
    'X-Atlassian-Webhook-Flow': 'Primary',
    ...(webhook.secret === null ? {} : { 'X-Hub-Signature': signatureOf(body, webhook.secret) }),
  };
  post.send({ url: webhook.url, headers, body }, { pauses, retries: jiraRetries, again: retryHeader });
}

function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function retryHeader(retry: number): Readonly<Record<string, string>> {
  return { 'X-Atlassian-Webhook-Retry': String(retry) };
}
