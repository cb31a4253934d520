import type { ConnectionSettings } from '../settings.ts';
import { createAzureDevOpsConnection } from './azure-devops/index.ts';
import type { Connection, MetadataCache } from './connector.ts';
import { createJiraConnection } from './jira/index.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

/** Tracker -> builder, nothing else. */
export function createConnection(
  settings: ConnectionSettings,
  deps: { readonly clock: Clock; readonly log: Log; readonly metadata: MetadataCache },
): Connection {
  switch (settings.tracker) {
    case 'jira':
      return createJiraConnection(settings, deps);
    case 'azure-devops':
      return createAzureDevOpsConnection(settings, deps);
    default:
      return settings satisfies never;
  }
}
