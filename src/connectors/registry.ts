import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ConnectionSettings } from '../settings.ts';
import type { Connection, MetadataCache } from './connector.ts';
import type { Observer } from './observer.ts';

/** Tracker -> builder, nothing else. Loads only the client library that is needed: each costs memory and start-up time. */
export async function createConnection(
  settings: ConnectionSettings,
  deps: { readonly clock: Clock; readonly log: Log; readonly metadata: MetadataCache; readonly observer?: Observer },
): Promise<Connection> {
  switch (settings.tracker) {
    case 'jira': {
      const { createJiraConnection } = await import('./jira/index.ts');
      return createJiraConnection(settings, deps);
    }
    case 'azure-devops': {
      const { createAzureDevOpsConnection } = await import('./azure-devops/index.ts');
      return createAzureDevOpsConnection(settings, deps);
    }
    default:
      return settings satisfies never;
  }
}
