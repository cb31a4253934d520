import type * as Agile from 'jira.js/agile';
import type * as Cloud from 'jira.js/cloud';
import type { Client } from 'jira.js/core';

/** jira.js's endpoint functions; they know addresses and parameters, our transport does everything else. */
export interface Endpoints {
  readonly client: Client;
  readonly cloud: typeof Cloud;
  readonly agile: typeof Agile;
}

let loaded: Promise<Omit<Endpoints, 'client'>> | null = null;

/** Loaded at the first request: the library takes over a second, which `winnow --help` need not wait for. */
export function loadEndpoints(): Promise<Omit<Endpoints, 'client'>> {
  loaded ??= Promise.all([import('jira.js/cloud'), import('jira.js/agile')]).then(([cloud, agile]) => ({
    cloud,
    agile,
  }));
  return loaded;
}
