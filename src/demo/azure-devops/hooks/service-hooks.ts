import { randomUUID } from 'node:crypto';
import type { PostBox, PostRules, Sent } from '../../http/post-box.ts';
import type { ItemEvent } from '../item-store.ts';
import { latest, textOf, typeOf } from '../item.ts';
import { projectOfItem, type Organisation } from '../organisation.ts';
import { isUnder } from '../tree.ts';
import { eventsOf, notificationBody } from './event-body.ts';
import { createSubscriptions, type EventType, type Subscription, type Subscriptions } from './subscriptions.ts';

/** Service hooks of an organisation: who is told of what, and what came of it. */
export interface ServiceHooks {
  readonly subscriptions: Subscriptions;
  readonly post: PostBox;
}

/** Pauses after transient failures: 1 to 60 seconds, eight times (the vendor's troubleshooting page). */
const pausesMs: readonly number[] = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000];
const transient = new Set([408, 502, 503, 504]);

const retries: PostRules['retries'] = status => status === null || transient.has(status);

/** Posts what happens to work items to enabled subscriptions. `pauses` shortens the vendor's own for tests. */
export function createServiceHooks(
  organisation: Organisation,
  base: () => string,
  { post, pauses = pausesMs }: { readonly post: PostBox; readonly pauses?: readonly number[] },
): ServiceHooks {
  const subscriptions = createSubscriptions();
  organisation.items.listeners.push(event => {
    for (const type of eventsOf(event)) {
      const id = randomUUID();
      for (const subscription of subscriptions.all()) {
        if (!isWanted(organisation, subscription, event, type)) continue;
        const notificationId = subscription.notifications.length + 1;
        const { at } = event.update;
        subscription.notifications.push({ id: notificationId, eventId: id, at, result: 'pending', tries: 0 });
        const body = notificationBody({ organisation, base: base(), event, type, id }, subscription, notificationId);
        post.send(parcelOf(subscription, body), { pauses, retries }, sent =>
          settle(subscriptions, subscription, { notificationId, sent }),
        );
      }
    }
  });
  return { subscriptions, post };
}

function isWanted(
  organisation: Organisation,
  { eventType, status, publisherInputs }: Subscription,
  { item, update }: ItemEvent,
  type: EventType,
): boolean {
  if (eventType !== type || status !== 'enabled') return false;
  const { projectId, areaPath, workItemType, changedFields } = publisherInputs;
  const { fields } = latest(item);
  const before = item.revisions[update.rev - 2]?.fields[changedFields ?? ''];
  return (
    (!projectId || projectOfItem(organisation, item).id === projectId) &&
    (!areaPath || isUnder(textOf(fields, 'System.AreaPath'), areaPath)) &&
    (!workItemType || typeOf(item) === workItemType) &&
    (!changedFields || (update.link === null && before !== fields[changedFields]))
  );
}

function parcelOf({ consumerInputs }: Subscription, body: unknown): Parameters<PostBox['send']>[0] {
  const { url = '', basicAuthUsername = '', basicAuthPassword, httpHeaders = '' } = consumerInputs;
  const more = httpHeaders.split(/[\r\n]+/).flatMap(line => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
  });
  const login = Buffer.from(`${basicAuthUsername}:${basicAuthPassword ?? ''}`).toString('base64');
  const authorization = basicAuthPassword === undefined ? {} : { Authorization: `Basic ${login}` };
  return {
    url,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...authorization, ...Object.fromEntries(more) },
    body: JSON.stringify(body),
  };
}

/** 410 ends a subscription; any other lasting failure puts it on probation, in which further events are lost. */
function settle(
  subscriptions: Subscriptions,
  { id, notifications }: Subscription,
  { notificationId, sent }: { readonly notificationId: number; readonly sent: Sent },
): void {
  const good = sent.status !== null && sent.status < 300;
  const index = notifications.findIndex(one => one.id === notificationId);
  const before = notifications[index];
  if (before !== undefined)
    notifications[index] = { ...before, result: good ? 'succeeded' : 'failed', tries: sent.tries };
  const there = subscriptions.all().some(one => one.id === id);
  if (!good && there) subscriptions.setStatus(id, sent.status === 410 ? 'disabledBySystem' : 'onProbation');
}
