import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import { believableJiraBacklog, startJiraSite } from '../../src/demo/jira/index.ts';
import type { Clock } from '../../src/clock.ts';
import type { Faults } from '../../src/demo/http/faults.ts';
import type { Exchange } from '../../src/demo/http/message.ts';
import type { Tracker } from '../../src/item.ts';

/** What Winnow did to one item, as the tracker's own history tells it. */
export interface OwnActs {
  readonly moves: number;
  /** Own labels in the order they came and went: `+winnow-stale`, `-winnow-stale`. */
  readonly labels: readonly string[];
}

/** An emulated site with one backlog; two of one tracker and time are alike. */
export interface PlainSite {
  readonly tracker: Tracker;
  readonly url: string;
  /** The method of the requests that change single items or places. */
  readonly writes: 'PUT' | 'PATCH';
  readonly faults: Faults;
  /** For `connections:`, and for `backlogs:`, as flow YAML. */
  readonly yaml: { readonly connection: string; readonly backlog: string };
  exchanges(): readonly Exchange[];
  /** A person puts an own label where it has no reason: the next round takes it off. */
  mislabel(key: string): void;
  /** Items of the backlog's list, top first. */
  order(): readonly string[];
  /** Own labels of each item, sorted. */
  labels(): Readonly<Record<string, readonly string[]>>;
  acts(): Readonly<Record<string, OwnActs>>;
  close(): Promise<void>;
}

interface SiteWish {
  readonly items: number;
  /** When the backlog's past ends. */
  readonly now: Date;
  readonly clock: Clock;
}

const mistaken = 'winnow-needs-input';
const own = (label: string): boolean => label.startsWith('winnow-');

/** Starts one. */
export function startPlainSite(tracker: Tracker, wish: SiteWish): Promise<PlainSite> {
  return tracker === 'jira' ? startJira(wish) : startAzureDevOps(wish);
}

async function startJira({ items, now, clock }: SiteWish): Promise<PlainSite> {
  const site = await startJiraSite({
    clock,
    records: believableJiraBacklog({ items, seed: 5, now }),
    account: { displayName: 'Winnow' },
  });
  const board = site.boards[0]?.id ?? 0;
  const order = (): readonly string[] => site.order(board);
  const actsOn = (key: string): OwnActs => {
    const entries = site
      .history(key)
      .filter(entry => entry.by === 'Winnow')
      .flatMap(entry => entry.items);
    const labels = entries.filter(entry => entry.field === 'labels');
    return {
      moves: entries.filter(entry => entry.field === 'Rank').length,
      labels: labels.flatMap(entry => difference(words(entry.fromString), words(entry.toString))),
    };
  };
  return {
    tracker: 'jira',
    url: site.url,
    writes: 'PUT',
    faults: site.faults,
    yaml: {
      connection: `{ tracker: jira, url: "${site.url}", auth: { email: "${site.email}", apiToken: "${site.apiToken}" } }`,
      backlog: `board: ${board}`,
    },
    exchanges: () => site.exchanges(),
    mislabel: key => site.addLabel(key, mistaken, 'Ada Park'),
    order,
    labels: () => each(order(), key => site.issue(key).labels.filter(own).sort()),
    acts: () => each(order(), actsOn),
    close: () => site.close(),
  };
}

async function startAzureDevOps({ items, now, clock }: SiteWish): Promise<PlainSite> {
  const records = believableAzureDevOpsBacklog({ items, seed: 11, now });
  const site = await startAzureDevOpsSite({ clock, records });
  const orderField = site.projects[0]?.orderField ?? '';
  const order = (): readonly string[] => site.order('Payments').map(String);
  const actsOn = (key: string): OwnActs => {
    const revisions = site.revisions(Number(key));
    const steps = revisions.flatMap((revision, index) => {
      const before = revisions[index - 1];
      return before === undefined || revision.by !== site.owner.displayName ? [] : [[before.fields, revision.fields]];
    });
    return {
      moves: steps.filter(([before, after]) => before?.[orderField] !== after?.[orderField]).length,
      labels: steps.flatMap(([before, after]) =>
        difference(tags(before?.['System.Tags']), tags(after?.['System.Tags'])),
      ),
    };
  };
  return {
    tracker: 'azure-devops',
    url: site.url,
    writes: 'PATCH',
    faults: site.faults,
    yaml: {
      connection: `{ tracker: azure-devops, url: "${site.url}", auth: { pat: "${site.pat}" } }`,
      backlog: 'project: Payments, level: Stories',
    },
    exchanges: () => site.exchanges(),
    mislabel: key => site.addTag(Number(key), mistaken, 'Ada Park'),
    order,
    labels: () => each(order(), key => site.item(Number(key)).tags.filter(own).sort()),
    acts: () => each(order(), actsOn),
    close: () => site.close(),
  };
}

function each<T>(keys: readonly string[], tell: (key: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(keys.map(key => [key, tell(key)]));
}

function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  const came = after.filter(label => own(label) && !before.includes(label)).map(label => `+${label}`);
  const went = before.filter(label => own(label) && !after.includes(label)).map(label => `-${label}`);
  return [...went, ...came];
}

function words(text: unknown): readonly string[] {
  return typeof text === 'string' ? text.split(' ') : [];
}

function tags(text: unknown): readonly string[] {
  return typeof text === 'string' ? text.split('; ') : [];
}
