import { typesOn, type Level, type Process } from '../process.ts';
import type { Project, Team } from '../project.ts';

interface Place {
  readonly base: string;
  readonly project: Project;
  readonly team: Team;
}

const COLUMNS: readonly (readonly [ref: string, name: string, width: number])[] = [
  ['System.WorkItemType', 'Work Item Type', 100],
  ['System.Title', 'Title', 400],
  ['System.State', 'State', 100],
  ['System.Tags', 'Tags', 200],
];

const fieldWire = (base: string, ref: string, name: string): unknown => ({
  referenceName: ref,
  name,
  url: `${base}/_apis/wit/fields/${ref}`,
});

function typeWire({ base, project }: { base: string; project: Project }, name: string): unknown {
  return { name, url: `${base}/${project.id}/_apis/wit/workItemTypes/${encodeURIComponent(name)}` };
}

export function levelWire(place: Place, level: Level): unknown {
  const { base, project, team } = place;
  const types = typesOn(level, project.process, team.bugsBehavior);
  return {
    id: level.id,
    name: level.name,
    rank: level.rank,
    workItemCountLimit: 1000,
    addPanelFields: [fieldWire(base, 'System.Title', 'Title')],
    columnFields: COLUMNS.map(([ref, name, width]) => ({ columnFieldReference: fieldWire(base, ref, name), width })),
    workItemTypes: types.map(type => typeWire(place, type)),
    defaultWorkItemType: typeWire(place, level.types[0] ?? ''),
    color: level.color,
    isHidden: team.hiddenLevels.includes(level.id),
    type: level.kind,
  };
}

/** `GET _apis/work/backlogconfiguration`: which fields hold order and effort, which types are on which level. */
export function backlogConfigurationWire(place: Place): unknown {
  const { base, project, team } = place;
  const { process } = project;
  const first = (kind: Level['kind']): unknown => {
    const level = process.levels.find(candidate => candidate.kind === kind);
    return level === undefined ? null : levelWire(place, level);
  };
  return {
    taskBacklog: first('task'),
    requirementBacklog: first('requirement'),
    portfolioBacklogs: process.levels.filter(({ kind }) => kind === 'portfolio').map(level => levelWire(place, level)),
    workItemTypeMappedStates: mappedStates(process),
    backlogFields: {
      typeFields: {
        Order: process.orderField,
        Effort: process.effortField,
        RemainingWork: 'Microsoft.VSTS.Scheduling.RemainingWork',
        Activity: 'Microsoft.VSTS.Common.Activity',
      },
    },
    bugsBehavior: team.bugsBehavior,
    hiddenBacklogs: team.hiddenLevels,
    isBugsBehaviorConfigured: true,
    url: `${base}/${project.id}/${team.id}/_apis/work/backlogconfiguration`,
  };
}

/** Only types of backlog levels and bugs are mapped; states of the Removed category are left out (as in the sample). */
function mappedStates(process: Process): readonly unknown[] {
  const types = process.levels.flatMap(level => level.types);
  const mapped = process.bugType === null ? types : [...types, process.bugType];
  return mapped.map(type => ({
    workItemTypeName: type,
    states: Object.fromEntries(
      (process.states[type] ?? [])
        .filter(({ category }) => category !== 'Removed')
        .map(({ name, category }) => [name, category]),
    ),
  }));
}

/** `GET _apis/work/processconfiguration` */
export function processConfigurationWire(base: string, project: Project): unknown {
  const { process } = project;
  const category = (level: Level): unknown => ({
    name: level.name,
    referenceName: level.id,
    workItemTypes: level.types.map(type => typeWire({ base, project }, type)),
  });
  const only = (kind: Level['kind']): unknown => process.levels.filter(level => level.kind === kind).map(category)[0];
  const typeFields = {
    Effort: fieldWire(base, process.effortField, process.effortField.split('.').at(-1) ?? ''),
    Order: fieldWire(base, process.orderField, process.orderField.split('.').at(-1) ?? ''),
    RemainingWork: fieldWire(base, 'Microsoft.VSTS.Scheduling.RemainingWork', 'Remaining Work'),
    Team: fieldWire(base, 'System.AreaPath', 'Area Path'),
    Activity: fieldWire(base, 'Microsoft.VSTS.Common.Activity', 'Activity'),
  };
  const bugs = process.bugType === null ? [] : [typeWire({ base, project }, process.bugType)];
  return {
    typeFields,
    taskBacklog: only('task'),
    requirementBacklog: only('requirement'),
    portfolioBacklogs: process.levels.filter(({ kind }) => kind === 'portfolio').map(category),
    bugWorkItems: { name: 'Bugs', referenceName: 'Microsoft.BugCategory', workItemTypes: bugs },
    url: `${base}/${project.id}/_apis/work/processconfiguration`,
  };
}
