/**
 * The four inherited-from processes of Azure Boards, as data: order and effort fields, backlog levels, states with
 * their categories. Sources: Microsoft Learn "About processes and process templates", "How workflow category states
 * and state categories are used", and the work-tracking REST samples for `processconfiguration`.
 */

export type ProcessName = 'Agile' | 'Scrum' | 'CMMI' | 'Basic';

export type StateCategory = 'Proposed' | 'InProgress' | 'Resolved' | 'Completed' | 'Removed';

export interface State {
  readonly name: string;
  readonly category: StateCategory;
  readonly color: string;
}

export type BugsBehavior = 'off' | 'asRequirements' | 'asTasks';

export interface Level {
  /** `Microsoft.RequirementCategory` */
  readonly id: string;
  readonly name: string;
  readonly rank: number;
  readonly kind: 'portfolio' | 'requirement' | 'task';
  readonly types: readonly string[];
  readonly color: string;
}

export interface Process {
  readonly name: ProcessName;
  readonly orderField: string;
  readonly effortField: string;
  readonly bugsBehavior: BugsBehavior;
  readonly bugType: string | null;
  readonly levels: readonly Level[];
  readonly states: Readonly<Record<string, readonly State[]>>;
}

const COLORS: Readonly<Record<StateCategory, string>> = {
  Proposed: 'b2b2b2',
  InProgress: '007acc',
  Resolved: 'ff9d00',
  Completed: '339933',
  Removed: 'ffffff',
};

function states(...named: readonly (readonly [string, StateCategory])[]): readonly State[] {
  return named.map(([name, category]) => ({ name, category, color: COLORS[category] }));
}

function levels(requirement: string, types: readonly string[], portfolio: readonly string[]): readonly Level[] {
  const upper: readonly Level[] = [
    { id: 'Microsoft.EpicCategory', name: 'Epics', rank: 4, kind: 'portfolio', types: ['Epic'], color: 'FF7B00' },
    {
      id: 'Microsoft.FeatureCategory',
      name: 'Features',
      rank: 3,
      kind: 'portfolio',
      types: ['Feature'],
      color: '773B93',
    },
  ];
  return [
    ...upper.filter(level => portfolio.includes(level.types[0] ?? '')),
    { id: 'Microsoft.RequirementCategory', name: requirement, rank: 2, kind: 'requirement', types, color: '009CCC' },
    { id: 'Microsoft.TaskCategory', name: 'Tasks', rank: 1, kind: 'task', types: ['Task'], color: 'F2CB1D' },
  ];
}

const stackRank = 'Microsoft.VSTS.Common.StackRank';
const agile = states(
  ['New', 'Proposed'],
  ['Active', 'InProgress'],
  ['Resolved', 'Resolved'],
  ['Closed', 'Completed'],
  ['Removed', 'Removed'],
);
const scrumFeature = states(
  ['New', 'Proposed'],
  ['In Progress', 'InProgress'],
  ['Done', 'Completed'],
  ['Removed', 'Removed'],
);
const scrum = states(
  ['New', 'Proposed'],
  ['Approved', 'Proposed'],
  ['Committed', 'InProgress'],
  ['Done', 'Completed'],
  ['Removed', 'Removed'],
);
const scrumTask = states(
  ['To Do', 'Proposed'],
  ['In Progress', 'InProgress'],
  ['Done', 'Completed'],
  ['Removed', 'Removed'],
);
const cmmi = states(
  ['Proposed', 'Proposed'],
  ['Active', 'InProgress'],
  ['Resolved', 'Resolved'],
  ['Closed', 'Completed'],
);
const basic = states(['To Do', 'Proposed'], ['Doing', 'InProgress'], ['Done', 'Completed']);
const tests: Readonly<Record<string, readonly State[]>> = {
  'Test Case': states(['Design', 'Proposed'], ['Ready', 'InProgress'], ['Closed', 'Completed']),
  'Test Suite': states(['In Planning', 'Proposed'], ['In Progress', 'InProgress'], ['Completed', 'Completed']),
  'Test Plan': states(['Active', 'InProgress'], ['Inactive', 'Completed']),
  'Shared Steps': states(['Active', 'InProgress'], ['Closed', 'Completed']),
};

export const processes: Readonly<Record<ProcessName, Process>> = {
  Agile: {
    name: 'Agile',
    orderField: stackRank,
    effortField: 'Microsoft.VSTS.Scheduling.StoryPoints',
    bugsBehavior: 'asRequirements',
    bugType: 'Bug',
    levels: levels('Stories', ['User Story'], ['Epic', 'Feature']),
    states: { Epic: agile, Feature: agile, 'User Story': agile, Task: agile, Bug: agile, Issue: agile, ...tests },
  },
  Scrum: {
    name: 'Scrum',
    orderField: 'Microsoft.VSTS.Common.BacklogPriority',
    effortField: 'Microsoft.VSTS.Scheduling.Effort',
    bugsBehavior: 'asRequirements',
    bugType: 'Bug',
    levels: levels('Backlog items', ['Product Backlog Item'], ['Epic', 'Feature']),
    states: {
      Epic: scrumFeature,
      Feature: scrumFeature,
      'Product Backlog Item': scrum,
      Bug: scrum,
      Task: scrumTask,
      Impediment: states(['Open', 'Proposed'], ['Closed', 'Completed']),
      ...tests,
    },
  },
  CMMI: {
    name: 'CMMI',
    orderField: stackRank,
    effortField: 'Microsoft.VSTS.Scheduling.Size',
    bugsBehavior: 'asRequirements',
    bugType: 'Bug',
    levels: levels('Requirements', ['Requirement'], ['Epic', 'Feature']),
    states: { Epic: cmmi, Feature: cmmi, Requirement: cmmi, Task: cmmi, Bug: cmmi, Issue: cmmi, ...tests },
  },
  Basic: {
    name: 'Basic',
    orderField: stackRank,
    effortField: 'Microsoft.VSTS.Scheduling.Effort',
    bugsBehavior: 'off',
    bugType: null,
    levels: levels('Issues', ['Issue'], ['Epic']),
    states: { Epic: basic, Issue: basic, Task: basic, ...tests },
  },
};

/** The requirement level of a process: what teams call their backlog. */
export function requirementLevel(process: Process): Level {
  const level = process.levels.find(({ kind }) => kind === 'requirement');
  if (level === undefined) throw new Error(`The process ${process.name} has no requirement level.`);
  return level;
}

/** Types of a level for a team: bugs join the requirements or the tasks as the team chose. */
export function typesOn(level: Level, process: Process, bugs: BugsBehavior): readonly string[] {
  const joins =
    (bugs === 'asRequirements' && level.kind === 'requirement') || (bugs === 'asTasks' && level.kind === 'task');
  return process.bugType !== null && joins ? [...level.types, process.bugType] : level.types;
}

/** Category of a state; types or states the process does not know count as Proposed, as unmapped states do on boards. */
export function categoryOf(process: Process, type: string, state: string): StateCategory {
  return process.states[type]?.find(({ name }) => name === state)?.category ?? 'Proposed';
}
