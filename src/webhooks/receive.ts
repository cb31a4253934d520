import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { roundJob } from '../jobs/job.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings, ConnectionSettings, ServiceSettings } from '../settings.ts';
import { candidatesOf } from './candidates.ts';
import { createMergedCalls } from './merge-calls.ts';
import type { Announcement, Echoes, Inbox } from './ports.ts';

export interface ReceiveParts {
  readonly backlogs: readonly BacklogSettings[];
  readonly debounce: ServiceSettings['webhooks'];
  readonly clock: Clock;
  readonly log: Log;
  readonly queue: Pick<Queue, 'enqueue'>;
  readonly inbox: Inbox;
  readonly echoes: Echoes;
}

export type Received = 'accepted' | 'duplicate' | 'echo' | 'ignored';

/** Takes what a delivery announced: notes its items, and asks for a round of each backlog that may hold them. */
export type Receive = (connection: ConnectionSettings, announcement: Announcement, body: Buffer) => Promise<Received>;

const dayMs = 86_400_000;
const tidyMs = 3_600_000;
const projectsMs = 60_000;

/** Throws when the store or the queue cannot be reached; the same delivery may then be sent again. */
export function createReceive(parts: ReceiveParts): Receive {
  const { inbox, clock } = parts;
  const projects = createProjectMemory(parts);
  const tidy = createTidying(parts);
  const [enqueue, sweep] = [createEnqueuing(parts, false), createEnqueuing(parts, true)];

  return async (connection, announcement, body) => {
    const now = clock.now();
    const { name } = connection;
    const id = announcement.id ?? `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const echo = await isEcho(parts, { connection: name, id }, announcement);
    const backlogs = parts.backlogs.filter(backlog => backlog.connection === name);
    const items = echo ? [] : announcement.items;
    const { fresh, backlogs: noted } = await inbox.note({
      connection: name,
      id,
      at: now,
      backlogs: backlogs.map(backlog => backlog.name),
      refs: items.map(item => item.ref),
      sprints: announcement.sprints,
      candidates: candidatesOf(items, backlogs, await projects(name, items)),
      moved: announcement.moved,
    });
    tidy(now);
    if (!fresh) return 'duplicate';
    if (echo) return 'echo';
    const { boards } = announcement;
    const whole = backlogs.filter(({ scope }) => scope.kind === 'jira-board' && boards.includes(scope.board));
    if (noted.length + whole.length === 0) return 'ignored';
    const asked = { connection: name, since: sinceOf(announcement.at, now) };
    const calls = [...noted.map(backlog => enqueue(backlog, asked)), ...whole.map(({ name: of }) => sweep(of, asked))];
    try {
      await Promise.all(calls);
    } catch (error) {
      // The items stay noted; but only if the delivery is sent again does somebody come for them soon.
      await inbox.forget(name, id);
      throw error;
    }
    return 'accepted';
  };
}

/** Debounced by the queue, per backlog. */
function createEnqueuing({ queue, debounce }: ReceiveParts, sweep: boolean) {
  const when = { delaySeconds: debounce.debounceSeconds, maxWaitSeconds: debounce.maxWaitSeconds };
  return createMergedCalls((backlog: string, asked: { readonly connection: string; readonly since: string }) =>
    queue.enqueue(roundJob({ ...asked, backlog, sweep, reason: 'webhook' }), when),
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

/**
 * Projects change rarely, and asking for them reads whole backlogs: only the first delivery waits for them, later ones
 * take what is known while it is read afresh. Only items with a project ask.
 */
function createProjectMemory({ inbox, backlogs, clock, log }: ReceiveParts) {
  const kept = new Map<string, { readonly at: number; readonly found: ReturnType<Inbox['projects']> }>();
  const none: Awaited<ReturnType<Inbox['projects']>> = new Map();
  const ask = (connection: string, names: readonly string[]): ReturnType<Inbox['projects']> => {
    const before = kept.get(connection);
    const asked = inbox.projects(names);
    const at = clock.now().getTime();
    kept.set(connection, { at, found: before?.found ?? asked });
    asked.then(
      () => kept.set(connection, { at, found: asked }),
      (error: unknown) => {
        if (before === undefined) kept.delete(connection);
        else
          log.warn({ connection, problem: messageOf(error) }, 'projects could not be read afresh; older ones are used');
      },
    );
    return before?.found ?? asked;
  };
  return async (connection: string, items: Announcement['items']): ReturnType<Inbox['projects']> => {
    const filtered = backlogs.filter(b => b.connection === connection && b.scope.kind !== 'azure-devops');
    if (filtered.length === 0 || items.every(item => item.project === null)) return none;
    const known = kept.get(connection);
    const fresh = known !== undefined && clock.now().getTime() - known.at < projectsMs;
    return fresh
      ? known.found
      : ask(
          connection,
          filtered.map(backlog => backlog.name),
        );
  };
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
