import { createAzureDevOpsConnection } from '../../src/connectors/azure-devops/index.ts';
import type { BacklogRequest, Connection } from '../../src/connectors/connector.ts';
import { createJiraConnection } from '../../src/connectors/jira/index.ts';
import { believableAzureDevOpsBacklog, startAzureDevOpsSite } from '../../src/demo/azure-devops/index.ts';
import type { Faults } from '../../src/demo/http/faults.ts';
import { believableJiraBacklog, startJiraSite } from '../../src/demo/jira/index.ts';
import { silentLog } from '../../src/log.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import type { Scope } from '../../src/settings.ts';
import { clean } from '../../src/sync/clean.ts';
import { reconcile, type RoundResult } from '../../src/sync/reconcile.ts';
import type { RoundReport } from '../../src/sync/ports.ts';
import type { RoundParts, RoundRequest } from '../../src/sync/round.ts';
import { createInMemoryJournal, createInMemoryState } from './in-memory-store.ts';
import { someSettings } from './round-world.ts';

/** An item as anybody sees it on the site. */
export interface Seen {
  readonly key: string;
  readonly labels: readonly string[];
  /** All that Winnow never writes. */
  readonly rest: string;
}

/** A lived-in backlog on an emulated tracker, with rounds over the real connector and a store in memory. */
export interface TrackerWorld {
  readonly faults: Faults;
  round(over?: Partial<RoundRequest>): Promise<RoundResult>;
  clean(): Promise<RoundReport>;
  /** A person puts an item before all others that it can be put before. */
  dragUp(key: string): void;
  /** In the tracker's order. */
  look(): readonly Seen[];
  pass(ms: number): void;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly items: number;
  readonly seed: number;
  readonly quietMinutes?: number;
}

interface Site {
  readonly faults: Faults;
  readonly scope: Scope;
  readonly blockers: string;
  readonly connection: Connection;
  look(): readonly Seen[];
  dragUp(key: string): void;
  close(): Promise<void>;
}

interface Ticking {
  readonly clock: { now: () => Date };
  readonly sleep: (ms: number) => Promise<void>;
}

export const trackers = [
  ['Jira', (options: WorldOptions) => worldOver('jira', options, jiraSite)],
  ['Azure DevOps', (options: WorldOptions) => worldOver('azure-devops', options, azureDevOpsSite)],
] as const;

async function worldOver(
  tracker: 'jira' | 'azure-devops',
  options: WorldOptions,
  start: (options: WorldOptions, time: Ticking) => Promise<Site>,
): Promise<TrackerWorld> {
  let time = Date.parse('2026-06-01T10:00:00Z');
  const clock = { now: () => new Date(time) };
  const pass = (ms: number): void => void (time += ms);
  const site = await start(options, { clock, sleep: async ms => pass(ms) });
  const { scope, connection, blockers } = site;
  const [journal, state] = [createInMemoryJournal(), createInMemoryState()];
  const { quietMinutes = 0 } = options;
  const limits = { maxMoves: 1e4, maxMovedShare: 1, maxLabelChanges: 1e4, writesPerItemPerDay: 1e3, quietMinutes };
  const links = { linkTypes: [blockers] };
  const settings = someSettings({ tracker, connection: 'acme', scope, limits, blockers: links });
  const open: BacklogRequest = {
    ...{ name: settings.name, scope, sources: {}, scoreField: null, blockerLinkTypes: [blockers] },
    ...{ ignoreActors: [], timezone: 'UTC' },
  };
  const request: RoundRequest = {
    ...{ settings, model: builtinModel, purpose: 'run', apply: true, sweep: false, touched: [] },
    ...{ liftLimits: false, otherWriters: [], savedPlan: null },
  };
  let rounds = 0;
  const parts = async (): Promise<RoundParts> => ({
    ...{ connection, backlog: await connection.openBacklog(open), state, journal, clock, ignoreActors: [] },
    ...{ signal: new AbortController().signal, log: silentLog },
    ...{ newRoundId: () => `r${++rounds}`, progress: () => undefined },
  });
  return {
    faults: site.faults,
    look: site.look,
    dragUp: site.dragUp,
    close: site.close,
    pass,
    async round(over = {}) {
      pass(60_000);
      return reconcile({ ...request, ...over }, await parts());
    },
    async clean() {
      pass(60_000);
      return clean(request, await parts());
    },
  };
}

function memory() {
  const held = new Map<string, unknown>();
  return {
    get: async (key: string): Promise<unknown> => structuredClone(held.get(key)),
    put: async (key: string, value: unknown): Promise<void> => void held.set(key, structuredClone(value)),
  };
}

async function jiraSite({ items, seed }: WorldOptions, { clock, sleep }: Ticking): Promise<Site> {
  const site = await startJiraSite({ clock, records: believableJiraBacklog({ items, seed, now: clock.now() }) });
  const board = site.boards[0]?.id ?? 0;
  const auth = { kind: 'basic' as const, email: site.email, apiToken: site.apiToken };
  const settings = { name: 'acme', tracker: 'jira' as const, url: site.url, ignoreActors: [], auth, webhook: null };
  const deps = { clock, log: silentLog, metadata: memory(), chance: () => 0, sleep };
  return {
    faults: site.faults,
    scope: { kind: 'jira-board', board },
    blockers: 'Blocks',
    connection: createJiraConnection(settings, deps),
    look: () =>
      site.order(board).map(key => {
        const { labels, summary, description, status, type, priority, storyPoints, comments } = site.issue(key);
        return {
          key,
          labels: [...labels].sort(),
          rest: JSON.stringify([summary, description, status, type, priority, storyPoints, comments]),
        };
      }),
    dragUp: key => site.rank(key, { before: site.order(board).find(other => other !== key) ?? '' }, 'Ada Park'),
    close: () => site.close(),
  };
}

async function azureDevOpsSite({ items, seed }: WorldOptions, { clock, sleep }: Ticking): Promise<Site> {
  const records = believableAzureDevOpsBacklog({ items, seed, now: clock.now() });
  const site = await startAzureDevOpsSite({ clock, records });
  const project = site.projects[0]?.name ?? '';
  const connection = createAzureDevOpsConnection(
    {
      ...{ name: 'acme', tracker: 'azure-devops', url: site.url, ignoreActors: [], webhook: null },
      auth: { kind: 'pat', pat: site.pat },
    },
    { clock, log: silentLog, metadata: memory(), chance: () => 0, sleep },
  );
  return {
    faults: site.faults,
    scope: { kind: 'azure-devops', project, team: null, level: null },
    blockers: 'Dependency-Forward',
    connection,
    look: () =>
      site.order(project).map(id => {
        const { tags, title, state, type, effort, parent } = site.item(id);
        return {
          key: String(id),
          labels: [...tags].sort(),
          rest: JSON.stringify([title, state, type, effort, parent, site.item(id).fields['System.Description']]),
        };
      }),
    dragUp(key) {
      // Items can be dragged among children of one parent only.
      const { parent } = site.item(Number(key));
      const fits = (other: number): boolean => String(other) !== key && site.item(other).parent === parent;
      const before = site.order(project).find(fits) ?? 0;
      site.reorder(Number(key), { before }, 'Ada Park');
    },
    async close() {
      await connection.close();
      await site.close();
    },
  };
}
