import { z } from 'zod';
import { BadAnswerError, PermissionError } from '../../errors.ts';
import type { WebhookSubscription, WebhookWish } from '../connector.ts';
import { findProject, type Project } from './projects.ts';
import type { Session } from './session.ts';

/** The five events of work items. Each is a subscription of its own, for each project. */
export const subscribedEvents = [
  'workitem.created',
  'workitem.updated',
  'workitem.deleted',
  'workitem.restored',
  'workitem.commented',
] as const;

/**
 * The one released version; later ones are previews, which the service switches off some weeks after their release. Its
 * `revisedBy` is an identity with an id all the same.
 */
const resourceVersion = '1.0';
const route = '_apis/hooks/subscriptions';
const version = 'api-version=7.1';
const details = { resourceDetailsToSend: 'all', messagesToSend: 'none', detailedMessagesToSend: 'none' };

const Inputs = z.record(z.string(), z.unknown());
const Subscription = z.object({
  id: z.string(),
  eventType: z.string(),
  status: z.string().default('enabled'),
  resourceVersion: z.string().default(''),
  publisherInputs: Inputs.default({}),
  consumerInputs: Inputs.default({}),
});
type Subscription = z.infer<typeof Subscription>;
const List = z.object({ value: z.array(Subscription) });

/**
 * Brings our service hook subscriptions into shape, project by project. Ours are those that post to our address; their
 * password is written anew each time, for the service never tells which one it holds. Service hooks have no call in the
 * vendor's client: routes as in its REST reference, area `hooks`.
 */
export async function syncSubscriptions(
  wish: WebhookWish,
  session: Session,
  signal: AbortSignal,
): Promise<readonly WebhookSubscription[]> {
  const ours = (await listAll(session, signal)).filter(({ consumerInputs }) =>
    sameUrl(consumerInputs['url'], wish.url),
  );
  const done: WebhookSubscription[] = [];
  for (const name of wish.projects) {
    const project = await findProject(name, session, signal);
    const here = ours.filter(({ publisherInputs }) => publisherInputs['projectId'] === project.id);
    for (const event of subscribedEvents) {
      const known = here.filter(({ eventType }) => eventType === event);
      done.push(...(await syncEvent({ wish, session, signal, project, event }, known)));
    }
  }
  return done;
}

async function listAll(session: Session, signal: AbortSignal): Promise<readonly Subscription[]> {
  const path = `${route}?publisherId=tfs&consumerId=webHooks&consumerActionId=httpRequest&${version}`;
  const answer = List.safeParse(await explained(session.read(({ get }) => get(path), signal)));
  if (!answer.success) throw new BadAnswerError('The list of service hook subscriptions came in an unknown shape.');
  return answer.data.value;
}

interface Task {
  readonly wish: WebhookWish;
  readonly session: Session;
  readonly signal: AbortSignal;
  readonly project: Project;
  readonly event: (typeof subscribedEvents)[number];
}

/** One event of one project: one subscription, in order; a healthy one is kept before others. */
async function syncEvent(task: Task, known: readonly Subscription[]): Promise<readonly WebhookSubscription[]> {
  const [first, ...others] = known.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1));
  const base = { event: task.event, project: task.project.name };
  if (first === undefined) {
    const made = Subscription.safeParse(await send(task, 'POST', { path: route, body: bodyOf(task) }));
    if (!made.success) throw new BadAnswerError('A new service hook subscription came back in an unknown shape.');
    return [{ ...base, id: made.data.id, was: null, did: 'created', why: 'it was missing' }];
  }
  const why = faultsOf(first, task.wish);
  await send(task, 'PUT', { path: `${route}/${first.id}`, body: { ...bodyOf(task), id: first.id } });
  const off = first.status !== 'enabled';
  const did = off ? ('enabled' as const) : why === '' ? ('refreshed' as const) : ('repaired' as const);
  const done: WebhookSubscription[] = [{ ...base, id: first.id, was: first.status, did, why }];
  for (const { id, status } of others) {
    await send(task, 'DELETE', { path: `${route}/${id}`, body: undefined });
    done.push({ ...base, id, was: status, did: 'deleted', why: 'it told the same as another' });
  }
  return done;
}

function rankOf({ status }: Subscription): number {
  return status === 'enabled' ? 0 : 1;
}

function bodyOf({ wish, project, event }: Task): Readonly<Record<string, unknown>> {
  return {
    publisherId: 'tfs',
    eventType: event,
    resourceVersion,
    consumerId: 'webHooks',
    consumerActionId: 'httpRequest',
    status: 'enabled',
    publisherInputs: { projectId: project.id },
    consumerInputs: {
      url: wish.url,
      basicAuthUsername: wish.username,
      basicAuthPassword: wish.password,
      ...details,
    },
  };
}

const filters = ['areaPath', 'workItemType', 'changedFields', 'commentPattern', 'tag', 'linksChanged'];

/** What is wrong with a subscription, for people; empty when nothing is. */
function faultsOf(
  { status, resourceVersion: held, publisherInputs, consumerInputs }: Subscription,
  wish: WebhookWish,
): string {
  const faults: string[] = [];
  if (status !== 'enabled') faults.push(`it was ${status}`);
  if (held !== resourceVersion) faults.push(`it sent version ${held} of the resource`);
  if (consumerInputs['basicAuthUsername'] !== wish.username) faults.push('it signed in with another user name');
  if ((consumerInputs['resourceDetailsToSend'] ?? 'all') !== 'all') faults.push('it left out details');
  const narrowed = filters.filter(name => (publisherInputs[name] ?? '') !== '');
  if (narrowed.length > 0) faults.push(`it was narrowed by ${narrowed.join(', ')}`);
  return faults.join('; ');
}

function sameUrl(held: unknown, wanted: string): boolean {
  if (typeof held !== 'string' || !URL.canParse(held)) return false;
  const plain = (text: string): string => new URL(text).href.replace(/\/+$/, '');
  return plain(held) === plain(wanted);
}

function send(
  { session, signal, project }: Task,
  method: 'POST' | 'PUT' | 'DELETE',
  { path, body }: { readonly path: string; readonly body: unknown },
): Promise<unknown> {
  return explained(session.write(`hooks ${project.id}`, apis => apis.send(method, `${path}?${version}`, body), signal));
}

/** The bare refusal does not say whose right this is. */
async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    throw new PermissionError(
      `The account may not manage service hooks (${error.message}). Give it "Edit subscriptions" and "View subscriptions" ` +
        'on the project (Project Administrators have them), or let an administrator run this command.',
      { cause: error },
    );
  }
}
