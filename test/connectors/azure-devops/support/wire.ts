import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createAzureDevOpsConnection } from '../../../../src/connectors/azure-devops/index.ts';
import type { Connection, MetadataCache, ReadOptions, TrackerBacklog } from '../../../../src/connectors/connector.ts';
import { locationWire, resources } from '../../../../src/demo/azure-devops/resources.ts';
import { silentLog } from '../../../../src/log.ts';
import type { AzureDevOpsAuth } from '../../../../src/settings.ts';
import { aRequest, aScope } from './values.ts';

export const host = 'https://dev.azure.com';
export const start = new Date('2026-03-10T12:00:00Z');

/** Every request must be expected, and every expected request made. */
export function useWire(): void {
  const strays: string[] = [];
  const stray = (request: { method?: string; path?: string; options?: { method?: string; path?: string } }): void => {
    const { method, path } = request.options ?? request;
    strays.push(`${method} ${path}`);
  };
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
    nock.emitter.on('no match', stray);
  });
  beforeEach(() => strays.splice(0));
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    expect(pending).toEqual([]);
    expect(strays).toEqual([]);
  });
  afterAll(() => {
    nock.emitter.off('no match', stray);
    nock.enableNetConnect();
    nock.restore();
  });
}

export function memoryCache(
  seed: Readonly<Record<string, unknown>> = {},
): MetadataCache & { readonly keys: () => string[] } {
  const kept = new Map(Object.entries(seed));
  return {
    get: key => Promise.resolve(kept.get(key)),
    put: (key, value) => Promise.resolve(void kept.set(key, JSON.parse(JSON.stringify(value)))),
    keys: () => [...kept.keys()],
  };
}

const places = Object.values(resources).map(locationWire);
const placesOf = (area: string): unknown => places.filter(place => (place as { area: string }).area === area);

export const routes = {
  'azure-devops:locations:wit': placesOf('wit'),
  'azure-devops:locations:work': placesOf('work'),
  'azure-devops:locations:core': placesOf('core'),
};

const field = (ref: string, numeric = false) => ({
  ref,
  name: ref.split('.').at(-1) ?? ref,
  numeric,
  readOnly: false,
  text: null,
});
export const someFields = [
  'System.Id System.TeamProject System.WorkItemType System.Title System.State System.AreaPath System.IterationPath',
  'System.CreatedDate System.ChangedDate System.ChangedBy System.Tags System.CommentCount System.IsDeleted',
]
  .flatMap(line => line.split(' ').map(name => field(name)))
  .concat([field('Microsoft.VSTS.Common.StackRank', true), field('Microsoft.VSTS.Scheduling.StoryPoints', true)]);

/** A cache that knows routes, team and fields: what a warm process has. */
export function warmCache(): ReturnType<typeof memoryCache> {
  return memoryCache({
    ...routes,
    'azure-devops:backlog:["Payments",null,null]': { scope: aScope(), fields: someFields },
  });
}

export interface Bench {
  readonly connection: Connection;
  readonly slept: number[];
  readonly options: ReadOptions;
  readonly stop: AbortController;
  now(): Date;
  open(): Promise<TrackerBacklog>;
}

/** A connection whose clock moves only when it sleeps. */
export function aBench(
  over: { auth?: AzureDevOpsAuth; metadata?: MetadataCache; chance?: number; url?: string } = {},
): Bench {
  const slept: number[] = [];
  let now = start.getTime();
  const stop = new AbortController();
  const connection = createAzureDevOpsConnection(
    {
      name: 'acme',
      tracker: 'azure-devops',
      url: over.url ?? `${host}/acme`,
      ignoreActors: [],
      auth: over.auth ?? { kind: 'pat', pat: 'hunter2' },
      webhook: null,
    },
    {
      clock: { now: () => new Date(now) },
      log: silentLog,
      metadata: over.metadata ?? warmCache(),
      sleep(ms) {
        slept.push(ms);
        now += ms;
        return Promise.resolve();
      },
      chance: () => over.chance ?? 0,
    },
  );
  const options = { now: start, historySince: null, signal: stop.signal, progress: () => undefined };
  return { connection, slept, options, stop, now: () => new Date(now), open: () => connection.openBacklog(aRequest()) };
}

/** The answer to "who am I", which opening a backlog asks once. */
export function whoAmI(headers: nock.ReplyHeaders = {}): nock.Scope {
  return nock(host)
    .get('/acme/_apis/connectionData')
    .reply(
      200,
      { authenticatedUser: { id: 'me', providerDisplayName: 'Winnow Service' }, deploymentType: 'hosted' },
      headers,
    );
}

export const anItemAnswer = (id: number, over: Readonly<Record<string, unknown>> = {}, rev = 1) => ({
  id,
  rev,
  fields: {
    'System.TeamProject': 'Payments',
    'System.WorkItemType': 'User Story',
    'System.State': 'New',
    'System.AreaPath': 'Payments',
    'System.IterationPath': 'Payments',
    'System.CreatedDate': '2026-01-01T00:00:00Z',
    'System.ChangedDate': '2026-01-02T00:00:00Z',
    ...over,
  },
});
