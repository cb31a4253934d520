import { checkBacklog } from './backlog-rules.ts';
import type { Issue } from './issues.ts';
import { checkModel } from './model-rules.ts';
import type { ConfigFile } from './schema.ts';
import type { ConnectionFile } from './schema-connections.ts';
import { trackerOf, urlProblem } from './trackers.ts';

/** What a well-formed file may still get wrong: things that must fit each other. */
export function checkRules(config: ConfigFile): readonly Issue[] {
  return [
    ...Object.entries(config.connections).flatMap(([name, c]) => checkConnection(c, ['connections', name])),
    ...Object.entries(config.models).flatMap(([name, model]) => checkModel(model, ['models', name])),
    ...Object.entries(config.backlogs).flatMap(([name, backlog]) => checkBacklog(backlog, ['backlogs', name], config)),
    ...config.service.notify.flatMap((url, index) => {
      const problem = urlProblem(url);
      return problem === null ? [] : [{ path: ['service', 'notify', index], message: problem }];
    }),
  ];
}

function checkConnection(connection: ConnectionFile, path: readonly PropertyKey[]): readonly Issue[] {
  const problem = urlProblem(connection.url);
  if (problem !== null) return [{ path: [...path, 'url'], message: problem }];
  const tracker = trackerOf(connection);
  if (tracker === null) return [{ path, message: 'tracker is needed for this host: jira or azure-devops' }];
  const issues: Issue[] = [];
  const { auth, webhook } = connection;
  if (tracker === 'jira' && ('pat' in auth || 'clientId' in auth)) {
    issues.push({ path: [...path, 'auth'], message: 'must be { email, apiToken } or { accessToken } for Jira' });
  }
  if (tracker === 'azure-devops' && 'email' in auth) {
    issues.push({
      path: [...path, 'auth'],
      message: 'must be { pat }, { clientId, clientSecret, tenantId } or { accessToken } for Azure DevOps',
    });
  }
  if (webhook !== undefined && 'secrets' in webhook !== (tracker === 'jira')) {
    const wanted = tracker === 'jira' ? '{ secrets }' : '{ username, passwords }';
    issues.push({ path: [...path, 'webhook'], message: `must be ${wanted} for this tracker` });
  }
  return issues;
}
