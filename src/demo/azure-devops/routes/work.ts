import { itemsOn, reorder } from '../backlog.ts';
import { defaultTeam } from '../organisation.ts';
import type { Level } from '../process.ts';
import type { Project, Team } from '../project.ts';
import { resources } from '../resources.ts';
import { list, ok, projectOfCall, readBody, type AdoRoute, type Call } from '../route.ts';
import { badRequest, VendorError } from '../vendor-error.ts';
import { backlogConfigurationWire, levelWire, processConfigurationWire } from '../wire/backlog-wire.ts';

const scopes = ['project', 'team'] as const;

/** Backlogs: their configuration, their contents, their order. */
export const workRoutes: readonly AdoRoute[] = [
  {
    method: 'GET',
    template: '/_apis/work/backlogconfiguration',
    resource: resources.backlogConfiguration,
    scopes,
    handle: call => ok(backlogConfigurationWire(placeOf(call))),
  },
  {
    method: 'GET',
    template: '/_apis/work/processconfiguration',
    resource: resources.processConfiguration,
    scopes: ['project'],
    handle: call => ok(processConfigurationWire(call.base, projectOfCall(call))),
  },
  {
    method: 'GET',
    template: '/_apis/work/backlogs',
    resource: resources.backlogs,
    scopes,
    handle(call) {
      const place = placeOf(call);
      return list(place.project.process.levels.map(level => levelWire(place, level)));
    },
  },
  {
    method: 'GET',
    template: '/_apis/work/backlogs/{id}',
    resource: resources.backlogs,
    scopes,
    handle: call => ok(levelWire(placeOf(call), levelAt(placeOf(call).project, call.params['id'] ?? ''))),
  },
  {
    method: 'GET',
    template: '/_apis/work/backlogs/{backlogId}/workItems',
    resource: resources.backlogItems,
    scopes,
    handle: backlogItems,
  },
  {
    method: 'PATCH',
    template: '/_apis/work/workitemsorder',
    resource: resources.order,
    scopes,
    handle: reorderItems,
  },
];

export interface Place {
  readonly base: string;
  readonly project: Project;
  readonly team: Team;
}

/** Project and team of a call; the default team where none is named. */
export function placeOf(call: Call): Place {
  const project = projectOfCall(call);
  return { base: call.base, project, team: call.team ?? defaultTeam(project) };
}

/** By id or name: `Microsoft.RequirementCategory` or `Stories`. */
function levelAt(project: Project, idOrName: string): Level {
  const wanted = idOrName.toLowerCase();
  const level = project.process.levels.find(({ id, name }) => [id, name].some(word => word.toLowerCase() === wanted));
  if (level !== undefined) return level;
  throw new VendorError(404, 'BacklogNotFoundException', `The backlog level "${idOrName}" does not exist.`);
}

/** A team nobody has configured has no backlog (recorded: TF400497). */
function configured(place: Place): Place {
  if (place.team.backlogIteration !== null && place.team.areas.length > 0) return place;
  throw new VendorError(
    400,
    'InvalidTeamSettingsException',
    'TF400497: The backlog iteration path that you specified is no longer valid.',
  );
}

function backlogItems(call: Call): ReturnType<typeof ok> {
  const place = configured(placeOf(call));
  const level = levelAt(place.project, call.params['backlogId'] ?? '');
  const workItems = itemsOn(call.organisation, { ...place, level }).map(({ id }) => ({
    rel: null,
    source: null,
    target: { id, url: `${call.base}/_apis/wit/workItems/${id}` },
  }));
  return ok({ workItems });
}

function reorderItems(call: Call): ReturnType<typeof ok> {
  const place = configured(placeOf(call));
  const body = readBody(call.body, ['ids', 'parentId', 'previousId', 'nextId', 'iterationPath']);
  if (typeof body['iterationPath'] === 'string') throw badRequest('iterationPath is for the reorder of an iteration.');
  const number = (name: string): number => {
    const value = body[name] ?? 0;
    if (!Number.isInteger(value)) throw badRequest(`"${name}" must be a whole number.`);
    return value as number;
  };
  const ids = body['ids'];
  if (!Array.isArray(ids) || ids.length === 0 || !ids.every(id => Number.isInteger(id))) {
    throw badRequest('"ids" must list at least one work item.');
  }
  const level = place.project.process.levels.find(candidate =>
    itemsOn(call.organisation, { ...place, level: candidate }).some(({ id }) => id === ids[0]),
  );
  if (level === undefined)
    throw badRequest('TF400486: The items are not on this backlog.', 'InvalidReorderOperationException');
  const move = {
    ids: ids as number[],
    parentId: number('parentId'),
    previousId: number('previousId'),
    nextId: number('nextId'),
  };
  return list(reorder(call.organisation, { ...place, level }, { ...move, by: call.organisation.owner }));
}
