import { InternalError } from '../errors.ts';
import type { AzureDevOpsAuth, ConnectionSettings, JiraAuth } from '../settings.ts';
import { plainUrl, trackerOf } from './connection-url.ts';
import type { ConnectionFile } from './schema-connections.ts';

/** A connection that passed the rules, in the shape the connectors read. */
export function resolveConnection(name: string, file: ConnectionFile): ConnectionSettings {
  const base = { name, url: plainUrl(file.url), ignoreActors: file.ignoreActors };
  const tracker = trackerOf(file);
  const { secrets, username, passwords } = file.webhook ?? {};
  if (tracker === 'jira') {
    return { ...base, tracker, auth: jiraAuth(file.auth), webhook: secrets === undefined ? null : { secrets } };
  }
  if (tracker === null) throw new InternalError(`the rules let connection ${name} through without a tracker`);
  const webhook = username === undefined || passwords === undefined ? null : { username, passwords };
  return { ...base, tracker, auth: azureDevOpsAuth(file.auth), webhook };
}

function jiraAuth({ email, apiToken, accessToken }: ConnectionFile['auth']): JiraAuth {
  if (email !== undefined && apiToken !== undefined) return { kind: 'basic', email, apiToken };
  if (accessToken !== undefined) return { kind: 'bearer', accessToken };
  throw new InternalError('the rules let incomplete Jira credentials through');
}

function azureDevOpsAuth(auth: ConnectionFile['auth']): AzureDevOpsAuth {
  const { pat, accessToken, clientId, clientSecret, tenantId } = auth;
  if (pat !== undefined) return { kind: 'pat', pat };
  if (accessToken !== undefined) return { kind: 'bearer', accessToken };
  if (clientId !== undefined && clientSecret !== undefined && tenantId !== undefined) {
    return { kind: 'entra', clientId, clientSecret, tenantId };
  }
  throw new InternalError('the rules let incomplete Azure DevOps credentials through');
}
