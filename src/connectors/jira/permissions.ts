import { NotFoundError } from '../../errors.ts';
import { knownProjects } from './memory.ts';
import { parse } from './metadata.ts';
import { projectsIn } from './jql.ts';
import { WirePermissions } from './schema.ts';
import type { JiraSession } from './session.ts';

/** Which of these permissions our account has, in one project (by key) or, without one, on the site. */
export async function permissionsIn(
  session: JiraSession,
  project: string | null,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const what = `asking for permissions${project === null ? '' : ` in ${project}`}`;
  try {
    const answer = await session.transport.ask({ kind: 'read', what, signal }, ({ cloud, client }) =>
      cloud.getMyPermissions(client, {
        permissions: wanted.join(','),
        ...(project === null ? {} : { projectKey: project }),
      }),
    );
    const { permissions } = parse(answer, WirePermissions, what);
    return new Set(wanted.filter(name => permissions[name]?.havePermission === true));
  } catch (error) {
    // A project we may not see is answered like one that does not exist.
    if (error instanceof NotFoundError) return new Set();
    throw error;
  }
}

/** Keys of the projects the scope is about: seen in it, named by its query, or the board's own. */
export async function scopeProjects(session: JiraSession): Promise<readonly string[]> {
  const { scope } = session;
  const seen = await knownProjects(session);
  const board = scope.kind === 'board' && scope.project !== null ? [scope.project] : [];
  const jql = scope.kind === 'jql' ? scope.jql : (scope.filterJql ?? '');
  const named = projectsIn(jql).filter(name => /^[A-Z][A-Z0-9_]+$/.test(name));
  return [...new Set([...seen, ...board, ...named])].sort();
}

/** Projects of the scope that we are not confirmed to see; null when nobody knows which projects those are. */
export async function hiddenProjects(session: JiraSession, signal: AbortSignal): Promise<readonly string[] | null> {
  const projects = await scopeProjects(session);
  if (projects.length === 0) return null;
  const hidden: string[] = [];
  for (const project of projects) {
    const held = await permissionsIn(session, project, ['BROWSE_PROJECTS'], signal);
    if (!held.has('BROWSE_PROJECTS')) hidden.push(project);
  }
  return hidden;
}
