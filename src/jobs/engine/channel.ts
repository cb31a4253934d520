import { Queue as BullQueue, QueueEvents, type ConnectionOptions, type IQueueBackend } from 'bullmq';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { queueName } from '../job.ts';
import { inTime } from './in-time.ts';
import type { Wiring } from './wiring.ts';

export type AnyQueue = BullQueue<unknown, unknown, string, unknown, unknown, string, IQueueBackend, ConnectionOptions>;
export type AnyEvents = QueueEvents<unknown, IQueueBackend, ConnectionOptions>;

/** One connection's queue, and its events once somebody waits for them. */
export interface Channel {
  readonly queue: AnyQueue;
  events(): Promise<AnyEvents>;
  close(): Promise<void>;
}

const readyMs = 10_000;
const closeMs = 2_000;

/** Opens a connection's queue. Throws when it cannot be reached within ten seconds. */
export async function openChannel(
  { wiring, log }: { readonly wiring: Wiring; readonly log: Log },
  connection: string,
): Promise<Channel> {
  const queue: AnyQueue = new BullQueue(
    queueName(connection),
    { prefix: wiring.prefix, connection: wiring.producer },
    wiring.factory,
  );
  queue.on('error', error => {
    log.warn({ connection, problem: messageOf(error) }, 'the queue had a problem');
  });
  try {
    await ready(queue, connection);
  } catch (error) {
    await closeOrHangUp(queue, connection, log);
    throw error;
  }
  let listening: Promise<AnyEvents> | null = null;
  return {
    queue,
    events() {
      listening ??= openEvents({ wiring, log }, connection);
      listening.catch(() => (listening = null));
      return listening;
    },
    async close() {
      if (listening !== null) await closeOrHangUp(await listening, connection, log);
      await closeOrHangUp(queue, connection, log);
    },
  };
}

async function openEvents(
  { wiring, log }: { readonly wiring: Wiring; readonly log: Log },
  connection: string,
): Promise<AnyEvents> {
  const options = { connection: wiring.connection, prefix: wiring.prefix };
  const events: AnyEvents = new QueueEvents(queueName(connection), options, wiring.factory);
  events.on('error', error => {
    log.warn({ connection, problem: messageOf(error) }, 'listening to the queue had a problem');
  });
  await events.waitUntilReady();
  return events;
}

async function ready(queue: AnyQueue, connection: string): Promise<void> {
  if (await inTime(queue.waitUntilReady(), readyMs)) return;
  throw new Error(
    `The queue of connection ${connection} cannot be reached. Check REDIS_URL or DATABASE_URL, and that it runs.`,
  );
}

/** Says goodbye if the server still answers; otherwise hangs up. */
async function closeOrHangUp(part: AnyQueue | AnyEvents, connection: string, log: Log): Promise<void> {
  try {
    if (await inTime(part.close(), closeMs)) return;
    log.warn({ connection }, 'the queue did not close in time; hanging up');
  } catch (error) {
    log.warn({ connection, problem: messageOf(error) }, 'the queue could not be closed in order; hanging up');
  }
  await inTime(part.disconnect(), closeMs);
}
