import type { AdoRoute, Call } from '../route.ts';
import { list, ok } from '../route.ts';
import { projectAt, teamAt } from '../organisation.ts';
import type { Project, Team } from '../project.ts';
import { areas, resources } from '../resources.ts';
import { badRequest } from '../vendor-error.ts';

/** Who is calling; projects; teams. */
export const coreRoutes: readonly AdoRoute[] = [
  {
    method: 'GET',
    template: '/_apis/connectionData',
    resource: resources.connectionData,
    scopes: ['organisation'],
    query: ['connectOptions', 'lastChangeId', 'lastChangeId64'],
    handle: connectionData,
  },
  {
    method: 'GET',
    template: '/_apis/ResourceAreas',
    resource: resources.resourceAreas,
    scopes: ['organisation'],
    query: ['enterpriseName', 'organizationName', 'hostId'],
    handle: ({ base }) => list(areas.map(area => ({ ...area, locationUrl: `${base}/` }))),
  },
  {
    method: 'GET',
    template: '/_apis/projects',
    resource: resources.projects,
    scopes: ['organisation'],
    query: ['stateFilter', '$top', '$skip', 'continuationToken', 'getDefaultTeamImageUrl'],
    handle: listProjects,
  },
  {
    method: 'GET',
    template: '/_apis/projects/{projectId}',
    resource: resources.projects,
    scopes: ['organisation'],
    query: ['includeCapabilities', 'includeHistory'],
    handle: call => ok(wholeProject(call, projectAt(call.organisation, call.params['projectId'] ?? ''))),
  },
  {
    method: 'GET',
    template: '/_apis/projects/{projectId}/teams',
    resource: resources.teams,
    scopes: ['organisation'],
    query: ['$mine', '$top', '$skip', '$expandIdentity'],
    handle: listTeams,
  },
  {
    method: 'GET',
    template: '/_apis/projects/{projectId}/teams/{teamId}',
    resource: resources.teams,
    scopes: ['organisation'],
    query: ['$expandIdentity'],
    handle(call) {
      const project = projectAt(call.organisation, call.params['projectId'] ?? '');
      return ok(teamWire(call.base, project, teamAt(project, call.params['teamId'] ?? '')));
    },
  },
];

function connectionData({ organisation }: Call): ReturnType<typeof ok> {
  const { owner } = organisation;
  const user = {
    id: owner.id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${owner.uniqueName}`,
    subjectDescriptor: owner.descriptor,
    providerDisplayName: owner.displayName,
    isActive: true,
    properties: { Account: { $type: 'System.String', $value: owner.uniqueName } },
    resourceVersion: 2,
    metaTypeId: 0,
  };
  return ok({
    authenticatedUser: user,
    authorizedUser: user,
    instanceId: organisation.id,
    deploymentId: organisation.id,
    deploymentType: 'hosted',
    locationServiceData: { serviceOwner: organisation.id, defaultAccessMappingMoniker: 'PublicAccessMapping' },
  });
}

function projectWire(base: string, { id, name }: Project): Readonly<Record<string, unknown>> {
  return {
    id,
    name,
    url: `${base}/_apis/projects/${id}`,
    state: 'wellFormed',
    revision: 11,
    visibility: 'private',
    lastUpdateTime: '2026-01-05T09:12:44.8Z',
  };
}

function wholeProject({ base, query }: Call, project: Project): unknown {
  const [team] = project.teams;
  const capabilities = {
    processTemplate: { templateName: project.process.name },
    versioncontrol: { sourceControlType: 'Git' },
  };
  return {
    ...projectWire(base, project),
    ...(query.flag('includeCapabilities') ? { capabilities } : {}),
    _links: { self: { href: `${base}/_apis/projects/${project.id}` } },
    defaultTeam:
      team === undefined
        ? null
        : { id: team.id, name: team.name, url: `${base}/_apis/projects/${project.id}/teams/${team.id}` },
  };
}

/** Answers in pages of 100 unless asked otherwise; the rest is announced by a header, as the service does. */
function listProjects({ organisation, base, query }: Call): ReturnType<typeof ok> {
  const top = query.count('$top') ?? 100;
  const skip = query.count('$skip') ?? Number(query.text('continuationToken') ?? 0);
  if (Number.isNaN(skip)) throw badRequest('The continuation token is not valid.');
  const page = organisation.projects.slice(skip, skip + top);
  const more = skip + page.length < organisation.projects.length;
  const answer = list(page.map(project => projectWire(base, project)));
  return more ? { ...answer, headers: { 'x-ms-continuationtoken': String(skip + page.length) } } : answer;
}

function listTeams({ organisation, base, params, query }: Call): ReturnType<typeof ok> {
  const project = projectAt(organisation, params['projectId'] ?? '');
  const skip = query.count('$skip') ?? 0;
  const page = project.teams.slice(skip, skip + (query.count('$top') ?? 100));
  return list(page.map(team => teamWire(base, project, team)));
}

function teamWire(base: string, project: Project, team: Team): unknown {
  return {
    id: team.id,
    name: team.name,
    url: `${base}/_apis/projects/${project.id}/teams/${team.id}`,
    description: '',
    identityUrl: `${base}/_apis/Identities/${team.id}`,
    projectName: project.name,
    projectId: project.id,
  };
}
