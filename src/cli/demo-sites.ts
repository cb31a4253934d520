import type { Clock } from '../clock.ts';
import { believableAzureDevOpsBacklog } from '../demo/azure-devops/believable.ts';
import { loadAzureDevOpsExport } from '../demo/azure-devops/load.ts';
import { newestInstant } from '../demo/azure-devops/records.ts';
import { startAzureDevOpsSite } from '../demo/azure-devops/site.ts';
import type { Exchange } from '../demo/http/message.ts';
import {
  believableJiraBacklog,
  loadExport,
  newestInstant as newestIssueInstant,
  startJiraSite,
} from '../demo/jira/index.ts';

/** An emulated site as the demo's configuration needs it. */
export interface DemoSite {
  readonly title: string;
  /** Name of its connection. */
  readonly connection: string;
  readonly url: string;
  /** The site's own time, which stands. */
  readonly clock: Clock;
  readonly records: number;
  /** The connection and its backlogs, as `winnow.yaml` says them. */
  readonly connectionYaml: unknown;
  readonly backlogsYaml: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly file: string | null;
  readonly items: number;
  /** What time it is; null: a day after the newest record (made-up backlogs: `fallbackNow`). */
  readonly now: Date | null;
  readonly fallbackNow: Date;
  readonly onExchange?: (exchange: Exchange) => void;
}

const dayMs = 86_400_000;
const seed = 20_260_330;

/** Starts an emulated Azure DevOps organisation; each of its projects is a backlog. */
export async function startDemoAzureDevOps(options: SiteOptions): Promise<DemoSite> {
  const madeUpNow = options.now ?? options.fallbackNow;
  const records =
    options.file === null
      ? believableAzureDevOpsBacklog({ items: options.items, seed, now: madeUpNow })
      : await loadAzureDevOpsExport(options.file);
  const newest = options.file === null ? null : newestInstant(records);
  const now = options.now ?? (newest === null ? madeUpNow : new Date(newest.getTime() + dayMs));
  const clock: Clock = { now: () => now };
  const { onExchange } = options;
  const site = await startAzureDevOpsSite({ clock, records, ...(onExchange === undefined ? {} : { onExchange }) });
  const connection = 'demo-ado';
  return {
    title: 'Azure DevOps',
    connection,
    url: site.url,
    clock,
    records: records.items.length,
    connectionYaml: { tracker: 'azure-devops', url: site.url, auth: { pat: site.pat } },
    backlogsYaml: Object.fromEntries(
      site.projects.map(project => [backlogName(project.name), { connection, project: project.name, mode: 'apply' }]),
    ),
    close: () => site.close(),
  };
}

/** Starts an emulated Jira Cloud site; each of its projects is a backlog, by its board. */
export async function startDemoJira(options: SiteOptions): Promise<DemoSite> {
  const madeUpNow = options.now ?? options.fallbackNow;
  const records =
    options.file === null
      ? believableJiraBacklog({ items: options.items, seed, now: madeUpNow })
      : await loadExport(options.file);
  const newest = options.file === null ? null : newestIssueInstant(records);
  const now = options.now ?? (newest === null ? madeUpNow : new Date(newest.getTime() + dayMs));
  const clock: Clock = { now: () => now };
  const { onExchange } = options;
  const site = await startJiraSite({ clock, records, ...(onExchange === undefined ? {} : { onExchange }) });
  const connection = 'demo-jira';
  return {
    title: 'Jira Cloud',
    connection,
    url: site.url,
    clock,
    records: records.length,
    connectionYaml: { tracker: 'jira', url: site.url, auth: { email: site.email, apiToken: site.apiToken } },
    backlogsYaml: Object.fromEntries(
      site.boards.map(board => [backlogName(board.projectKey), { connection, board: board.id, mode: 'apply' }]),
    ),
    close: () => site.close(),
  };
}

/** Names of projects may hold what names in `winnow.yaml` may not. */
export function backlogName(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return clean === '' ? 'backlog' : clean;
}
