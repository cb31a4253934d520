import type { Clock } from '../../clock.ts';
import type { Exchange } from '../http/message.ts';
import type { Faults } from '../http/faults.ts';
import { createPostBox } from '../http/post-box.ts';
import { startHttpSite, type HttpSite } from '../http/server.ts';
import { createThrottle } from '../http/throttle.ts';
import { createActs, type Acts } from './acts.ts';
import { createBulkEdits, type BulkEdits } from './bulk-edits.ts';
import { createHandler } from './handle.ts';
import { createInspection, type Inspection } from './inspection.ts';
import { collect, type RawIssue } from './load.ts';
import type { Person, World } from './model.ts';
import { addPerson } from './people.ts';
import { rebalance } from './ranking.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createSwitches, type Switches } from './switches.ts';
import { createTokens } from './tokens.ts';
import { createWebhooks, type JiraWebhooks } from './webhooks.ts';
import { createWorld, type BoardWish } from './world.ts';

export interface JiraSiteOptions {
  readonly clock: Clock;
  /** Issues as Jira's REST API returned them. */
  readonly records?: Iterable<RawIssue> | AsyncIterable<RawIssue>;
  /** One scrum board per project when absent. */
  readonly boards?: readonly BoardWish[];
  readonly projects?: readonly { readonly key: string; readonly name: string }[];
  /** Further number fields by name, e.g. one for the score. */
  readonly numberFields?: readonly string[];
  /** Further text fields by name. */
  readonly textFields?: Readonly<Record<string, 'paragraph' | 'text'>>;
  /** Whose the token is; an account id of the records makes it that person's. A service account when absent. */
  readonly account?: { readonly displayName: string; readonly accountId?: string };
  readonly onExchange?: (exchange: Exchange) => void;
  readonly port?: number;
  /** Most issues with fields on one page; 100 as measured on real sites. */
  readonly pageSize?: number;
  /** Minutes east of UTC of the times in answers; 0 when absent. */
  readonly offsetMinutes?: number;
  /** Zone of the account's profile, in which JQL dates are read; UTC when absent. */
  readonly timeZone?: string;
  /** How long search goes on seeing the past; 0 when absent. */
  readonly indexLagMs?: number;
  /** Requests at once, and per second, for each method and path; nobody is throttled when absent. */
  readonly throttle?: { readonly burst: number; readonly perSecond: number };
  /** Pauses between tries of a webhook delivery; Jira's own (5 to 15 minutes) when absent. */
  readonly webhookPausesMs?: readonly number[];
}

export interface SiteBoard {
  readonly id: number;
  readonly name: string;
  readonly projectKey: string;
  readonly type: 'scrum' | 'kanban';
}

export interface Counters {
  readonly read: number;
  readonly write: number;
  /** `GET /rest/api/3/field` -> times. */
  readonly byRoute: Readonly<Record<string, number>>;
}

export interface JiraSite extends Acts, Inspection {
  readonly url: string;
  readonly email: string;
  readonly apiToken: string;
  /** For `Authorization: Bearer`. */
  readonly accessToken: string;
  readonly boards: readonly SiteBoard[];
  readonly faults: Faults;
  readonly switches: Switches;
  readonly webhooks: JiraWebhooks;
  calls(): Counters;
  exchanges(): readonly Exchange[];
  /** Forgets calls, exchanges and mails. */
  forget(): void;
  people(): readonly Person[];
  addPerson(person: {
    readonly displayName: string;
    readonly accountType?: 'atlassian' | 'app';
    readonly accountId?: string;
  }): Person;
  /** New ranks for all, in the next bucket, order unchanged. */
  rebalance(): void;
  close(): Promise<void>;
}

const CREDENTIALS = {
  email: 'winnow@example.com',
  apiToken: 'emulated-api-token',
  accessToken: 'emulated-access-token',
} as const;

/** Starts an emulated Jira Cloud site on the loopback address. */
export async function startJiraSite(options: JiraSiteOptions): Promise<JiraSite> {
  const records = await collect(options.records ?? []);
  const later: { handle?: ReturnType<typeof createHandler> } = {};
  const http = await startHttpSite({
    clock: options.clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.onExchange === undefined ? {} : { onExchange: options.onExchange }),
    handle: request => later.handle?.(request) ?? { status: 503 },
  });
  const world = createWorld({
    ...options,
    base: http.url,
    records,
    account: options.account ?? { displayName: 'Winnow' },
  });
  const parts = {
    world,
    http,
    signIn: createSignIn(CREDENTIALS),
    tokens: createTokens(),
    bulkEdits: createBulkEdits(world),
  };
  const counters = createCounters();
  later.handle = createHandler({
    ...parts,
    pageSize: options.pageSize ?? 100,
    throttle: options.throttle === undefined ? null : createThrottle(options.throttle, options.clock),
    count: counters.count,
  });
  return siteOf({ ...parts, webhooks: createWebhooks(world, createPostBox(), options.webhookPausesMs) }, counters);
}

interface Parts {
  readonly world: World;
  readonly http: HttpSite;
  readonly signIn: SignIn;
  readonly tokens: ReturnType<typeof createTokens>;
  readonly bulkEdits: BulkEdits;
}

function siteOf(
  parts: Parts & { readonly webhooks: JiraWebhooks },
  counters: ReturnType<typeof createCounters>,
): JiraSite {
  const { world, http, bulkEdits, webhooks } = parts;
  return {
    ...CREDENTIALS,
    url: http.url,
    boards: world.boards.map(({ id, name, type, project }) => ({ id, name, projectKey: project.key, type })),
    faults: http.faults,
    switches: createSwitches(parts),
    webhooks,
    ...settled(createActs(world), bulkEdits),
    ...settled(createInspection(world), bulkEdits),
    calls: counters.all,
    exchanges: () => http.exchanges.all(),
    forget() {
      counters.clear();
      http.exchanges.clear();
      world.mails.length = 0;
    },
    people: () => [...world.people.values()],
    addPerson: person => addPerson(person, world.people),
    rebalance: () => rebalance(world),
    close() {
      webhooks.post.close();
      return http.close();
    },
  };
}

/** Whoever acts or looks from outside finds accepted bulk edits done. */
function settled<T extends object>(part: T, bulkEdits: BulkEdits): T {
  const wrapped = Object.entries(part).map(([name, act]: [string, (...args: unknown[]) => unknown]) => [
    name,
    (...args: unknown[]): unknown => {
      bulkEdits.work();
      return act(...args);
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

function createCounters(): {
  count: (route: { readonly method: string; readonly template: string; readonly effect: 'read' | 'write' }) => void;
  all: () => Counters;
  clear: () => void;
} {
  let [read, write] = [0, 0];
  let byRoute: Record<string, number> = {};
  return {
    count({ method, template, effect }) {
      if (effect === 'read') read += 1;
      else write += 1;
      const name = `${method} ${template}`;
      byRoute[name] = (byRoute[name] ?? 0) + 1;
    },
    all: () => ({ read, write, byRoute: { ...byRoute } }),
    clear() {
      [read, write] = [0, 0];
      byRoute = {};
    },
  };
}
