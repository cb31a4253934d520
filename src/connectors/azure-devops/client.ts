import { gunzipSync } from 'node:zlib';
import { CoreApi } from 'azure-devops-node-api/CoreApi.js';
import { WorkApi } from 'azure-devops-node-api/WorkApi.js';
import { WorkItemTrackingApi } from 'azure-devops-node-api/WorkItemTrackingApi.js';
import type { Clock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Watcher } from '../observer.ts';
import { errorOf, ServerTroubleError, type Answer } from './answer.ts';
import type { Credentials } from './credentials.ts';
import type { Gate } from './gate.ts';
import type { Locations } from './locations.ts';

/** The vendor's clients, made to tell every failure apart. */
export interface Apis {
  readonly wit: WorkItemTrackingApi;
  readonly work: WorkApi;
  readonly core: CoreApi;
  /** Any other GET below the organisation's url, `_apis/connectionData` for one. */
  get(path: string): Promise<unknown>;
  /** A change below the organisation's url, for routes that the vendor's clients lack. */
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  dispose(): void;
}

export interface ApiParts {
  readonly url: string;
  readonly userAgent: string;
  readonly credentials: Credentials;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly locations: Locations;
  /** Blanked out of messages. */
  readonly secrets: readonly string[];
  /** Told the service's clock with each answer. */
  readonly sawDate: (server: Date) => void;
  readonly watcher: Watcher;
}

type Client = WorkItemTrackingApi['rest']['client'];
type Reply = Awaited<ReturnType<Client['request']>>;

const requestOptions = {
  socketTimeout: 60_000,
  keepAlive: true,
  maxSockets: 4,
  // A redirect of a signed request is a sign-in page or somebody else's host: never followed.
  allowRedirects: false,
  headers: { 'accept-encoding': 'gzip' },
};

/** Built on the organisation's url directly, which skips the client's two discovery calls for it. */
export function createApis(parts: ApiParts): Apis {
  const handlers = [parts.credentials.handler];
  const wit = new WorkItemTrackingApi(parts.url, handlers, { ...requestOptions }, parts.userAgent);
  const work = new WorkApi(parts.url, handlers, { ...requestOptions }, parts.userAgent);
  const core = new CoreApi(parts.url, handlers, { ...requestOptions }, parts.userAgent);
  for (const api of [wit, work, core]) {
    watch(api.rest.client, parts);
    api.vsoClient.beginGetLocation = (area, id) =>
      parts.locations.find(
        area,
        id,
        async () => (await api.rest.options(api.vsoClient.resolveUrl(`_apis/${area}`))).result,
      );
  }
  return {
    wit,
    work,
    core,
    get: async path => (await core.rest.get<unknown>(core.vsoClient.resolveUrl(path))).result,
    send: (method, path, body) => sendBy(core, method, { path, body }),
    dispose() {
      for (const api of [wit, work, core]) api.rest.client.dispose();
    },
  };
}

async function sendBy(
  { rest, vsoClient }: CoreApi,
  method: 'POST' | 'PUT' | 'DELETE',
  { path, body }: { readonly path: string; readonly body: unknown },
): Promise<unknown> {
  const url = vsoClient.resolveUrl(path);
  switch (method) {
    case 'POST':
      return (await rest.create<unknown>(url, body)).result;
    case 'PUT':
      return (await rest.replace<unknown>(url, body)).result;
    case 'DELETE':
      return (await rest.del<unknown>(url)).result;
    default:
      return method satisfies never;
  }
}

/**
 * Stands between the vendor's client and the wire. Here alone status, headers and body are all at hand: the client
 * turns 404, sign-in pages and broken JSON into null.
 */
function watch(client: Client, parts: ApiParts): void {
  const send = client.request.bind(client);
  client.request = async (method, url, data, headers) => {
    const path = new URL(url).pathname;
    const ask = (): Promise<Answer> => exchange(() => send(method, url, data, headers), method, url);
    const answer = await parts.watcher.request(method, path, ask);
    parts.gate.note(answer.headers);
    const date = Date.parse(String(answer.headers['date'] ?? ''));
    if (!Number.isNaN(date)) parts.sawDate(new Date(date));
    const error = errorOf(answer, parts.clock.now(), parts.secrets);
    if (error !== null) throw error;
    return {
      message: { statusCode: answer.status, headers: answer.headers },
      readBody: () => Promise.resolve(answer.body),
    } as unknown as Reply;
  };
}

async function exchange(send: () => Promise<Reply>, method: string, url: string): Promise<Answer> {
  try {
    const { message } = await send();
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const packed = /gzip/i.test(String(message.headers['content-encoding'] ?? '')) && raw.length > 0;
    const body = (packed ? gunzipSync(raw) : raw).toString('utf8');
    return { method, url, status: message.statusCode ?? 0, headers: message.headers, body };
  } catch (cause) {
    const { host, pathname } = new URL(url);
    throw new ServerTroubleError(`${method} ${pathname} got no complete answer: ${messageOf(cause)}`, { host, cause });
  }
}
