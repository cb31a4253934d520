import { guidOf, type Identity } from '../identity.ts';
import { badRequest, VendorError } from '../vendor-error.ts';

/** Events of publisher `tfs` that this emulator knows. */
export const eventTypes = [
  'workitem.created',
  'workitem.updated',
  'workitem.deleted',
  'workitem.restored',
  'workitem.commented',
] as const;
export type EventType = (typeof eventTypes)[number];

export type SubscriptionStatus = 'enabled' | 'onProbation' | 'disabledByUser' | 'disabledBySystem';

type Inputs = Readonly<Record<string, string>>;

/** What a client may say of a subscription. */
export interface SubscriptionWish {
  readonly eventType: EventType;
  readonly resourceVersion: string;
  readonly publisherInputs: Inputs;
  readonly consumerInputs: Inputs;
  readonly status: SubscriptionStatus;
}

export interface Subscription extends SubscriptionWish {
  readonly id: string;
  readonly createdBy: Identity;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Counts its notifications. */
  readonly notifications: SentNotification[];
}

export interface SentNotification {
  readonly id: number;
  readonly eventId: string;
  readonly at: number;
  readonly result: 'pending' | 'succeeded' | 'failed';
  readonly tries: number;
}

export interface Subscriptions {
  all(): readonly Subscription[];
  get(id: string): Subscription;
  create(wish: SubscriptionWish, by: Identity, at: number): Subscription;
  replace(id: string, wish: SubscriptionWish, at: number): Subscription;
  setStatus(id: string, status: SubscriptionStatus): void;
  remove(id: string): void;
}

export function createSubscriptions(): Subscriptions {
  const kept = new Map<string, Subscription>();
  let made = 0;
  const get = (id: string): Subscription => {
    const found = kept.get(id.toLowerCase());
    if (found !== undefined) return found;
    throw new VendorError(404, 'SubscriptionNotFoundException', `Subscription with ID ${id} could not be found.`);
  };
  const put = (subscription: Subscription): Subscription => {
    kept.set(subscription.id, subscription);
    return subscription;
  };
  return {
    all: () => [...kept.values()],
    get,
    create(wish, createdBy, at) {
      made += 1;
      const id = guidOf(`subscription ${made}`);
      return put({ ...wish, id, createdBy, createdAt: at, modifiedAt: at, notifications: [] });
    },
    replace: (id, wish, at) => put({ ...get(id), ...keptSecret(wish, get(id)), modifiedAt: at }),
    setStatus: (id, status) => void put({ ...get(id), status }),
    remove: id => void kept.delete(get(id).id),
  };
}

/** Masked secrets that come back unchanged stay what they were. */
function keptSecret(wish: SubscriptionWish, before: Subscription): SubscriptionWish {
  const { basicAuthPassword, ...rest } = wish.consumerInputs;
  if (basicAuthPassword !== mask) return wish;
  const known = before.consumerInputs['basicAuthPassword'];
  return { ...wish, consumerInputs: known === undefined ? rest : { ...rest, basicAuthPassword: known } };
}

export const mask = '********';

const consumerInputs = new Set([
  'url',
  'httpHeaders',
  'acceptUntrustedCerts',
  'basicAuthUsername',
  'basicAuthPassword',
  'resourceDetailsToSend',
  'messagesToSend',
  'detailedMessagesToSend',
]);
const publisherInputs = new Set([
  'projectId',
  'areaPath',
  'workItemType',
  'changedFields',
  'commentPattern',
  'linksChanged',
  'tag',
  'tfsSubscriptionId',
  'hostId',
]);
const resourceVersions = new Set(['1.0', '5.1-preview.3', '3.1-preview.3']);
const statuses = new Set(['enabled', 'disabledByUser']);

/** Reads a subscription from a body. Throws the vendor's refusal for anything it would not take. */
export function wishFrom(body: Readonly<Record<string, unknown>>): SubscriptionWish {
  fixed(body, 'publisherId', 'tfs');
  fixed(body, 'consumerId', 'webHooks');
  fixed(body, 'consumerActionId', 'httpRequest');
  const eventType = eventTypes.find(known => known === body['eventType']);
  if (eventType === undefined) throw badRequest(`The event type "${String(body['eventType'])}" is not supported.`);
  const resourceVersion = body['resourceVersion'] ?? '1.0';
  if (typeof resourceVersion !== 'string' || !resourceVersions.has(resourceVersion)) {
    throw badRequest(`The resource version "${String(resourceVersion)}" is not supported for ${eventType}.`);
  }
  const consumer = inputsFrom(body, 'consumerInputs', consumerInputs);
  checkConsumer(consumer);
  const status = body['status'] ?? 'enabled';
  // What the system disabled comes back in a client's whole document; it takes effect as it is.
  const wanted = statuses.has(String(status)) ? (status as SubscriptionStatus) : 'disabledBySystem';
  return {
    eventType,
    resourceVersion,
    publisherInputs: inputsFrom(body, 'publisherInputs', publisherInputs),
    consumerInputs: consumer,
    status: wanted,
  };
}

function fixed(body: Readonly<Record<string, unknown>>, key: string, wanted: string): void {
  if (body[key] !== wanted) throw badRequest(`"${key}" must be "${wanted}" here; it is "${String(body[key])}".`);
}

function inputsFrom(body: Readonly<Record<string, unknown>>, key: string, known: ReadonlySet<string>): Inputs {
  const given = body[key] ?? {};
  if (typeof given !== 'object' || given === null) throw badRequest(`"${key}" must be an object.`);
  for (const [name, value] of Object.entries(given)) {
    if (!known.has(name)) throw badRequest(`"${name}" is not an input of this subscription.`);
    if (typeof value !== 'string') throw badRequest(`The input "${name}" must be text.`);
  }
  return given as Inputs;
}

/** Basic authentication wants https; loopback addresses, which the service itself refuses, stand for that here. */
function checkConsumer(inputs: Inputs): void {
  const url = inputs['url'] ?? '';
  if (!URL.canParse(url)) throw badRequest('The input "url" is required and must be a URL.');
  const { protocol, hostname } = new URL(url);
  const loopback = hostname === '127.0.0.1' || hostname === 'localhost';
  if (inputs['basicAuthPassword'] !== undefined && protocol !== 'https:' && !loopback) {
    throw badRequest('Basic authentication requires a URL that begins with https.');
  }
  for (const name of ['basicAuthUsername', 'basicAuthPassword']) {
    const value = inputs[name];
    if (value !== undefined && !/^\S{1,256}$/.test(value)) throw badRequest(`The input "${name}" is not valid.`);
  }
}
