import { BadAnswerError, NotFoundError } from '../../errors.ts';
import { orNull, type Session } from './session.ts';

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly defaultTeam: string | null;
}

/** A project by name or id. Throws NotFoundError that lists the projects which the account can see. */
export async function findProject(wanted: string, session: Session, signal: AbortSignal): Promise<Project> {
  const found = await orNull(session.read(({ core }) => core.getProject(wanted), signal));
  if (found === null) {
    const projects = await session.read(({ core }) => core.getProjects(undefined, 100), signal);
    const names = projects.flatMap(({ name }) => (name === undefined ? [] : [name])).sort();
    const seen =
      names.length === 0 ? 'The account sees no project at all.' : `Projects it can see: ${names.join(', ')}.`;
    throw new NotFoundError(`Project "${wanted}" does not exist, or the account may not see it. ${seen}`);
  }
  if (found.id === undefined || found.name === undefined) {
    throw new BadAnswerError(`Project "${wanted}" came without id or name.`);
  }
  return { id: found.id, name: found.name, defaultTeam: found.defaultTeam?.name ?? null };
}

export async function teamNames(project: string, session: Session, signal: AbortSignal): Promise<readonly string[]> {
  const teams = await session.read(({ core }) => core.getTeams(project, false, 500), signal);
  return teams.flatMap(({ name }) => (name === undefined ? [] : [name])).sort();
}
