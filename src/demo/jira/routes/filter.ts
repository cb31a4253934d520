import type { HttpAnswer } from '../../http/message.ts';
import { readQuery } from '../asked.ts';
import { projectJson } from '../field-values.ts';
import type { Board, World } from '../model.ts';
import { personJson } from '../people.ts';
import { Refusal } from '../refusal.ts';
import { json, type JiraRoute, type Visit } from './visit.ts';

/** The saved filter behind a board. */
export const filterRoutes: readonly JiraRoute[] = [
  { method: 'GET', template: '/rest/api/3/filter/{id}', effect: 'read', handle: filter },
];

function filter(visit: Visit): HttpAnswer {
  const { world, request } = visit;
  const query = readQuery(request, { expand: 'list', overrideSharePermissions: 'flag' });
  const unknown = query.list('expand')?.find(part => !/^(sharedUsers|subscriptions)(\[\d+:\d+\])?$/.test(part));
  if (unknown !== undefined) throw new Refusal(400, `Unknown expand: ${unknown}`);
  return json(filterJson(world, boardOf(visit)));
}

/** The vendor answers 400, not 404, for a filter that is not there or not shared with the account. */
function boardOf({ world, params }: Visit): Board {
  const id = params['id'] ?? '';
  const board = world.boards.find(one => one.filterId === id);
  if (board !== undefined && !world.rights.hiddenProjects.has(board.project.key)) return board;
  throw new Refusal(
    400,
    'The selected filter is not available to you, perhaps it has been deleted or had its permissions changed.',
  );
}

const NOTHING = { size: 0, items: [], 'max-results': 0, 'start-index': 0, 'end-index': 0 };

function filterJson(world: World, board: Board): Record<string, unknown> {
  const { base } = world;
  const { filterId, jql } = board;
  return {
    self: `${base}/rest/api/3/filter/${filterId}`,
    id: filterId,
    name: `Filter for ${board.name}`,
    description: '',
    owner: personJson(world.self, base),
    jql,
    viewUrl: `${base}/issues/?filter=${filterId}`,
    searchUrl: `${base}/rest/api/3/search?jql=${encodeURIComponent(jql)}`,
    favourite: false,
    favouritedCount: 0,
    sharePermissions: [{ id: Number(filterId), type: 'project', project: projectJson(board.project, base) }],
    sharedUsers: NOTHING,
    subscriptions: NOTHING,
  };
}
