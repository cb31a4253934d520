import { wireDate } from '../instants.ts';
import type { ItemEvent } from '../item-store.ts';
import { latest, textOf, typeOf, type Revision } from '../item.ts';
import { projectOfItem, type Organisation } from '../organisation.ts';
import { identityText } from '../wire/identity-wire.ts';
import { updateWire } from '../wire/update.ts';
import { workItemWire } from '../wire/work-item.ts';
import type { EventType, Subscription } from './subscriptions.ts';

/** Which events an update of a work item is: a comment is an update too. */
export function eventsOf({ item, update }: ItemEvent): readonly EventType[] {
  if (update.link !== null) return ['workitem.updated'];
  const revision = item.revisions[update.rev - 1];
  const before = item.revisions[update.rev - 2];
  if (revision === undefined) return [];
  if (before === undefined) return ['workitem.created'];
  if (revision.deleted !== before.deleted) return [revision.deleted ? 'workitem.deleted' : 'workitem.restored'];
  return revision.comment === null ? ['workitem.updated'] : ['workitem.commented', 'workitem.updated'];
}

interface Occasion {
  readonly organisation: Organisation;
  /** `http://127.0.0.1:4711/acme` */
  readonly base: string;
  readonly event: ItemEvent;
  readonly type: EventType;
  /** The event's own id, the same for all subscriptions. */
  readonly id: string;
}

/** The body of a notification, as service hooks post it. Texts come from the tracker's people, unescaped. */
export function notificationBody(
  { organisation, base, event, type, id }: Occasion,
  subscription: Subscription,
  notificationId: number,
): unknown {
  const { item, update } = event;
  const text = `${typeOf(item)} #${item.id} (${textOf(latest(item).fields, 'System.Title')}) ${verbs[type]} by ${update.by.displayName}.`;
  const message = { text, html: text, markdown: text };
  return {
    subscriptionId: subscription.id,
    notificationId,
    id,
    eventType: type,
    publisherId: 'tfs',
    message: subscription.consumerInputs['messagesToSend'] === 'none' ? null : message,
    detailedMessage: subscription.consumerInputs['detailedMessagesToSend'] === 'none' ? null : message,
    resource: resourceOf({ organisation, base, event, type, id }, subscription),
    resourceVersion: subscription.resourceVersion,
    resourceContainers: {
      collection: { id: organisation.id },
      account: { id: organisation.id },
      project: { id: projectOfItem(organisation, item).id },
    },
    createdDate: wireDate(update.at),
  };
}

const verbs: Readonly<Record<EventType, string>> = {
  'workitem.created': 'created',
  'workitem.updated': 'updated',
  'workitem.deleted': 'deleted',
  'workitem.restored': 'restored',
  'workitem.commented': 'commented on',
};

function resourceOf({ organisation, base, event, type }: Occasion, subscription: Subscription): unknown {
  const { item, update } = event;
  const details = subscription.consumerInputs['resourceDetailsToSend'] ?? 'all';
  if (details === 'none') return null;
  const whole = (revision: Revision): unknown => {
    const wire = workItemWire(organisation, item, revision, { base, expand: 'links', fields: null });
    return subscription.resourceVersion === '1.0' ? withNames(wire) : wire;
  };
  const revision = item.revisions[update.rev - 1] ?? latest(item);
  const project = projectOfItem(organisation, item).id;
  if (details === 'minimal')
    return { id: item.id, rev: revision.rev, url: `${base}/${project}/_apis/wit/workItems/${item.id}` };
  if (type !== 'workitem.updated') return whole(revision);
  const told = updateWire(organisation, base, item, update) as object;
  return {
    ...(subscription.resourceVersion === '1.0' ? (withNames(told) as object) : told),
    revision: whole(revision),
  };
}

/** Resource version 1.0 writes people in fields as `Name <mail>`; whoever revised it stays an object. */
function withNames(wire: unknown): unknown {
  const plain = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if ('descriptor' in value && 'uniqueName' in value)
      return identityText(value as Parameters<typeof identityText>[0]);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  };
  const { fields, ...rest } = wire as { readonly fields?: object };
  if (fields === undefined) return rest;
  return { ...rest, fields: Object.fromEntries(Object.entries(fields).map(([ref, value]) => [ref, plain(value)])) };
}
