import { Router, type Request, type Response } from 'express';
import { messageOf } from '../errors.ts';
import type { ConnectionSettings } from '../settings.ts';
import { announcedByAzureDevOps } from './azure-devops.ts';
import { BodyError, createRoom, readBytes, tooMany, unpack, type Room } from './body.ts';
import { announcedByJira } from './jira.ts';
import { MalformedError, readJson } from './json.ts';
import type { Announcement, DeliveryResult, Refusals } from './ports.ts';
import { createReceive, type Receive, type ReceiveParts } from './receive.ts';
import { createRefusalMemory } from './refusal-memory.ts';
import { isKnown, isSigned, secretHeader } from './verify.ts';

export interface WebhookParts extends ReceiveParts {
  readonly connections: readonly ConnectionSettings[];
  /** Told once per delivery to a connection that exists. */
  readonly onDelivery: (connection: string, result: DeliveryResult) => void;
  readonly refusals: Refusals;
}

/** A delivery that is not taken: what to answer, and how it is counted. */
class Refusal extends Error {
  readonly status: number;
  readonly result: DeliveryResult;

  constructor(status: number, result: DeliveryResult, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.status = status;
    this.result = result;
  }
}

const roomBytes = 128 * 1024 * 1024;
/** Genuine deliveries under way at most: more would only wait longer, and each holds a connection and memory. */
const mostAtOnce = 500;

/**
 * `POST /<connection>`: verify, parse, deduplicate, note, enqueue, answer 202. Never 429 or 500: Azure DevOps does not
 * repeat those and puts the subscription on probation; 503 is repeated by both trackers.
 */
export function createWebhookRouter(parts: WebhookParts): Router {
  const router = Router();
  const refused = createRefusalMemory(parts);
  const inside: Inside = { ...parts, underWay: 0, receive: createReceive(parts), room: createRoom(roomBytes), refused };
  router.post('/:connection', (request, response) => answer(inside, request, response));
  return router;
}

interface Inside extends WebhookParts {
  underWay: number;
  readonly receive: Receive;
  readonly room: Room;
  readonly refused: ReturnType<typeof createRefusalMemory>;
}

async function answer(inside: Inside, request: Request<{ connection: string }>, response: Response): Promise<void> {
  const connection = inside.connections.find(known => known.name === request.params.connection);
  if (connection === undefined) {
    refuse(response, 404, 'There is no such connection.');
    return;
  }
  try {
    const result = await take(inside, connection, request);
    inside.onDelivery(connection.name, result);
    response.status(202).json({ result });
  } catch (error) {
    const { status, result, message, cause } = refusalOf(error);
    inside.onDelivery(connection.name, result);
    const problem = cause === undefined ? message : `${message} ${messageOf(cause)}`;
    const fields = { connection: connection.name, result, request: request.id, problem };
    if (status === 503) inside.log.error(fields, 'a delivery could not be taken; the tracker sends it again');
    else inside.log.warn(fields, 'a delivery was refused');
    if (status === 401) inside.refused.note(connection.name, message);
    // Whoever proves nothing learns nothing.
    refuse(response, status, status === 401 ? 'The delivery does not prove where it comes from.' : message);
  }
}

/** Throws BodyError when there are too many already. */
async function oneOfMany<T>(inside: Inside, work: () => Promise<T>): Promise<T> {
  if (inside.underWay >= mostAtOnce) throw tooMany();
  inside.underWay++;
  try {
    return await work();
  } finally {
    inside.underWay--;
  }
}

/** What was not read of the body is not waited for. */
function refuse(response: Response, status: number, error: string): void {
  if (!response.req.complete) response.set('Connection', 'close');
  if (status === 503) response.set('Retry-After', '5');
  response.status(status).json({ error });
}

async function take(inside: Inside, connection: ConnectionSettings, request: Request): Promise<DeliveryResult> {
  const check = checkHeaders(connection, request);
  const { bytes, done } = await readBytes(request, inside.room);
  try {
    const packed = request.headers['content-encoding'];
    // Nobody documents a packed delivery; a proxy may pack one, and then the signature is over what was packed.
    const signed = check(bytes);
    const body = await unpack(bytes, packed);
    if (!signed && (body === bytes || !check(body))) throw unauthorized('The signature does not fit the body.');
    const announcement = announcementOf(connection, readJson(body), request);
    if (announcement === null) return 'ignored';
    const { lacks } = announcement;
    if (lacks !== undefined) {
      inside.log.warn({ connection: connection.name, request: request.id }, `a delivery does not say ${lacks}`);
    }
    return await oneOfMany(inside, () => inside.receive(connection, announcement, body));
  } finally {
    done();
  }
}

/** Refuses by headers alone where it can, before a byte of the body is read; else answers how to check the body. */
function checkHeaders(connection: ConnectionSettings, { headers }: Request): (body: Buffer) => boolean {
  const { webhook } = connection;
  if (webhook === null) {
    const how = connection.tracker === 'jira' ? '{ secrets: [...] }' : '{ username, passwords: [...] }';
    throw unauthorized(`Connection ${connection.name} has no webhook: ${how} in winnow.yaml.`);
  }
  if ('secrets' in webhook) {
    const signature = headers['x-hub-signature'];
    if (typeof signature !== 'string') throw unauthorized('There is no X-Hub-Signature: the webhook has no secret.');
    return body => isSigned(signature, body, webhook.secrets);
  }
  const secret = headers[secretHeader];
  const given = { authorization: headers.authorization, secret: typeof secret === 'string' ? secret : undefined };
  if (!isKnown(given, webhook)) throw unauthorized('User name or password is absent or wrong.');
  return () => true;
}

function unauthorized(message: string): Refusal {
  return new Refusal(401, 'unauthorized', message);
}

function announcementOf({ tracker }: ConnectionSettings, body: unknown, { headers }: Request): Announcement | null {
  switch (tracker) {
    case 'jira': {
      const id = headers['x-atlassian-webhook-identifier'];
      return announcedByJira(body, typeof id === 'string' ? id.slice(0, 200) : undefined);
    }
    case 'azure-devops':
      return announcedByAzureDevOps(body);
    default:
      return tracker satisfies never;
  }
}

const results = { 400: 'malformed', 413: 'too-large', 503: 'unavailable' } as const;

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof MalformedError) return new Refusal(400, 'malformed', error.message);
  if (error instanceof BodyError) return new Refusal(error.status, results[error.status], error.message);
  if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') {
    return new Refusal(400, 'malformed', 'The sender hung up before the body was complete.');
  }
  return new Refusal(503, 'unavailable', 'The delivery cannot be taken now; send it again.', { cause: error });
}
