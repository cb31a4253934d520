import type { HttpAnswer } from '../../http/message.ts';
import { mask, wishFrom, type Subscription } from '../hooks/subscriptions.ts';
import { wireDate } from '../instants.ts';
import { resources } from '../resources.ts';
import { list, ok, readBody, type AdoRoute, type Call } from '../route.ts';
import { VendorError } from '../vendor-error.ts';
import { identityWire } from '../wire/identity-wire.ts';

const scopes = ['organisation'] as const;
const one = '/_apis/hooks/subscriptions/{subscriptionId}';

/** Service hook subscriptions and what became of their notifications. */
export const hookRoutes: readonly AdoRoute[] = [
  {
    method: 'GET',
    template: '/_apis/hooks/subscriptions',
    resource: resources.subscriptions,
    scopes,
    query: ['publisherId', 'eventType', 'consumerId', 'consumerActionId'],
    handle: listSubscriptions,
  },
  { method: 'POST', template: '/_apis/hooks/subscriptions', resource: resources.subscriptions, scopes, handle: create },
  {
    method: 'GET',
    template: one,
    resource: resources.subscriptions,
    scopes,
    handle: call => ok(subscriptionWire(call, allowed(call).subscriptions.get(idOf(call)))),
  },
  { method: 'PUT', template: one, resource: resources.subscriptions, scopes, handle: replace },
  {
    method: 'DELETE',
    template: one,
    resource: resources.subscriptions,
    scopes,
    handle(call) {
      allowed(call).subscriptions.remove(idOf(call));
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    template: `${one}/notifications`,
    resource: resources.notifications,
    scopes,
    query: ['maxResults', 'status', 'result'],
    handle: notifications,
  },
];

/** Subscriptions are the project administrators' to see and to make. */
function allowed(call: Call): Call['hooks'] {
  if (call.switches.mayManageHooks) return call.hooks;
  const text = 'You do not have permission to view or edit service hook subscriptions.';
  throw new VendorError(403, 'AccessCheckException', text);
}

function idOf(call: Call): string {
  return call.params['subscriptionId'] ?? '';
}

function listSubscriptions(call: Call): HttpAnswer {
  const { query } = call;
  const fits = (wanted: string | null, value: string): boolean => wanted === null || wanted === value;
  const chosen = allowed(call)
    .subscriptions.all()
    .filter(
      ({ eventType }) =>
        fits(query.text('eventType'), eventType) &&
        fits(query.text('publisherId'), 'tfs') &&
        fits(query.text('consumerId'), 'webHooks') &&
        fits(query.text('consumerActionId'), 'httpRequest'),
    );
  return list(chosen.map(subscription => subscriptionWire(call, subscription)));
}

const writable = ['publisherId', 'eventType', 'resourceVersion', 'consumerId', 'consumerActionId'];
const inputs = ['publisherInputs', 'consumerInputs', 'status'];
/** What the service adds; a client may send it back. */
const readOnly = [
  '_links',
  'actionDescription',
  'createdBy',
  'createdDate',
  'eventDescription',
  'id',
  'lastProbationRetryDate',
  'modifiedBy',
  'modifiedDate',
  'probationRetries',
  'subscriber',
  'url',
];

function create(call: Call): HttpAnswer {
  const { subscriptions } = allowed(call);
  const wish = wishFrom(readBody(call.body, [...writable, ...inputs]));
  const { owner, instants } = call.organisation;
  return ok(subscriptionWire(call, subscriptions.create(wish, owner, instants.now().getTime())));
}

function replace(call: Call): HttpAnswer {
  const { subscriptions } = allowed(call);
  const wish = wishFrom(readBody(call.body, [...writable, ...inputs, ...readOnly]));
  return ok(
    subscriptionWire(call, subscriptions.replace(idOf(call), wish, call.organisation.instants.now().getTime())),
  );
}

function subscriptionWire({ base, organisation }: Call, subscription: Subscription): unknown {
  const { id, eventType, status, resourceVersion, publisherInputs, consumerInputs, createdBy } = subscription;
  const secret = consumerInputs['basicAuthPassword'] === undefined ? {} : { basicAuthPassword: mask };
  const who = identityWire(base, createdBy);
  return {
    id,
    url: `${base}/_apis/hooks/subscriptions/${id}`,
    status,
    publisherId: 'tfs',
    eventType,
    resourceVersion,
    eventDescription: 'Any',
    consumerId: 'webHooks',
    consumerActionId: 'httpRequest',
    actionDescription: `To host ${new URL(consumerInputs['url'] ?? '').host}`,
    createdBy: who,
    createdDate: wireDate(subscription.createdAt),
    modifiedBy: who,
    modifiedDate: wireDate(subscription.modifiedAt),
    publisherInputs: { ...publisherInputs, hostId: organisation.id, tfsSubscriptionId: id },
    consumerInputs: { ...consumerInputs, ...secret },
  };
}

function notifications(call: Call): HttpAnswer {
  const { id, notifications: all } = allowed(call).subscriptions.get(idOf(call));
  const wanted = call.query.text('result');
  const chosen = all.filter(({ result }) => wanted === null || result === wanted);
  return list(
    chosen
      .toReversed()
      .slice(0, call.query.count('maxResults') ?? 100)
      .map(({ id: number, eventId, at, result }) => ({
        id: number,
        subscriptionId: id,
        eventId,
        status: result === 'pending' ? 'requestInProgress' : 'completed',
        result,
        createdDate: wireDate(at),
        modifiedDate: wireDate(at),
      })),
  );
}
