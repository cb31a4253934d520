import { ConfigError, InternalError } from '../../errors.ts';
import type { BacklogRequest, TrackerBacklog } from '../connector.ts';
import { pause } from '../pause.ts';
import { createBacklog } from './backlog.ts';
import { readBoard, type Board } from './board.ts';
import { explanationField, findFields, type BacklogFields } from './fields.ts';
import { boundedJql, looksAtOurWrites } from './jql.ts';
import { loudProjects } from './loud.ts';
import type { WireField } from './schema.ts';
import { createMemory, type JiraSession, type Memory, type ScopePlan } from './session.ts';
import { readFields, readPriorities, readSelf, selfOf, type Site, type SiteSelf } from './site.ts';
import { wantedFields } from './to-item.ts';
import type { JiraDeps } from './transport.ts';

/** Looks up what a backlog needs, from the cache where possible. Throws ConfigError or NotFoundError with the choices. */
export async function openBacklog(
  site: Site,
  request: BacklogRequest,
  deps: JiraDeps,
  memory: Memory = createMemory(),
): Promise<TrackerBacklog> {
  // First, and alone: whatever else goes wrong with a bad credential would only hide it.
  const self = await readSelf(site);
  const { scope: asked } = request;
  if (asked.kind === 'azure-devops') throw new InternalError(`backlog ${request.name} is not a Jira backlog`);
  const board = asked.kind === 'jira-board' ? await readBoard(site, asked.board) : null;
  const [fields, priorities] = await Promise.all([readFields(site), readPriorities(site)]);
  const found = findFields({
    fields,
    boardRank: board?.rankField ?? null,
    boardEstimation: board?.estimationField ?? null,
    sources: request.sources,
    score: request.scoreField,
    explanation: request.explanation ?? null,
    backlog: request.name,
  });
  const scope = board === null ? jqlScope(request) : boardScope(board);
  for (const project of await loudProjects(site)) memory.loud.add(project);
  const parts = { request, scope, found, fields, priorities, board, self, memory };
  return createBacklog(sessionOf(site, deps, parts), site);
}

interface Parts {
  readonly request: BacklogRequest;
  readonly scope: ScopePlan;
  readonly found: BacklogFields;
  readonly fields: readonly WireField[];
  readonly priorities: readonly string[];
  readonly board: Board | null;
  readonly self: SiteSelf;
  readonly memory: Memory;
}

function sessionOf(site: Site, deps: JiraDeps, parts: Parts): JiraSession {
  const { request, scope, found, self, board, memory } = parts;
  const ranks = parts.fields.filter(field => field.schema?.custom?.endsWith(':gh-lexo-rank'));
  const jql = scope.kind === 'jql' ? scope.jql : scope.filterJql;
  return {
    name: request.name,
    transport: site.transport,
    clock: deps.clock,
    log: deps.log,
    sleep: deps.sleep ?? pause,
    metadata: site.metadata,
    account: site.account,
    rankLine: site.rankLine,
    self: () => selfOf(self, site.transport),
    scope,
    fields: found,
    items: {
      fields: found,
      priorities: parts.priorities,
      startedStatuses: new Set(board?.startedStatuses ?? []),
      siteUrl: self.url,
      blockerLinkTypes: new Set(request.blockerLinkTypes.map(name => name.toLowerCase())),
    },
    histories: {
      rank: new Set([found.rank.id, ...ranks.map(field => field.id)]),
      sprint: found.sprint?.id ?? null,
      score: found.score,
      explanation: explanationField(found),
    },
    wanted: wantedFields(found),
    scopeSeesWrites: jql === null || looksAtOurWrites(jql, [found.score, explanationField(found)]),
    memory,
  };
}

function boardScope(board: Board): ScopePlan {
  const { id, name, type, filter, filterJql, project } = board;
  return { kind: 'board', board: id, boardName: name, boardType: type, filter, filterJql, project };
}

function jqlScope({ name, scope }: BacklogRequest): ScopePlan {
  const jql = scope.kind === 'jira-jql' ? boundedJql(scope.jql) : null;
  if (jql === null)
    throw new ConfigError(`backlogs.${name}.jql names no condition; Jira needs one, e.g. project = SHOP.`);
  return { kind: 'jql', jql };
}
