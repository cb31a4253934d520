import { stringify } from 'yaml';
import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../src/demo/azure-devops/index.ts';
import { believableJiraBacklog, startJiraSite } from '../src/demo/jira/index.ts';
import type { Tracker } from '../src/item.ts';
import { serve } from './servant.ts';

/** An emulated site in a process of its own, so that its memory and time are not the product's. */
export type SiteOrder =
  | { readonly order: 'start'; readonly tracker: Tracker; readonly items: number; readonly now: string }
  | { readonly order: 'now'; readonly now: string }
  /** A person raises an item's priority and gives it a date. */
  | { readonly order: 'edit'; readonly key: string }
  | { readonly order: 'stop' };

export interface SiteAddress {
  /** `winnow.yaml` with the site's backlog, in mode apply. */
  readonly yaml: string;
  /** Items with fields that one read returns at most. */
  readonly pageSize: number;
}

interface BenchSite {
  readonly address: SiteAddress;
  edit(key: string): void;
  close(): Promise<void>;
}

let now = new Date(0);
const clock = { now: () => now };
let site: BenchSite | null = null;

async function startJira(items: number): Promise<BenchSite> {
  const jira = await startJiraSite({ clock, records: believableJiraBacklog({ items, seed: 1, now }) });
  const auth = { email: jira.email, apiToken: jira.apiToken };
  const person = jira.people()[0]?.displayName ?? '';
  return {
    address: {
      yaml: stringify({
        connections: { acme: { tracker: 'jira', url: jira.url, auth } },
        backlogs: { shop: { board: jira.boards[0]?.id, mode: 'apply' } },
      }),
      pageSize: 100,
    },
    edit: key => jira.editIssue(key, { priority: { name: 'Highest' }, duedate: '2026-04-01' }, person),
    close: () => jira.close(),
  };
}

async function startAzureDevOps(items: number): Promise<BenchSite> {
  const records = believableAzureDevOpsBacklog({ items, seed: 1, now });
  const organisation = await startAzureDevOpsSite({ clock, records, keepExchanges: 1, feedPageSize: 1_000 });
  return {
    address: {
      yaml: stringify({
        connections: { acme: { tracker: 'azure-devops', url: organisation.url, auth: { pat: organisation.pat } } },
        backlogs: { payments: { project: organisation.projects[0]?.name, mode: 'apply' } },
      }),
      pageSize: 200,
    },
    edit: key =>
      void organisation.edit(Number(key), {
        'Microsoft.VSTS.Common.Priority': 1,
        'Microsoft.VSTS.Scheduling.DueDate': '2026-04-01T00:00:00Z',
      }),
    close: () => organisation.close(),
  };
}

serve<SiteOrder>(async order => {
  switch (order.order) {
    case 'start':
      now = new Date(order.now);
      site = await (order.tracker === 'jira' ? startJira(order.items) : startAzureDevOps(order.items));
      return site.address;
    case 'now':
      now = new Date(order.now);
      return null;
    case 'edit':
      site?.edit(order.key);
      return null;
    case 'stop':
      await site?.close();
      process.disconnect();
      return null;
    default:
      return order satisfies never;
  }
});
