import type { Connection, MetadataCache } from '../connector.ts';
import { createLimiter } from '../limiter.ts';
import { openBacklog } from './open-backlog.ts';
import { createMemory, type Memory } from './session.ts';
import { accountMark, readSelf, selfOf, type Site } from './site.ts';
import { createTransport, type JiraDeps, type JiraSettings } from './transport.ts';

/**
 * A Jira Cloud site. jira.js describes the requests, our own transport over `fetch` makes them; `sleep`, `chance` and
 * `fetch` are for tests.
 */
export function createJiraConnection(
  settings: JiraSettings,
  deps: JiraDeps & { readonly metadata: MetadataCache },
): Connection {
  const transport = createTransport(settings, deps);
  const closing = new AbortController();
  const memories = new Map<string, Memory>();
  const site: Site = {
    transport,
    metadata: deps.metadata,
    account: accountMark(settings),
    signal: closing.signal,
    rankLine: createLimiter(1),
  };
  const memoryOf = (backlog: string): Memory => {
    const memory = memories.get(backlog) ?? createMemory();
    memories.set(backlog, memory);
    return memory;
  };
  return {
    name: settings.name,
    tracker: 'jira',
    self: async () => selfOf(await readSelf(site), transport),
    openBacklog: request =>
      openBacklog({ ...site, transport: transport.counted() }, request, deps, memoryOf(JSON.stringify(request))),
    // API tokens cannot register webhooks: the platform's own are for apps only.
    syncWebhooks: null,
    async close() {
      closing.abort();
    },
  };
}
