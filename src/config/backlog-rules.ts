import { builtinModel } from '../scoring/builtin.ts';
import type { Issue } from './issues.ts';
import type { ConfigFile } from './schema.ts';
import type { BacklogFile } from './schema-backlogs.ts';
import { trackerOf } from './trackers.ts';

/** Names of all labels that Winnow owns, now or soon, without the prefix. */
const ownNames = [
  'aging',
  'stale',
  'prune',
  'needs-estimate',
  'needs-detail',
  'needs-input',
  'priority-churn',
  'disputed',
];

/** Rules of one backlog: its connection and model exist, its scope fits the tracker, its pins are not our labels. */
export function checkBacklog(backlog: BacklogFile, path: readonly PropertyKey[], config: ConfigFile): readonly Issue[] {
  const connections = Object.keys(config.connections);
  const name = backlog.connection ?? (connections.length === 1 ? connections[0] : undefined);
  if (name === undefined)
    return [{ path, message: `connection is needed, since there are several: ${connections.join(', ')}` }];
  const connection = config.connections[name];
  if (connection === undefined) {
    return [
      { path: [...path, 'connection'], message: `there is no connection ${name}; known: ${connections.join(', ')}` },
    ];
  }
  const tracker = trackerOf(connection);
  return [
    ...checkScope(backlog, path, tracker),
    ...checkModelName(backlog, path, config),
    ...checkPins(backlog, path, config),
  ];
}

function checkScope(backlog: BacklogFile, path: readonly PropertyKey[], tracker: string | null): readonly Issue[] {
  const jira = (['board', 'jql'] as const).filter(key => backlog[key] !== undefined);
  const azureDevOps = (['project', 'team', 'level'] as const).filter(key => backlog[key] !== undefined);
  const foreign = tracker === 'jira' ? azureDevOps : tracker === 'azure-devops' ? jira : [];
  const issues: Issue[] = foreign.map(key => ({
    path: [...path, key],
    message: `does not fit a ${tracker} connection`,
  }));
  if (tracker === 'jira' && jira.length !== 1)
    issues.push({ path, message: 'needs either board: (its number) or jql:' });
  if (tracker === 'azure-devops' && backlog.project === undefined) issues.push({ path, message: 'needs project:' });
  return issues;
}

function checkModelName(backlog: BacklogFile, path: readonly PropertyKey[], config: ConfigFile): readonly Issue[] {
  const known = [...new Set([...Object.keys(config.models), 'default'])];
  if (known.includes(backlog.model)) return [];
  return [{ path: [...path, 'model'], message: `there is no model ${backlog.model}; known: ${known.join(', ')}` }];
}

function checkPins(backlog: BacklogFile, path: readonly PropertyKey[], config: ConfigFile): readonly Issue[] {
  const prefix = config.models[backlog.model]?.labels.prefix ?? builtinModel.labelPrefix;
  const own = new Set(ownNames.map(name => (prefix + name).toLowerCase()));
  return backlog.pins.labels.flatMap((label, index) =>
    own.has(label.toLowerCase())
      ? [
          {
            path: [...path, 'pins', 'labels', index],
            message: `${label} is a label that Winnow itself sets and removes; choose another`,
          },
        ]
      : [],
  );
}
