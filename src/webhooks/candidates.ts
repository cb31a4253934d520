import type { BacklogSettings } from '../settings.ts';
import type { AnnouncedItem, NotedDelivery } from './ports.ts';

/**
 * Backlogs that may hold an announced item of which nothing is known yet, by its project. Where either side's project is
 * not known, they may. Pure.
 */
export function candidatesOf(
  items: readonly AnnouncedItem[],
  backlogs: readonly BacklogSettings[],
  projects: ReadonlyMap<string, ReadonlySet<string>>,
): NotedDelivery['candidates'] {
  const open = items.filter(item => item.concerns !== 'holders');
  return open.flatMap(({ ref, project }) =>
    backlogs
      .filter(backlog => project === null || mayHold(backlog, project, projects))
      .map(({ name }) => ({ ref, backlog: name })),
  );
}

function mayHold(
  { name, scope }: BacklogSettings,
  project: string,
  projects: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  if (scope.kind === 'azure-devops')
    return scope.project.toLowerCase() === project.toLowerCase() || isGuid(scope.project);
  // A filter can name any project: what it held when it was last read tells. An empty backlog may begin with any.
  const known = projects.get(name);
  return known === undefined || known.size === 0 || known.has(project);
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
