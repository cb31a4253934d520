import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { BacklogSettings } from '../settings.ts';
import type { Announcement, Inbox } from './ports.ts';

interface ProjectMemoryParts {
  readonly inbox: Pick<Inbox, 'projects'>;
  readonly backlogs: readonly BacklogSettings[];
  readonly clock: Clock;
  readonly log: Log;
}

const projectsMs = 60_000;

/**
 * Projects change rarely, and asking for them reads whole backlogs: only the first delivery waits for them, later ones
 * take what is known while it is read afresh. Only items with a project ask.
 */
export function createProjectMemory({
  inbox,
  backlogs,
  clock,
  log,
}: ProjectMemoryParts): (connection: string, items: Announcement['items']) => ReturnType<Inbox['projects']> {
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
  return async (connection, items) => {
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
