import type {
  BacklogRequest,
  Connection,
  MetadataCache,
  ReadItem,
  ReadOptions,
  TrackerBacklog,
} from '../../../../src/connectors/connector.ts';
import { createJiraConnection } from '../../../../src/connectors/jira/index.ts';
import { accountMark } from '../../../../src/connectors/jira/site.ts';
import type { JiraSettings } from '../../../../src/connectors/jira/transport.ts';
import { silentLog } from '../../../../src/log.ts';
import { expectCall, siteUrl } from './wire.ts';

export const now = new Date('2026-11-22T12:00:00Z');
export const rankField = 'customfield_10019';

/** Counts in both directions what a test waits for: nothing really waits. */
export const slept: number[] = [];

export function aCache(): MetadataCache & { readonly held: Map<string, unknown> } {
  const held = new Map<string, unknown>();
  return {
    held,
    get: async key => structuredClone(held.get(key)),
    put: async (key, value) => void held.set(key, JSON.parse(JSON.stringify(value))),
  };
}

interface ConnectionOver {
  readonly url?: string;
  readonly metadata?: MetadataCache;
  readonly bearer?: boolean;
  readonly at?: () => Date;
}

function settingsOf(over: ConnectionOver): JiraSettings {
  return {
    name: 'acme',
    tracker: 'jira',
    url: over.url ?? siteUrl,
    ignoreActors: [],
    auth:
      over.bearer === true
        ? { kind: 'bearer', accessToken: 'tok-secret' }
        : { kind: 'basic', email: 'bot@acme.test', apiToken: 'tok-secret' },
    webhook: null,
  };
}

export function aConnection(over: ConnectionOver = {}): Connection {
  slept.splice(0);
  return createJiraConnection(settingsOf(over), {
    clock: { now: over.at ?? (() => now) },
    log: silentLog,
    metadata: over.metadata ?? aCache(),
    sleep: async ms => void slept.push(ms),
    chance: () => 0,
  });
}

export const fields = [
  { id: 'summary', name: 'Summary', custom: false, schema: { type: 'string', system: 'summary' } },
  {
    id: rankField,
    name: 'Rank',
    custom: true,
    clauseNames: ['cf[10019]', 'Rank'],
    schema: { type: 'any', custom: 'com.pyxis.greenhopper.jira:gh-lexo-rank', customId: 10019 },
  },
  {
    id: 'customfield_10020',
    name: 'Sprint',
    custom: true,
    schema: { type: 'array', items: 'json', custom: 'com.pyxis.greenhopper.jira:gh-sprint', customId: 10020 },
  },
  {
    id: 'customfield_10016',
    name: 'Story point estimate',
    custom: true,
    schema: { type: 'number', custom: 'com.pyxis.greenhopper.jira:jsw-story-points', customId: 10016 },
  },
  {
    id: 'customfield_10042',
    name: 'Business value',
    custom: true,
    schema: { type: 'number', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:float', customId: 10042 },
  },
  {
    id: 'customfield_10050',
    name: 'Winnow score',
    custom: true,
    schema: { type: 'number', custom: 'com.atlassian.jira.plugin.system.customfieldtypes:float', customId: 10050 },
  },
];

export function boardConfiguration(over: object = {}): object {
  return {
    id: 12,
    name: 'SHOP board',
    type: 'scrum',
    location: { type: 'project', key: 'SHOP' },
    filter: { id: '10100' },
    columnConfig: {
      columns: [
        { name: 'To Do', statuses: [{ id: '1' }] },
        { name: 'Doing', statuses: [{ id: '3' }] },
        { name: 'Done', statuses: [{ id: '5' }] },
      ],
    },
    estimation: { type: 'field', field: { fieldId: 'customfield_10016', displayName: 'Story point estimate' } },
    ranking: { rankCustomFieldId: 10019 },
    ...over,
  };
}

/** The questions a cold connection asks before it reads a board. */
export function expectMetadata(
  over: { board?: object | null; fields?: readonly object[]; filterJql?: string } = {},
): void {
  expectCall('GET', '/rest/api/3/serverInfo', {
    body: { deploymentType: 'Cloud', baseUrl: siteUrl, version: '1001.0.0' },
  });
  expectCall('GET', '/rest/api/3/myself', {
    body: { accountId: 'me', displayName: 'Winnow', accountType: 'atlassian' },
  });
  if (over.board !== null) {
    expectCall('GET', '/rest/agile/1.0/board/12/configuration', { body: over.board ?? boardConfiguration() });
    expectCall('GET', '/rest/api/3/filter/10100', {
      body: { id: '10100', jql: over.filterJql ?? 'project = SHOP ORDER BY Rank ASC' },
    });
  }
  expectCall('GET', '/rest/api/3/field', { body: over.fields ?? fields });
  expectCall('GET', '/rest/api/3/priority/search', {
    body: {
      values: ['Highest', 'High', 'Medium', 'Low', 'Lowest'].map((name, i) => ({ id: String(i + 1), name })),
      isLast: true,
    },
  });
}

export const boardRequest: BacklogRequest = {
  name: 'shop',
  scope: { kind: 'jira-board', board: 12 },
  sources: { value: 'Business value' },
  scoreField: 'Winnow score',
  blockerLinkTypes: ['Blocks'],
  ignoreActors: [],
  timezone: 'UTC',
};

export const jqlRequest: BacklogRequest = {
  ...boardRequest,
  scope: { kind: 'jira-jql', jql: 'project = SHOP AND statusCategory = "To Do" ORDER BY created' },
};

export async function openBoard(metadata: MetadataCache = aCache(), at?: () => Date): Promise<TrackerBacklog> {
  expectMetadata();
  return aConnection({ metadata, ...(at === undefined ? {} : { at }) }).openBacklog(boardRequest);
}

export async function openJql(metadata: MetadataCache = aCache()): Promise<TrackerBacklog> {
  expectMetadata({ board: null });
  return aConnection({ metadata }).openBacklog(jqlRequest);
}

export interface IssueOver {
  readonly id?: number;
  readonly key?: string;
  readonly updated?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export function anIssue({
  id = 1,
  key = `SHOP-${id}`,
  updated = '2026-11-20T10:00:00.000+0100',
  fields: over = {},
}: IssueOver = {}): { id: string; key: string; fields: Record<string, unknown> } {
  return {
    id: String(id),
    key,
    fields: {
      summary: `Issue ${id}`,
      issuetype: { id: '10', name: 'Story', subtask: false },
      status: { id: '1', name: 'To Do', statusCategory: { key: 'new' } },
      priority: { id: '3', name: 'Medium' },
      labels: [],
      created: '2026-01-05T09:00:00.000+0100',
      updated,
      duedate: null,
      description: null,
      issuelinks: [],
      votes: { votes: 1 },
      watches: { watchCount: 2 },
      [rankField]: `0|i${String(id).padStart(5, '0')}:`,
      ...over,
    },
  };
}

export function readOptions(over: Partial<ReadOptions> = {}): ReadOptions {
  return { now, historySince: null, signal: new AbortController().signal, progress: () => undefined, ...over };
}

export function gather(): { readonly items: ReadItem[]; readonly take: (page: readonly ReadItem[]) => void } {
  const items: ReadItem[] = [];
  return { items, take: page => void items.push(...page) };
}

/** Where projects are remembered that refuse quiet edits. */
export const loudKey = `${accountMark(settingsOf({}))}:loud-projects`;

export const noHistories = { body: { issueChangeLogs: [] } };
export const backlogPath = '/rest/software/1.0/board/12/backlog';
export const searchPath = '/rest/api/3/search/jql';
export const historiesPath = '/rest/api/3/changelog/bulkfetch';
export const fetchPath = '/rest/api/3/issue/bulkfetch';
