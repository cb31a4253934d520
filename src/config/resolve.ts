import type { Model } from '../scoring/model.ts';
import type { BacklogSettings, ConnectionSettings, ServiceSettings } from '../settings.ts';
import type { Entries } from './entries.ts';
import { deepFreeze } from './freeze.ts';
import { journalDaysOf } from './journal-days.ts';
import { resolveBacklog } from './resolve-backlog.ts';
import { resolveConnection } from './resolve-connection.ts';
import { resolveModels } from './resolve-models.ts';
import { ServiceFile } from './schema-backlogs.ts';
import { warningsOf } from './warnings.ts';

/** A configuration as the rest of the program reads it: complete, consistent, frozen. */
export interface Config {
  /** As people know the file. */
  readonly file: string;
  readonly connections: readonly ConnectionSettings[];
  readonly models: readonly Model[];
  readonly backlogs: readonly BacklogSettings[];
  readonly service: ServiceSettings;
  /** Sentences about what is not wrong, but probably not meant. */
  readonly warnings: readonly string[];
}

/** Fills in every default. The entries must have passed the schema and the rules. */
export function resolveConfig(entries: Entries, file: string): Config {
  const backlogs = [...entries.backlogs].map(([name, backlog]) => resolveBacklog(name, backlog, entries));
  const models = resolveModels(entries.models);
  return deepFreeze({
    file,
    connections: [...entries.connections].map(([name, connection]) => resolveConnection(name, connection)),
    models,
    backlogs,
    service: resolveService(entries.service ?? ServiceFile.parse({}), models),
    warnings: warningsOf(entries, backlogs),
  });
}

function resolveService(file: ServiceFile, models: readonly Model[]): ServiceSettings {
  const { http, webhooks, notify, journalDays } = file;
  return {
    http: { ...http, apiToken: http.apiToken === '' ? null : http.apiToken },
    webhooks,
    notify,
    journalDays: journalDaysOf(journalDays, models),
  };
}
