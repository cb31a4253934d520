import type { Tracker } from '../item.ts';
import type { Model } from '../scoring/model.ts';
import type { AzureDevOpsAuth, BacklogSettings, ConnectionSettings, JiraAuth, Scope } from '../settings.ts';
import { InternalError } from '../errors.ts';
import { builtinNames } from './model-rules.ts';
import { resolveModels } from './resolve-models.ts';
import type { ConfigFile } from './schema.ts';
import type { BacklogFile, ServiceFile } from './schema-backlogs.ts';
import type { ConnectionFile } from './schema-connections.ts';
import { trackerOf } from './trackers.ts';

/** A configuration as the rest of the program reads it: complete, consistent, frozen. */
export interface Config {
  readonly file: string;
  readonly connections: readonly ConnectionSettings[];
  readonly models: readonly Model[];
  readonly backlogs: readonly BacklogSettings[];
  readonly service: ServiceFile;
  /** Nothing is wrong, but probably not meant. */
  readonly warnings: readonly string[];
}

/** Fills in every default. The file must have passed the schema and the rules. */
export function resolveConfig(file: ConfigFile, path: string): Config {
  const connections = Object.entries(file.connections).map(([name, c]) => resolveConnection(name, c));
  const trackers = new Map(connections.map(c => [c.name, c.tracker]));
  const backlogs = Object.entries(file.backlogs).map(([name, b]) => resolveBacklog(name, b, file, trackers));
  const warnings = backlogs.flatMap(backlog => unsourced(backlog, file));
  const models = resolveModels(file.models);
  return deepFreeze({
    file: path,
    connections,
    models,
    backlogs,
    service: file.service,
    warnings: [...new Set(warnings)],
  });
}

function resolveConnection(name: string, file: ConnectionFile): ConnectionSettings {
  const tracker = trackerOf(file);
  const base = { name, url: file.url.replace(/\/+$/, ''), ignoreActors: file.ignoreActors };
  if (tracker === 'azure-devops') {
    const webhook = file.webhook !== undefined && 'passwords' in file.webhook ? file.webhook : null;
    return { ...base, tracker, auth: azureDevOpsAuth(file.auth), webhook };
  }
  const webhook = file.webhook !== undefined && 'secrets' in file.webhook ? file.webhook : null;
  return { ...base, tracker: 'jira', auth: jiraAuth(file.auth), webhook };
}

function jiraAuth(auth: ConnectionFile['auth']): JiraAuth {
  if ('email' in auth) return { kind: 'basic', email: auth.email, apiToken: auth.apiToken };
  if ('accessToken' in auth) return { kind: 'bearer', accessToken: auth.accessToken };
  throw new InternalError('the rules let Azure DevOps credentials through to Jira');
}

function azureDevOpsAuth(auth: ConnectionFile['auth']): AzureDevOpsAuth {
  if ('pat' in auth) return { kind: 'pat', pat: auth.pat };
  if ('clientId' in auth)
    return { kind: 'entra', clientId: auth.clientId, clientSecret: auth.clientSecret, tenantId: auth.tenantId };
  if ('accessToken' in auth) return { kind: 'bearer', accessToken: auth.accessToken };
  throw new InternalError('the rules let Jira credentials through to Azure DevOps');
}

function resolveBacklog(
  name: string,
  file: BacklogFile,
  config: ConfigFile,
  trackers: ReadonlyMap<string, Tracker>,
): BacklogSettings {
  const connection = file.connection ?? Object.keys(config.connections)[0] ?? '';
  const tracker = trackers.get(connection) ?? 'jira';
  const { model, mode, schedule, sweep, timezone, limits, pins, blockers, newItemsHoldDays, write } = file;
  return {
    name,
    connection,
    tracker,
    scope: scopeOf(file, tracker),
    model,
    mode,
    write: { ...write, score: write.score === null ? null : String(write.score) },
    schedule,
    sweep,
    timezone,
    writeHours: file.writeHours === undefined ? null : minutesOf(file.writeHours),
    limits,
    pins,
    blockers,
    newItemsHoldDays,
    sources: sourcesOf(config, model, tracker),
  };
}

function scopeOf(file: BacklogFile, tracker: Tracker): Scope {
  if (tracker === 'azure-devops') {
    return { kind: 'azure-devops', project: file.project ?? '', team: file.team ?? null, level: file.level ?? null };
  }
  return file.board === undefined
    ? { kind: 'jira-jql', jql: file.jql ?? '' }
    : { kind: 'jira-board', board: file.board };
}

function minutesOf(hours: string): { readonly from: number; readonly to: number } {
  const [from = 0, to = 0] = hours.split('-').map(time => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return hour * 60 + minute;
  });
  return { from, to };
}

function sourcesOf(config: ConfigFile, model: string, tracker: Tracker): Readonly<Record<string, string>> {
  const named = Object.entries(config.models[model]?.factors ?? {}).flatMap(([factor, f]) => {
    const field = f[tracker];
    return field === undefined ? [] : [[factor, field] as const];
  });
  return Object.fromEntries(named);
}

/** Factors that have no field on a backlog's tracker count as absent there: worth a word. */
function unsourced(backlog: BacklogSettings, config: ConfigFile): readonly string[] {
  return Object.keys(config.models[backlog.model]?.factors ?? {})
    .filter(name => !builtinNames.some(builtin => builtin === name) && backlog.sources[name] === undefined)
    .map(
      name =>
        `models.${backlog.model}.factors.${name} names no ${backlog.tracker} field, so it is absent for every item of ${backlog.name}`,
    );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
}
