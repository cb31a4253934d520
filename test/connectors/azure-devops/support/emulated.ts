import { afterEach } from 'vitest';
import { createAzureDevOpsConnection } from '../../../../src/connectors/azure-devops/index.ts';
import type {
  BacklogRequest,
  MetadataCache,
  ReadItem,
  ReadOptions,
  TrackerBacklog,
} from '../../../../src/connectors/connector.ts';
import type { ProjectSpec, SeedItem } from '../../../../src/demo/azure-devops/records.ts';
import { startAzureDevOpsSite, type AzureDevOpsSite } from '../../../../src/demo/azure-devops/site.ts';
import { personNamed } from '../../../../src/demo/azure-devops/identity.ts';
import type { BacklogItem, ItemRef } from '../../../../src/item.ts';
import { silentLog } from '../../../../src/log.ts';
import { aRequest, ref } from './values.ts';
import { memoryCache } from './wire.ts';

export interface World {
  readonly site: AzureDevOpsSite;
  readonly cache: MetadataCache;
  readonly slept: number[];
  readonly options: ReadOptions;
  /** Lets time pass. */
  pass(ms: number): void;
  now(): Date;
  /** A story in the team's backlog. */
  story(title: string, fields?: Readonly<Record<string, unknown>>): number;
  open(over?: Partial<BacklogRequest>): Promise<TrackerBacklog>;
}

const opened: (() => Promise<void>)[] = [];

/** Closes every site and connection of a test. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
}

const begin = Date.parse('2026-03-10T12:00:00Z');

/** An emulated organisation with one project, Payments, and a connection to it. */
export async function aWorld(
  spec: Partial<ProjectSpec> & { readonly items?: readonly SeedItem[]; readonly feedPageSize?: number } = {},
): Promise<World> {
  const { items = [], feedPageSize = 200, ...project } = spec;
  let now = begin;
  const clock = { now: () => new Date(now) };
  const pass = (ms: number): void => void (now += ms);
  const projects = [{ name: 'Payments', ...project }];
  const site = await startAzureDevOpsSite({ clock, feedPageSize, records: { projects, items } });
  const cache = memoryCache();
  const slept: number[] = [];
  opened.push(() => site.close());
  return {
    site,
    cache,
    slept,
    pass,
    options: { now: clock.now(), historySince: null, signal: new AbortController().signal, progress: () => undefined },
    now: () => clock.now(),
    story: (title, fields = {}) => {
      pass(1_000);
      return site.createItem({ project: 'Payments', type: 'User Story', title, fields });
    },
    open(over = {}) {
      const connection = createAzureDevOpsConnection(
        {
          name: 'acme',
          tracker: 'azure-devops',
          url: site.url,
          ignoreActors: [],
          auth: { kind: 'pat', pat: site.pat },
          webhook: null,
        },
        {
          clock,
          log: silentLog,
          metadata: cache,
          sleep: ms => {
            slept.push(ms);
            pass(ms);
            return Promise.resolve();
          },
          chance: () => 0,
        },
      );
      opened.push(() => connection.close());
      return connection.openBacklog(aRequest(over));
    },
  };
}

export interface Snapshot {
  readonly items: Map<ItemRef, BacklogItem>;
  readonly read: readonly ReadItem[];
  cursor: unknown;
}

export async function readAll(backlog: TrackerBacklog, options: ReadOptions): Promise<Snapshot> {
  const read: ReadItem[] = [];
  const { cursor } = await backlog.readAll(options, page => void read.push(...page));
  return { read, items: new Map(read.map(({ item }) => [item.ref, item])), cursor };
}

/** Reads changes into the snapshot, as a round does; returns what was told. */
export async function readChanges(
  backlog: TrackerBacklog,
  snapshot: Snapshot,
  options: ReadOptions,
  also: readonly number[] = [],
): Promise<{
  readonly read: readonly ReadItem[];
  readonly left: readonly ItemRef[];
  readonly of: (id: number) => ReadItem;
}> {
  const read: ReadItem[] = [];
  const from = { cursor: snapshot.cursor, known: new Map(snapshot.items), also: also.map(ref) };
  const end = await backlog.readChanges(from, options, page => void read.push(...page));
  // State is JSON in the store: what a memo holds must survive it.
  for (const { item } of read) {
    const memo: unknown = JSON.parse(JSON.stringify(item.memo));
    snapshot.items.set(item.ref, { ...item, memo });
  }
  for (const gone of end.left) snapshot.items.delete(gone);
  snapshot.cursor = JSON.parse(JSON.stringify(end.cursor));
  const of = (id: number): ReadItem => {
    const found = read.find(({ item }) => item.ref === ref(id));
    if (found === undefined) throw new Error(`${id} was not told`);
    return found;
  };
  return { read, left: end.left, of };
}

export const robot = { ...personNamed('Some Pipeline'), descriptor: 'svc.cGlwZQ' };
