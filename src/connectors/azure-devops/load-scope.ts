import type { TeamContext } from 'azure-devops-node-api/interfaces/CoreInterfaces.js';
import { BugsBehavior, TimeFrame } from 'azure-devops-node-api/interfaces/WorkInterfaces.js';
import type {
  BacklogConfiguration,
  BacklogLevelConfiguration,
  TeamFieldValues,
  TeamSetting,
  TeamSettingsIteration,
} from 'azure-devops-node-api/interfaces/WorkInterfaces.js';
import { BadAnswerError, ConfigError, NotFoundError, RejectedError } from '../../errors.ts';
import type { Progress } from '../../item.ts';
import type { Scope } from '../../settings.ts';
import { findProject, teamNames } from './projects.ts';
import { orNull, type Session } from './session.ts';
import type { Iteration, TeamScope } from './team-scope.ts';

type AdoScope = Extract<Scope, { kind: 'azure-devops' }>;

/**
 * Asks the service what a team's backlog level is made of. Throws NotFoundError that lists the choices for an unknown
 * project, team or level, and ConfigError for a team that nobody has configured yet.
 */
export async function loadScope(wanted: AdoScope, session: Session, signal: AbortSignal): Promise<TeamScope> {
  const project = await findProject(wanted.project, session, signal);
  const team = wanted.team ?? project.defaultTeam;
  if (team === null) {
    throw new ConfigError(`Project ${project.name} has no default team: name one with "team:" in the backlog.`);
  }
  const context: TeamContext = { projectId: project.id, team };
  const answers = await configured(project.name, team, async () => {
    const config = await orNull(session.read(({ work }) => work.getBacklogConfigurations(context), signal));
    if (config === null) {
      const teams = await teamNames(project.id, session, signal);
      throw new NotFoundError(`Project ${project.name} has no team "${team}". Teams: ${teams.join(', ')}.`);
    }
    const [areas, settings, iterations] = await Promise.all([
      session.read(({ work }) => work.getTeamFieldValues(context), signal),
      session.read(({ work }) => work.getTeamSettings(context), signal),
      session.read(({ work }) => work.getTeamIterations(context), signal),
    ]);
    return { config, areas, settings, iterations };
  });
  const { config, areas, settings, iterations } = answers;
  return {
    project: { id: project.id, name: project.name },
    team,
    ...levelOf(config, wanted.level),
    ...areasOf(areas, project.name, team),
    backlogIteration: backlogIterationOf(settings, project.name, team),
    iterations: iterations.map(iterationOf),
  };
}

/** TF400497: the backlog iteration of a team that was never configured, or was deleted. */
async function configured<T>(project: string, team: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RejectedError && error.code === 'TF400497') throw unconfigured(project, team, 'iterations');
    throw error;
  }
}

function unconfigured(project: string, team: string, what: 'areas' | 'iterations'): ConfigError {
  const missing = what === 'areas' ? 'no area path' : 'no backlog iteration';
  return new ConfigError(
    `Team "${team}" of project ${project} has ${missing}, so it has no backlog yet. ` +
      `Set it under Project settings > Team configuration > ${what === 'areas' ? 'Areas' : 'Iterations'}.`,
  );
}

function levelOf(
  config: BacklogConfiguration,
  wanted: string | null,
): Pick<TeamScope, 'level' | 'types' | 'states' | 'orderField' | 'effortField'> {
  const { requirementBacklog, taskBacklog, portfolioBacklogs } = config;
  const levels = [requirementBacklog, ...(portfolioBacklogs ?? []), taskBacklog].filter(level => level !== undefined);
  const is = (level: BacklogLevelConfiguration): boolean =>
    wanted === null
      ? level === requirementBacklog
      : [level.id, level.name].some(word => word?.toLowerCase() === wanted.toLowerCase());
  const level = levels.find(is);
  if (level === undefined) {
    const choices = levels.map(({ name, id }) => `${name} (${id})`).join(', ');
    throw new NotFoundError(`There is no backlog level "${wanted ?? ''}". Levels: ${choices}.`);
  }
  const typeFields: Readonly<Record<string, string>> = config.backlogFields?.typeFields ?? {};
  const orderField = typeFields['Order'];
  if (orderField === undefined || level.id === undefined) {
    throw new BadAnswerError('The backlog configuration names no order field, or its level has no id.');
  }
  const types = typesOf(config, level);
  return {
    level: { id: level.id, name: level.name ?? level.id, hidden: (config.hiddenBacklogs ?? []).includes(level.id) },
    types,
    states: statesOf(config, types),
    orderField,
    effortField: typeFields['Effort'] ?? null,
  };
}

/** A team decides itself on which level its bugs are, so the type list of the level alone is not to be trusted. */
function typesOf(config: BacklogConfiguration, level: BacklogLevelConfiguration): readonly string[] {
  const listed = (level.workItemTypes ?? []).flatMap(type => (type.name === undefined ? [] : [type.name]));
  const home =
    config.bugsBehavior === BugsBehavior.AsRequirements
      ? config.requirementBacklog
      : config.bugsBehavior === BugsBehavior.AsTasks
        ? config.taskBacklog
        : undefined;
  const others = listed.filter(name => name !== 'Bug');
  const hasBugs = (config.workItemTypeMappedStates ?? []).some(type => type.workItemTypeName === 'Bug');
  const types = level === home && hasBugs ? [...others, 'Bug'] : others;
  if (types.length === 0) throw new BadAnswerError(`The backlog level ${level.name} lists no work item types.`);
  return types;
}

const categories: Readonly<Record<string, Progress>> = {
  Proposed: 'todo',
  InProgress: 'doing',
  Resolved: 'doing',
  Completed: 'done',
  Removed: 'removed',
};

function statesOf(config: BacklogConfiguration, types: readonly string[]): TeamScope['states'] {
  const all: Record<string, Record<string, Progress>> = {};
  for (const { workItemTypeName, states } of config.workItemTypeMappedStates ?? []) {
    if (workItemTypeName === undefined) continue;
    const mapped = Object.entries(states ?? {}) as [string, string][];
    all[workItemTypeName] = Object.fromEntries(mapped.map(([state, word]) => [state, categories[word] ?? 'removed']));
  }
  const missing = types.filter(type => all[type] === undefined);
  if (missing.length > 0) {
    throw new BadAnswerError(`The backlog configuration tells no states of ${missing.join(', ')}.`);
  }
  return all;
}

function areasOf(values: TeamFieldValues, project: string, team: string): Pick<TeamScope, 'teamField' | 'areas'> {
  const areas = (values.values ?? []).flatMap(({ value, includeChildren }) =>
    value === undefined ? [] : [{ path: value, includeChildren: includeChildren === true }],
  );
  if (areas.length === 0) throw unconfigured(project, team, 'areas');
  return { teamField: values.field?.referenceName ?? 'System.AreaPath', areas };
}

const noGuid = '00000000-0000-0000-0000-000000000000';

/** The path is told relative to the project: empty for its root, else `\Release 1`. */
function backlogIterationOf(settings: TeamSetting, project: string, team: string): string {
  const iteration = settings.backlogIteration;
  if (iteration?.id === undefined || iteration.id === noGuid) throw unconfigured(project, team, 'iterations');
  const path = iteration.path ?? '';
  if (path === '' || path === '\\') return project;
  if (path.startsWith('\\')) return `${project}${path}`;
  const isFull =
    path.toLowerCase() === project.toLowerCase() || path.toLowerCase().startsWith(`${project.toLowerCase()}\\`);
  return isFull ? path : `${project}\\${path}`;
}

function iterationOf({ path, name, attributes }: TeamSettingsIteration): Iteration {
  const frames = { [TimeFrame.Past]: 'past', [TimeFrame.Current]: 'current', [TimeFrame.Future]: 'future' } as const;
  const date = (at: Date | undefined): string | null => (at instanceof Date ? at.toISOString().slice(0, 10) : null);
  return {
    path: path ?? '',
    name: name ?? path ?? '',
    start: date(attributes?.startDate),
    finish: date(attributes?.finishDate),
    timeFrame: attributes?.timeFrame === undefined ? null : frames[attributes.timeFrame],
  };
}
