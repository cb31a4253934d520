import type { HttpAnswer } from '../../http/message.ts';
import { readQuery } from '../asked.ts';
import { priorityJson, projectJson, statusJson, typeJson } from '../field-values.ts';
import { jiraTime } from '../jira-time.ts';
import type { Json } from '../json.ts';
import type { FieldDefinition, Project, World } from '../model.ts';
import { personJson } from '../people.ts';
import { Refusal } from '../refusal.ts';
import { json, offsetPage, type JiraRoute, type Visit } from './visit.ts';

/** Who is asking, and what the site has. */
export const metadataRoutes: readonly JiraRoute[] = [
  { method: 'GET', template: '/rest/api/3/myself', effect: 'read', handle: myself },
  { method: 'GET', template: '/rest/api/3/serverInfo', effect: 'read', anonymous: true, handle: serverInfo },
  { method: 'GET', template: '/rest/api/3/field', effect: 'read', handle: fields },
  { method: 'GET', template: '/rest/api/3/priority', effect: 'read', handle: priorities },
  { method: 'GET', template: '/rest/api/3/priority/search', effect: 'read', handle: prioritySearch },
  { method: 'GET', template: '/rest/api/3/status', effect: 'read', handle: statuses },
  { method: 'GET', template: '/rest/api/3/project/search', effect: 'read', handle: projectSearch },
  { method: 'GET', template: '/rest/api/3/project/{projectIdOrKey}', effect: 'read', handle: project },
];

function myself({ world, request }: Visit): HttpAnswer {
  readQuery(request, { expand: 'text' });
  return json({ ...personJson(world.self, world.base), timeZone: world.timeZone, locale: 'en_US' });
}

function serverInfo({ world, request }: Visit): HttpAnswer {
  readQuery(request, {});
  return json({
    baseUrl: world.base,
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    buildNumber: 100_290,
    buildDate: jiraTime(Date.UTC(2026, 0, 1), world.offsetMinutes),
    serverTime: jiraTime(world.clock.now().getTime(), world.offsetMinutes),
    scmInfo: 'emulated',
    serverTitle: 'Jira',
  });
}

function fields({ world, request }: Visit): HttpAnswer {
  readQuery(request, {});
  return json([...world.fields.values()].map(fieldJson));
}

function fieldJson({ id, ...rest }: FieldDefinition): Json {
  return { id, key: id, ...rest };
}

function priorities({ world, request }: Visit): HttpAnswer {
  readQuery(request, {});
  return json(world.priorities.map(priority => ({ ...described(world, priority), isDefault: false })));
}

function described(world: World, priority: World['priorities'][number]): Json {
  return { ...priorityJson(priority, world.base), statusColor: '#ffab00', description: '' };
}

function prioritySearch({ world, request }: Visit): HttpAnswer {
  const query = readQuery(request, {
    ...{ startAt: 'whole', maxResults: 'whole', id: 'list', projectId: 'list' },
    ...{ priorityName: 'text', onlyDefault: 'flag', expand: 'text' },
  });
  const ids = query.list('id');
  const all = world.priorities.filter(priority => ids === null || ids.includes(priority.id));
  const page = offsetPage(all, {
    startAt: query.whole('startAt', 0),
    maxResults: Math.min(50, query.whole('maxResults', 50)),
  });
  const values = page.values.map(priority => ({ ...described(world, priority), isDefault: false }));
  return json({ ...page, isLast: page.startAt + values.length >= page.total, values });
}

function statuses({ world, request }: Visit): HttpAnswer {
  readQuery(request, {});
  return json([...world.statuses.values()].map(status => statusJson(status, world.base)));
}

function visible(world: World): readonly Project[] {
  return [...world.projects.values()].filter(one => !world.rights.hiddenProjects.has(one.key));
}

function project({ world, request, params }: Visit): HttpAnswer {
  readQuery(request, { expand: 'text', properties: 'list' });
  const wanted = params['projectIdOrKey'] ?? '';
  const found = visible(world).find(one => one.id === wanted || one.key === wanted.toUpperCase());
  if (found === undefined) throw new Refusal(404, `No project could be found with key '${wanted}'.`);
  return json(projectDetails(world, found));
}

function projectDetails(world: World, found: Project): Json {
  return {
    expand: 'description,lead,issueTypes,url,projectKeys,permissions,insight',
    ...projectJson(found, world.base),
    style: 'classic',
    isPrivate: false,
    issueTypes: [...world.types.values()].map(type => typeJson(type, world.base)),
  };
}

function projectSearch({ world, request }: Visit): HttpAnswer {
  const query = readQuery(request, {
    ...{ startAt: 'whole', maxResults: 'whole', orderBy: 'text', id: 'list', keys: 'list', query: 'text' },
    ...{ typeKey: 'text', categoryId: 'whole', action: 'text', expand: 'text', status: 'list' },
  });
  const [ids, keys] = [query.list('id'), query.list('keys')];
  const all = visible(world).filter(
    one => (ids === null || ids.includes(one.id)) && (keys === null || keys.includes(one.key)),
  );
  const page = offsetPage(all, {
    startAt: query.whole('startAt', 0),
    maxResults: Math.min(50, query.whole('maxResults', 50)),
  });
  const values = page.values.map(one => ({ ...projectJson(one, world.base), style: 'classic', isPrivate: false }));
  return json({ ...page, isLast: page.startAt + values.length >= page.total, values });
}
