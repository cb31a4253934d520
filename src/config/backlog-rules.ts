import type { Tracker } from '../item.ts';
import { builtinModel } from '../scoring/builtin.ts';
import { trackerOf } from './connection-url.ts';
import { connectionNameOf, type Entries } from './entries.ts';
import { nearest } from './nearest.ts';
import { ownLabels } from './own-labels.ts';
import type { Path, Problem } from './problem.ts';
import type { BacklogFile } from './schema-backlogs.ts';

/** Connection and model exist, the scope fits the tracker, pins and own labels are told apart. */
export function checkBacklog(backlog: BacklogFile, path: Path, entries: Entries): readonly Problem[] {
  const name = connectionNameOf(backlog, entries);
  const connection = name === null ? undefined : entries.connections.get(name);
  const tracker = connection === undefined ? null : trackerOf(connection);
  return [
    ...checkConnectionName(backlog, path, entries),
    ...checkModelName(backlog, path, entries),
    ...checkScope(backlog, tracker, path),
    ...checkPins(backlog, path, entries),
    ...checkExplanation(backlog, tracker, path),
  ];
}

function checkConnectionName(backlog: BacklogFile, path: Path, { connectionNames }: Entries): readonly Problem[] {
  const at = [...path, 'connection'];
  const known = connectionNames.join(', ');
  if (connectionNames.length === 0) return [];
  if (backlog.connection === undefined) {
    if (connectionNames.length === 1) return [];
    return [{ path: at, message: `is missing; there are several connections: ${known}` }];
  }
  if (connectionNames.includes(backlog.connection)) return [];
  const message = `there is no connection of that name; known: ${known}${hint(backlog.connection, connectionNames)}`;
  return [{ path: at, message }];
}

function checkModelName({ model }: BacklogFile, path: Path, { modelNames }: Entries): readonly Problem[] {
  if (modelNames.includes(model)) return [];
  const message = `there is no model of that name; known: ${modelNames.join(', ')}${hint(model, modelNames)}`;
  return [{ path: [...path, 'model'], message }];
}

function hint(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null ? '' : `; did you mean ${meant}?`;
}

function checkScope(backlog: BacklogFile, tracker: Tracker | null, path: Path): readonly Problem[] {
  if (tracker === null) return [];
  const ofJira = (['board', 'jql'] as const).filter(key => backlog[key] !== undefined);
  const ofAzureDevOps = (['project', 'team', 'level'] as const).filter(key => (backlog[key] ?? null) !== null);
  const [foreign, other] = tracker === 'jira' ? [ofAzureDevOps, 'azure-devops'] : [ofJira, 'jira'];
  const problems: Problem[] = foreign.map(key => ({
    path: [...path, key],
    message: `does not fit a ${tracker} connection, only ${other}; remove it, or name another connection`,
    valueless: true,
  }));
  if (tracker === 'jira' && ofJira.length === 0) {
    problems.push({ path, message: 'needs board: (the number of a board) or jql: (a query)' });
  }
  if (tracker === 'jira' && ofJira.length === 2) {
    problems.push({ path, message: 'has both board and jql; keep one of them' });
  }
  if (tracker === 'azure-devops' && backlog.project === undefined) {
    problems.push({ path, message: 'needs project: (and, if wanted, team: and level:)' });
  }
  return problems;
}

function checkExplanation({ write }: BacklogFile, tracker: Tracker | null, path: Path): readonly Problem[] {
  const wanted = typeof write.explanation === 'string' ? write.explanation.trim() : null;
  if (tracker !== 'azure-devops' || wanted !== 'property') return [];
  const message = 'is for Jira; Azure DevOps has no properties on work items, so name a text field here';
  return [{ path: [...path, 'write', 'explanation'], message }];
}

function checkPins(backlog: BacklogFile, path: Path, entries: Entries): readonly Problem[] {
  const model = entries.models.get(backlog.model);
  if (model === undefined && backlog.model !== builtinModel.name) return [];
  const own = ownLabels(model?.labels.prefix ?? builtinModel.labelPrefix);
  return backlog.pins.labels.flatMap((label, index) =>
    own.has(label.toLowerCase())
      ? [
          {
            path: [...path, 'pins', 'labels', index],
            message: 'is a label that Winnow itself sets and removes; choose one that people set, such as winnow-pin',
          },
        ]
      : [],
  );
}
