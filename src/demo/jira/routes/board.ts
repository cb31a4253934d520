import type { HttpAnswer } from '../../http/message.ts';
import { readQuery, type Query } from '../asked.ts';
import { sprintJson } from '../field-values.ts';
import { describedFields, issueJson, selectionOf } from '../issue-answer.ts';
import { compileJql } from '../jql/evaluate.ts';
import type { Json } from '../json.ts';
import type { Board, Issue, Sprint, Status, World } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { searchIssues } from '../search.ts';
import { tokenPage } from '../tokens.ts';
import { MOST_IDS } from './search.ts';
import { json, offsetPage, type JiraRoute, type Visit } from './visit.ts';

const AGILE = '/rest/agile/1.0/board';
const SOFTWARE = '/rest/software/1.0/board/{boardId}';

export const boardRoutes: readonly JiraRoute[] = [
  { method: 'GET', template: AGILE, effect: 'read', handle: boards },
  {
    method: 'GET',
    template: `${AGILE}/{boardId}`,
    effect: 'read',
    handle: visit => json(boardJson(visit, boardOf(visit))),
  },
  { method: 'GET', template: `${AGILE}/{boardId}/configuration`, effect: 'read', handle: configuration },
  { method: 'GET', template: `${AGILE}/{boardId}/sprint`, effect: 'read', handle: sprints },
  { method: 'GET', template: `${SOFTWARE}/backlog`, effect: 'read', handle: visit => issues(visit, inBacklog) },
  { method: 'GET', template: `${SOFTWARE}/issue`, effect: 'read', handle: visit => issues(visit, onBoard) },
  {
    method: 'GET',
    template: `${SOFTWARE}/backlog/approximate-count`,
    effect: 'read',
    handle: visit => count(visit, inBacklog),
  },
  {
    method: 'GET',
    template: `${SOFTWARE}/issue/approximate-count`,
    effect: 'read',
    handle: visit => count(visit, onBoard),
  },
];

type Scope = (world: World, board: Board, issue: Issue) => boolean;

/** Epics have a panel of their own; sub-tasks go with their parents. */
const onBoard: Scope = (_, board, issue) => board.type === 'kanban' || issue.type.name !== 'Epic';

/** Scrum: what is not done and in no sprint that is active or to come. Kanban: the first column. */
const inBacklog: Scope = (world, board, issue) => {
  if (issue.type.subtask || issue.type.name === 'Epic') return false;
  if (board.type === 'kanban') return issue.status.category === 'new' || issue.status.category === 'undefined';
  if (issue.status.category === 'done') return false;
  return issue.sprints.every(id => (world.sprints.get(id)?.state ?? 'closed') === 'closed');
};

function boardOf({ world, params }: Visit): Board {
  const id = params['boardId'] ?? '';
  const board = world.boards.find(one => String(one.id) === id);
  if (board !== undefined) return board;
  throw new Refusal(
    404,
    'The requested board cannot be viewed because it either does not exist or you do not have permission to view it.',
  );
}

function boardJson({ world }: Visit, board: Board): Json {
  const { id, key, name } = board.project;
  return {
    id: board.id,
    self: `${world.base}${AGILE}/${board.id}`,
    name: board.name,
    type: board.type,
    location: {
      projectId: Number(id),
      displayName: `${name} (${key})`,
      projectName: name,
      projectKey: key,
      projectTypeKey: 'software',
      name: `${name} (${key})`,
    },
    isPrivate: false,
  };
}

/** Most boards or sprints on one page. */
const PAGE = 50;

function boards(visit: Visit): HttpAnswer {
  const query = readQuery(visit.request, {
    ...{ startAt: 'whole', maxResults: 'whole', type: 'list', name: 'text', projectKeyOrId: 'text', filterId: 'whole' },
    ...{ accountIdLocation: 'text', projectLocation: 'text', includePrivate: 'flag', negateLocationFiltering: 'flag' },
    ...{ orderBy: 'text', expand: 'text', projectTypeLocation: 'list' },
  });
  const [types, name, project] = [query.list('type'), query.text('name')?.toLowerCase(), query.text('projectKeyOrId')];
  const all = visit.world.boards.filter(
    board =>
      !visit.world.rights.hiddenProjects.has(board.project.key) &&
      (types === null || types.includes(board.type)) &&
      (name === undefined || board.name.toLowerCase().includes(name)) &&
      (project === null || [board.project.key, board.project.id].includes(project)) &&
      (query.text('filterId') ?? board.filterId) === board.filterId,
  );
  const page = offsetPage(all, {
    startAt: query.whole('startAt', 0),
    maxResults: Math.min(PAGE, query.whole('maxResults', PAGE)),
  });
  const values = page.values.map(board => boardJson(visit, board));
  return json({ ...page, isLast: page.startAt + values.length >= page.total, values });
}

function configuration(visit: Visit): HttpAnswer {
  readQuery(visit.request, {});
  const { world } = visit;
  const board = boardOf(visit);
  const estimated = board.type === 'scrum' ? world.fields.get(world.storyPointsField ?? '') : undefined;
  return json({
    id: board.id,
    name: board.name,
    type: board.type,
    self: `${world.base}${AGILE}/${board.id}/configuration`,
    location: {
      type: 'project',
      key: board.project.key,
      id: board.project.id,
      self: `${world.base}/rest/api/3/project/${board.project.id}`,
      name: board.project.name,
    },
    filter: { id: board.filterId, self: `${world.base}/rest/api/3/filter/${board.filterId}` },
    ...(board.type === 'kanban'
      ? { subQuery: { query: 'fixVersion in unreleasedVersions() OR fixVersion is EMPTY' } }
      : {}),
    columnConfig: { columns: columns(world, board), constraintType: 'issueCount' },
    ...(estimated === undefined
      ? {}
      : { estimation: { type: 'field', field: { fieldId: estimated.id, displayName: estimated.name } } }),
    ranking: { rankCustomFieldId: Number(world.rankField.slice('customfield_'.length)) },
  });
}

function columns(world: World, board: Board): readonly Json[] {
  const of = (...categories: readonly Status['category'][]): readonly Json[] =>
    [...world.statuses.values()]
      .filter(status => categories.includes(status.category))
      .map(({ id }) => ({ id, self: `${world.base}/rest/api/3/status/${id}` }));
  return [
    { name: board.type === 'kanban' ? 'Backlog' : 'To Do', statuses: of('new', 'undefined') },
    { name: 'In Progress', statuses: of('indeterminate') },
    { name: 'Done', statuses: of('done') },
  ];
}

function sprints(visit: Visit): HttpAnswer {
  const query = readQuery(visit.request, { startAt: 'whole', maxResults: 'whole', state: 'list' });
  const board = boardOf(visit);
  if (board.type === 'kanban') throw new Refusal(400, 'The board does not support sprints');
  const states = query.list('state');
  const all = [...visit.world.sprints.values()].filter(
    sprint => sprint.boardId === board.id && (states === null || states.includes(sprint.state)),
  );
  const page = offsetPage(all, {
    startAt: query.whole('startAt', 0),
    maxResults: Math.min(PAGE, query.whole('maxResults', PAGE)),
  });
  const values = page.values.map(sprint => boardSprint(visit.world, sprint));
  return json({ ...page, isLast: page.startAt + values.length >= page.total, values });
}

function boardSprint(world: World, sprint: Sprint): Json {
  const { boardId, ...rest } = sprintJson(sprint);
  return { self: `${world.base}/rest/agile/1.0/sprint/${sprint.id}`, ...rest, originBoardId: boardId };
}

const LIST_QUERY = {
  nextPageToken: 'text',
  maxResults: 'whole',
  reconcileIssues: 'wholes',
  jql: 'text',
  validateQuery: 'flag',
  fields: 'list',
  expand: 'list',
} as const;

const BY_RANK = [{ field: 'Rank', descending: false }];

/** Without permission to see the project the list is empty, not an error. */
function found(visit: Visit, query: Query, scope: Scope): readonly Issue[] {
  const { world } = visit;
  const board = boardOf(visit);
  const jql = query.text('jql') ?? '';
  const filter = compileJql(world, board.jql);
  return searchIssues(world, {
    jql,
    within: issue => filter.matches(issue) && scope(world, board, issue),
    orderBy: BY_RANK,
    reconcile: query.list('reconcileIssues') ?? [],
    bounded: false,
  });
}

function issues(visit: Visit, scope: Scope): HttpAnswer {
  const query = readQuery(visit.request, LIST_QUERY);
  const { world, tokens, pageSize } = visit;
  const maxResults = query.whole('maxResults', PAGE);
  if (maxResults < 1 || maxResults > MOST_IDS)
    throw new Refusal(400, `The maxResults must be between 1 and ${MOST_IDS}.`);
  const all = found(visit, query, scope);
  const expand = query.list('expand') ?? [];
  const fields = query.list('fields');
  const selection = selectionOf(world, { fields, otherwise: ['*navigable'], expand, agile: true });
  const size = Math.min(maxResults, selection.fields !== null && selection.hasFields ? pageSize : MOST_IDS);
  const question = JSON.stringify([visit.request.path, query.text('jql'), fields]);
  const page = tokenPage(tokens, all, { token: query.text('nextPageToken'), question, size });
  return json({
    issues: page.items.map(issue => issueJson(world, issue, selection)),
    ...(page.next === null ? {} : { nextPageToken: page.next }),
    isLast: page.next === null,
    ...describedFields(selection, expand),
  });
}

function count(visit: Visit, scope: Scope): HttpAnswer {
  return json({ count: found(visit, readQuery(visit.request, { jql: 'text' }), scope).length });
}
