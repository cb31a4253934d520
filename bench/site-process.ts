import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../src/demo/azure-devops/index.ts';

/** An emulated site in a process of its own, so that its memory and time are not the product's. */
export type SiteOrder =
  | { readonly order: 'start'; readonly items: number; readonly now: string }
  | { readonly order: 'now'; readonly now: string }
  | { readonly order: 'edit'; readonly id: number }
  | { readonly order: 'stop' };

export interface SiteAddress {
  readonly url: string;
  readonly token: string;
}

let now = new Date(0);
let site: Awaited<ReturnType<typeof startAzureDevOpsSite>> | null = null;

async function obey(order: SiteOrder): Promise<unknown> {
  switch (order.order) {
    case 'start': {
      now = new Date(order.now);
      const records = believableAzureDevOpsBacklog({ items: order.items, seed: 1, now });
      site = await startAzureDevOpsSite({ clock: { now: () => now }, records, keepExchanges: 1, feedPageSize: 1_000 });
      return { url: site.url, token: site.pat } satisfies SiteAddress;
    }
    case 'now':
      now = new Date(order.now);
      return null;
    case 'edit':
      site?.edit(order.id, {
        'Microsoft.VSTS.Common.Priority': 1,
        'Microsoft.VSTS.Scheduling.DueDate': '2026-04-01T00:00:00Z',
      });
      return null;
    case 'stop':
      await site?.close();
      process.disconnect();
      return null;
    default:
      return order satisfies never;
  }
}

process.on('message', (order: SiteOrder) => {
  obey(order).then(
    answer => process.connected && process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
