import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { roundJob } from '../jobs/job.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings, ConnectionSettings, ServiceSettings } from '../settings.ts';
import { answeredWithin } from '../within-time.ts';
import { candidatesOf } from './candidates.ts';
import { createDepartures } from './departures.ts';
import { createMergedCalls } from './merge-calls.ts';
import type { Announcement, Echoes, Inbox, NotedDelivery } from './ports.ts';
import { createProjectMemory } from './project-memory.ts';

export interface ReceiveParts {
  readonly backlogs: readonly BacklogSettings[];
  readonly debounce: ServiceSettings['webhooks'];
  readonly clock: Clock;
  readonly log: Log;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly inbox: Inbox;
  readonly echoes: Echoes;
  /** How long a sender waits for the store and the queue, milliseconds. */
  readonly patienceMs?: number;
}

/** Trackers wait ten seconds or more; what hangs longer than this is told to them, and sent again. */
export const patienceMs = 4_000;

export type Received = 'accepted' | 'duplicate' | 'echo' | 'ignored';

/** Takes what a delivery announced: notes its items, and asks for a round of each backlog that may hold them. */
export type Receive = (connection: ConnectionSettings, announcement: Announcement, body: Buffer) => Promise<Received>;

const dayMs = 86_400_000;
const tidyMs = 3_600_000;
const settleMs = 250;
/** A fifth of what an answer may take. */
const gatherMs = 10;

/** Throws when the store or the queue cannot be reached, or hangs; the same delivery may then be sent again. */
export function createReceive(given: ReceiveParts): Receive {
  const longest = given.patienceMs ?? patienceMs;
  const parts = bounded(given, longest);
  const take = createTaking(parts);
  const settle = createSettling(parts);
  const departure = createDepartures(gatherMs);
  /** Taken by this process and not settled yet: what the store would not know for duplicates. */
  const underWay = new Map<string, Promise<Received>>();

  return async (connection, announcement, body) => {
    const { name } = connection;
    const id = announcement.id ?? `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const key = JSON.stringify([name, id]);
    const twin = underWay.get(key);
    if (twin !== undefined) {
      await answeredWithin(twin, longest);
      return 'duplicate';
    }
    const taking = departure().then(() => take(connection, id, announcement));
    underWay.set(key, taking);
    const forget = (): unknown => underWay.delete(key);
    taking.then(() => settle(name, id)).then(forget, forget);
    return answeredWithin(taking, longest);
  };
}

/** Calls that hang are given up, so that those who wait behind them try another connection. */
function bounded(parts: ReceiveParts, longest: number): ReceiveParts {
  const { inbox, queue } = parts;
  return {
    ...parts,
    inbox: {
      note: batch => answeredWithin(inbox.note(batch), longest),
      settle: (connection, ids) => answeredWithin(inbox.settle(connection, ids), longest),
      projects: backlogs => answeredWithin(inbox.projects(backlogs), longest),
      prune: before => inbox.prune(before),
    },
    queue: { enqueue: (job, when) => answeredWithin(queue.enqueue(job, when), longest) },
  };
}

/** Notes what a delivery announced, and has asked for its rounds when the promise resolves. */
function createTaking(
  parts: ReceiveParts,
): (connection: ConnectionSettings, id: string, announcement: Announcement) => Promise<Received> {
  const { clock } = parts;
  const note = createNoting(parts);
  const projects = createProjectMemory(parts);
  const tidy = createTidying(parts);
  const [enqueue, sweep] = [createEnqueuing(parts, false), createEnqueuing(parts, true)];

  return async ({ name }, id, announcement) => {
    const now = clock.now();
    const echo = await isEcho(parts, { connection: name, id }, announcement);
    const backlogs = parts.backlogs.filter(backlog => backlog.connection === name);
    const items = echo ? [] : announcement.items;
    const noted = await note(name, {
      id,
      at: now,
      refs: items.map(item => item.ref),
      sprints: announcement.sprints,
      candidates: candidatesOf(items, backlogs, await projects(name, items)),
      moved: announcement.moved,
    });
    tidy(now);
    if (noted === null) return 'duplicate';
    const { boards } = announcement;
    const whole = backlogs.filter(({ scope }) => scope.kind === 'jira-board' && boards.includes(scope.board));
    const asked = { connection: name, since: sinceOf(announcement.at, now) };
    // When this fails, or the process dies before it, the items stay noted, and the delivery is fresh when it comes again.
    await Promise.all([
      ...noted.map(backlog => enqueue(backlog, asked)),
      ...whole.map(({ name: of }) => sweep(of, asked)),
    ]);
    if (echo) return 'echo';
    return noted.length + whole.length === 0 ? 'ignored' : 'accepted';
  };
}

/** Under load, many deliveries share a statement. null: it was settled before. */
function createNoting({
  inbox,
  backlogs,
}: ReceiveParts): (connection: string, delivery: NotedDelivery) => Promise<readonly string[] | null> {
  const note = createMergedCalls((connection, deliveries: readonly NotedDelivery[]) => {
    const ours = backlogs.filter(backlog => backlog.connection === connection);
    return inbox.note({ connection, backlogs: ours.map(({ name }) => name), deliveries });
  });
  return async (connection, delivery) => (await note(connection, delivery)).get(delivery.id) ?? null;
}

/**
 * Beside the work, a few times a second: a delivery that was not settled, since the process ended or the store was away,
 * costs no more than a needless round when it comes again.
 */
function createSettling({ inbox, log }: ReceiveParts): (connection: string, id: string) => Promise<void> {
  const waiting = new Map<string, { readonly ids: string[]; readonly done: Promise<void> }>();
  const afterAWhile = async (connection: string, ids: readonly string[]): Promise<void> => {
    await pause(settleMs, null, { ref: false });
    waiting.delete(connection);
    try {
      await inbox.settle(connection, ids);
    } catch (error) {
      log.warn({ connection, problem: messageOf(error) }, 'deliveries were taken, which could not be noted');
    }
  };
  return (connection, id) => {
    const known = waiting.get(connection);
    if (known !== undefined) {
      known.ids.push(id);
      return known.done;
    }
    const ids = [id];
    const done = afterAWhile(connection, ids);
    waiting.set(connection, { ids, done });
    return done;
  };
}

interface Asked {
  readonly connection: string;
  readonly since: string;
}

/** Debounced by the queue, per backlog. */
function createEnqueuing({ queue, debounce }: ReceiveParts, sweep: boolean) {
  const when = { delaySeconds: debounce.debounceSeconds, maxWaitSeconds: debounce.maxWaitSeconds };
  return createMergedCalls((backlog, [first]: readonly [Asked, ...Asked[]]) =>
    queue.enqueue(roundJob({ ...first, backlog, sweep, reason: 'webhook' }), when),
  );
}

async function isEcho(
  { echoes }: ReceiveParts,
  { connection, id }: { readonly connection: string; readonly id: string },
  { change, items }: Announcement,
): Promise<boolean> {
  const [item] = items;
  if (change === null || item === undefined) return false;
  return echoes.explains(connection, { delivery: id, ref: item.ref, change });
}

/** For measuring lag; a tracker's clock that is far off would only confuse. */
function sinceOf(at: Date | null, now: Date): string {
  const far = at === null || at > now || now.getTime() - at.getTime() > dayMs;
  return (far ? now : at).toISOString();
}

/** Once an hour, beside the work. */
function createTidying({ inbox, log }: ReceiveParts): (now: Date) => void {
  let last = 0;
  return now => {
    if (now.getTime() - last < tidyMs) return;
    last = now.getTime();
    inbox.prune(new Date(last - dayMs)).catch((error: unknown) => {
      log.warn({ problem: messageOf(error) }, 'old deliveries could not be forgotten; it is tried again in an hour');
    });
  };
}
