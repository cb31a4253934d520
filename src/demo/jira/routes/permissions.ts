import type { HttpAnswer } from '../../http/message.ts';
import { checkObject, readBody, readQuery } from '../asked.ts';
import { arrayOf, objectOf } from '../json.ts';
import type { World } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { findIssue } from '../world.ts';
import { json, type JiraRoute, type Visit } from './visit.ts';

export const permissionRoutes: readonly JiraRoute[] = [
  { method: 'GET', template: '/rest/api/3/mypermissions', effect: 'read', handle: mine },
  { method: 'POST', template: '/rest/api/3/permissions/check', effect: 'read', handle: check },
];

type Holds = (world: World, projectKey: string | null) => boolean;

const browsable: Holds = (world, key) => key === null || !world.rights.hiddenProjects.has(key);
const editable: Holds = (world, key) =>
  browsable(world, key) && (key === null || !world.rights.readOnlyProjects.has(key));

const PERMISSIONS: Readonly<Record<string, readonly ['GLOBAL' | 'PROJECT', Holds]>> = {
  ADMINISTER: ['GLOBAL', world => world.rights.notifyAdmin],
  BULK_CHANGE: ['GLOBAL', world => world.rights.bulkChange],
  ADMINISTER_PROJECTS: ['PROJECT', (world, key) => world.rights.notifyAdmin && browsable(world, key)],
  BROWSE_PROJECTS: ['PROJECT', browsable],
  EDIT_ISSUES: ['PROJECT', editable],
  SCHEDULE_ISSUES: ['PROJECT', (world, key) => world.rights.rank && editable(world, key)],
  ADD_COMMENTS: ['PROJECT', browsable],
  CREATE_ISSUES: ['PROJECT', editable],
  TRANSITION_ISSUES: ['PROJECT', editable],
  MANAGE_SPRINTS_PERMISSION: ['PROJECT', editable],
};

function mine({ world, request }: Visit): HttpAnswer {
  const query = readQuery(request, {
    ...{ projectKey: 'text', projectId: 'text', issueKey: 'text', issueId: 'text', permissions: 'list' },
    ...{ projectUuid: 'text', projectConfigurationUuid: 'text', commentId: 'text' },
  });
  const keys = query.list('permissions');
  if (keys === null || keys.length === 0) throw new Refusal(400, 'The permissions query parameter is required.');
  const unknown = keys.find(key => PERMISSIONS[key] === undefined);
  if (unknown !== undefined) throw new Refusal(400, `Unrecognized permission: ${unknown}`);
  const projectKey = contextOf(world, {
    project: query.text('projectKey') ?? query.text('projectId'),
    issue: query.text('issueKey') ?? query.text('issueId'),
  });
  const permissions = Object.fromEntries(
    keys.flatMap((key, place) => {
      const known = PERMISSIONS[key];
      if (known === undefined) return [];
      const [type, holds] = known;
      const entry = {
        id: String(place + 1),
        key,
        name: key,
        type,
        description: '',
        havePermission: holds(world, projectKey),
      };
      return [[key, entry]];
    }),
  );
  return json({ permissions });
}

/** The project that the question is about; null: any. Throws a refusal (404) for one that cannot be seen. */
function contextOf(
  world: World,
  place: { readonly project: string | null; readonly issue: string | null },
): string | null {
  if (place.issue !== null) {
    const issue = findIssue(world, place.issue);
    if (issue !== null && browsable(world, issue.project.key)) return issue.project.key;
    throw new Refusal(404, 'The issue no longer exists or is not visible.');
  }
  if (place.project === null) return null;
  const found = [...world.projects.values()].find(one => one.key === place.project || one.id === place.project);
  if (found === undefined || !browsable(world, found.key))
    throw new Refusal(404, `No project could be found with key '${place.project}'.`);
  return found.key;
}

/** Most issues and projects of one question. */
const MOST_ASKED = 1000;

function check({ world, request }: Visit): HttpAnswer {
  const body = readBody(request, { accountId: 'text', globalPermissions: 'texts', projectPermissions: 'objects' });
  const globalPermissions = arrayOf(body['globalPermissions']).map(String);
  for (const key of globalPermissions) {
    if (PERMISSIONS[key]?.[0] !== 'GLOBAL') throw new Refusal(400, `Unrecognized permission: ${key}`);
  }
  return json({
    projectPermissions: arrayOf(body['projectPermissions']).flatMap(entry => grantsOf(world, objectOf(entry))),
    globalPermissions: globalPermissions.filter(key => PERMISSIONS[key]?.[1](world, null)),
  });
}

function grantsOf(world: World, entry: Readonly<Record<string, unknown>>): readonly unknown[] {
  checkObject(entry, { permissions: 'texts!', projects: 'wholes', issues: 'wholes' });
  const issues = arrayOf(entry['issues']).map(Number);
  const projects = arrayOf(entry['projects']).map(Number);
  if (issues.length > MOST_ASKED || projects.length > MOST_ASKED)
    throw new Refusal(400, 'Too many issues or projects.');
  return arrayOf(entry['permissions']).map(permission => {
    const known = PERMISSIONS[String(permission)];
    if (known?.[0] !== 'PROJECT') throw new Refusal(400, `Unrecognized permission: ${String(permission)}`);
    const [, holds] = known;
    const inProject = (id: number): boolean => {
      const found = [...world.projects.values()].find(one => Number(one.id) === id);
      return found !== undefined && holds(world, found.key);
    };
    const onIssue = (id: number): boolean => {
      const issue = world.issues.get(id);
      return issue !== undefined && holds(world, issue.project.key);
    };
    return { permission, issues: issues.filter(onIssue), projects: projects.filter(inProject) };
  });
}
