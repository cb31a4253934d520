import { resources } from '../resources.ts';
import { list, ok, type AdoRoute, type Call } from '../route.ts';
import { timeFrame, type Node } from '../tree.ts';
import { badRequest, VendorError } from '../vendor-error.ts';
import { placeOf, type Place } from './work.ts';

const scopes = ['project', 'team'] as const;
const NOWHERE = '00000000-0000-0000-0000-000000000000';

/** What a team has chosen: areas, iterations, bugs, visible levels. */
export const teamSettingsRoutes: readonly AdoRoute[] = [
  {
    method: 'GET',
    template: '/_apis/work/teamsettings',
    resource: resources.teamSettings,
    scopes,
    handle: call => ok(settings(placeOf(call))),
  },
  {
    method: 'GET',
    template: '/_apis/work/teamsettings/teamfieldvalues',
    resource: resources.teamFieldValues,
    scopes,
    handle: call => ok(fieldValues(placeOf(call))),
  },
  {
    method: 'GET',
    template: '/_apis/work/teamsettings/iterations',
    resource: resources.iterations,
    scopes,
    query: ['$timeframe'],
    handle: iterations,
  },
  {
    method: 'GET',
    template: '/_apis/work/teamsettings/iterations/{id}',
    resource: resources.iterations,
    scopes,
    handle(call) {
      const place = placeOf(call);
      const node = place.team.iterations.find(({ identifier }) => identifier === call.params['id']?.toLowerCase());
      if (node === undefined) {
        throw new VendorError(
          404,
          'IterationNotFoundException',
          `The iteration "${call.params['id']}" does not exist.`,
        );
      }
      return ok(iterationWire(place, node, today(call)));
    },
  },
];

const today = (call: Call): string => call.organisation.instants.now().toISOString().slice(0, 10);

function homeOf({ base, project, team }: Place): string {
  return `${base}/${project.id}/${team.id}/_apis/work/teamsettings`;
}

function linksOf(place: Place, self: string): Readonly<Record<string, { readonly href: string }>> {
  const { base, project, team } = place;
  return {
    self: { href: self },
    project: { href: `${base}/_apis/projects/${project.id}` },
    team: { href: `${base}/_apis/projects/${project.id}/teams/${team.id}` },
  };
}

function settings(place: Place): unknown {
  const { base, project, team } = place;
  const home = homeOf(place);
  const root = team.backlogIteration;
  const nodes = `${base}/${project.id}/_apis/wit/classificationNodes/Iterations`;
  return {
    // The path is told below the project's root, hence empty for the root itself (as recorded).
    backlogIteration: root === null ? { id: NOWHERE } : { id: root.identifier, name: root.name, path: '', url: nodes },
    bugsBehavior: team.bugsBehavior,
    workingDays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
    backlogVisibilities: Object.fromEntries(
      project.process.levels
        .filter(({ kind }) => kind !== 'task')
        .map(({ id }) => [id, !team.hiddenLevels.includes(id)]),
    ),
    defaultIteration: null,
    defaultIterationMacro: '@currentIteration',
    url: home,
    _links: {
      ...linksOf(place, home),
      teamIterations: { href: `${home}/iterations` },
      teamFieldValues: { href: `${home}/teamfieldvalues` },
      ...(root === null ? {} : { classificationNode: { href: nodes } }),
    },
  };
}

function fieldValues(place: Place): unknown {
  const { base, project, team } = place;
  const url = `${homeOf(place)}/teamfieldvalues`;
  return {
    field: { referenceName: 'System.AreaPath', url: `${base}/_apis/wit/fields/System.AreaPath` },
    defaultValue: team.defaultArea,
    values: team.areas.map(({ path, includeChildren }) => ({ value: path, includeChildren })),
    url,
    _links: {
      ...linksOf(place, url),
      teamSettings: { href: homeOf(place) },
      areaPathClassificationNodes: { href: `${base}/${project.id}/_apis/wit/classificationNodes/Areas` },
    },
  };
}

function iterations(call: Call): ReturnType<typeof list> {
  const place = placeOf(call);
  const frame = call.query.text('$timeframe')?.toLowerCase() ?? null;
  if (frame !== null && frame !== 'current') {
    throw badRequest(`The timeframe "${frame}" is not supported; only "current" is.`, 'InvalidTimeFrameException');
  }
  const day = today(call);
  const shown = place.team.iterations.filter(node => frame === null || timeFrame(node, day) === frame);
  return list(shown.map(node => iterationWire(place, node, day)));
}

function iterationWire(place: Place, node: Node, day: string): unknown {
  const midnight = (date: string | null): string | null => (date === null ? null : `${date}T00:00:00Z`);
  return {
    id: node.identifier,
    name: node.name,
    path: node.path,
    attributes: { startDate: midnight(node.start), finishDate: midnight(node.finish), timeFrame: timeFrame(node, day) },
    url: `${homeOf(place)}/iterations/${node.identifier}`,
  };
}
