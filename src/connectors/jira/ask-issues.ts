import { BadAnswerError, ConfigError, InternalError, RejectedError } from '../../errors.ts';
import { propertyKey } from './explanation.ts';
import { parse } from './metadata.ts';
import { chunks, followPages } from './pages.ts';
import { WireBulkIssues, WireIdPage, WireIssuePage, WireProperties, type WireIssue } from './schema.ts';
import type { JiraSession } from './session.ts';
import type { Answer } from './call.ts';
import type { Endpoints } from './vendor.ts';

export interface Query {
  /** In the middle of a sentence. */
  readonly what: string;
  readonly signal: AbortSignal;
  /** Narrows the scope or, for a search, is the whole query. */
  readonly jql: string | null;
  /** Numeric ids that must be told as they are now, whatever the index says; at most 50. */
  readonly reconcile: readonly string[];
}

/** Pages hold 100 issues with fields, 5000 with ids only. */
const fullPage = 100;
const idPage = 5000;
/** What may be fetched by id in one request. */
const bulkSize = 100;
export const mostReconciled = 50;

/** The scope in the tracker's order, page by page, with fields. */
export function readScope(
  session: JiraSession,
  query: Query,
  take: (page: readonly WireIssue[]) => void | Promise<void>,
): Promise<void> {
  return followPages(
    query.what,
    async token => {
      const page = parse(
        await askScope(session, query, { token, fields: session.wanted, size: fullPage }),
        WireIssuePage,
        query.what,
      );
      return { ...page, entries: await withProperties(session, query, page.issues) };
    },
    take,
  );
}

/** Ids of the scope in the tracker's order. */
export async function readScopeIds(session: JiraSession, query: Query): Promise<readonly string[]> {
  const ids = new Set<string>();
  await followPages(
    query.what,
    async token => {
      const page = parse(
        await askScope(session, query, { token, fields: ['id'], size: idPage }),
        WireIdPage,
        query.what,
      );
      return { ...page, entries: page.issues };
    },
    page => page.forEach(issue => ids.add(issue.id)),
  );
  return [...ids];
}

/** Any search, page by page, with fields. */
export function searchIssues(
  session: JiraSession,
  query: Query & { readonly jql: string; readonly fields: readonly string[] },
  take: (page: readonly WireIssue[]) => void,
): Promise<void> {
  return followPages(
    query.what,
    async token => {
      const answer = await askSearch(session, query, { token, fields: query.fields, size: fullPage });
      const page = parse(answer, WireIssuePage, query.what);
      return { ...page, entries: page.issues };
    },
    take,
  );
}

/** Ids that a search finds. */
export async function searchIds(
  session: JiraSession,
  query: Query & { readonly jql: string },
): Promise<readonly string[]> {
  const ids = new Set<string>();
  await followPages(
    query.what,
    async token => {
      const answer = await askSearch(session, query, { token, fields: ['id'], size: idPage });
      const page = parse(answer, WireIdPage, query.what);
      return { ...page, entries: page.issues };
    },
    page => page.forEach(issue => ids.add(issue.id)),
  );
  return [...ids];
}

/** Issues by id, never by search. Ids that Jira does not return are in `missing`. */
export async function fetchByIds(
  session: JiraSession,
  ids: readonly string[],
  options: { readonly what: string; readonly signal: AbortSignal; readonly fields: readonly string[] },
): Promise<{ readonly issues: readonly WireIssue[]; readonly missing: readonly string[] }> {
  const issues: WireIssue[] = [];
  for (const chunk of chunks(ids.map(numeric), bulkSize)) {
    const answer = await session.transport.ask(
      { kind: 'read', what: options.what, signal: options.signal },
      ({ cloud, client }) =>
        cloud.bulkFetchIssues(client, {
          issueIdsOrKeys: [...chunk],
          fields: [...options.fields],
          ...propertiesFor(session, options.fields),
        }),
    );
    issues.push(...parse(answer, WireBulkIssues, options.what).issues);
  }
  const found = new Set(issues.map(issue => issue.id));
  return { issues, missing: ids.filter(id => !found.has(id)) };
}

type BacklogParameters = Parameters<Endpoints['agile']['getIssuesForBacklog']>[1];

interface Page {
  readonly token: string | undefined;
  readonly fields: readonly string[];
  readonly size: number;
}

function askScope(session: JiraSession, query: Query, page: Page): Promise<Answer> {
  const { scope } = session;
  if (scope.kind === 'jql') {
    const narrowed = query.jql === null ? scope.jql : `${scope.jql} AND ${query.jql}`;
    const asked = { ...query, jql: `${narrowed} ORDER BY ${session.fields.rank.jql} ASC` };
    const answer = askSearch(session, asked, page);
    return page.token === undefined ? answer.catch(error => blameQuery(session, error)) : answer;
  }
  const asked: BacklogParameters = {
    boardId: scope.board,
    maxResults: page.size,
    ...(page.token === undefined ? {} : { nextPageToken: page.token }),
    ...(query.jql === null ? {} : { jql: query.jql }),
    ...reconciled(query),
  };
  // The OpenAPI document types `fields` as a list of objects, and jira.js follows it; Jira reads names.
  const fields = page.fields as unknown as NonNullable<BacklogParameters['fields']>;
  return session.transport.ask({ kind: 'read', ...query }, ({ agile, client }) =>
    agile.getIssuesForBacklog(client, { ...asked, fields }),
  );
}

/** A first page that Jira does not take means that it does not take the configured query. */
function blameQuery({ name }: JiraSession, error: unknown): never {
  if (!(error instanceof RejectedError) || error.status !== 400) throw error;
  throw new ConfigError(`backlogs.${name}.jql is not a query that Jira understands. ${error.message}`, {
    cause: error,
  });
}

function askSearch(session: JiraSession, query: Query & { readonly jql: string }, page: Page): Promise<Answer> {
  return session.transport.ask({ kind: 'read', ...query }, ({ cloud, client }) =>
    cloud.searchAndReconsileIssuesUsingJqlPost(client, {
      jql: query.jql,
      fields: [...page.fields],
      maxResults: page.size,
      ...(page.token === undefined ? {} : { nextPageToken: page.token }),
      ...propertiesFor(session, page.fields),
      ...reconciled(query),
    }),
  );
}

/** The property that holds our explanation, where whole issues are asked for. */
function propertiesFor({ fields, wanted }: JiraSession, asked: readonly string[]): { properties?: string[] } {
  return fields.explanation?.kind === 'property' && asked.length >= wanted.length ? { properties: [propertyKey] } : {};
}

/** Boards' lists do not tell properties: they are asked for by id, a page at a time. */
async function withProperties(
  session: JiraSession,
  query: Query,
  page: readonly WireIssue[],
): Promise<readonly WireIssue[]> {
  const { scope, fields } = session;
  if (scope.kind !== 'board' || fields.explanation?.kind !== 'property' || page.length === 0) return page;
  const held = new Map<string, WireIssue['properties']>();
  const call = { kind: 'read' as const, what: "reading issues' properties", signal: query.signal };
  for (const chunk of chunks(
    page.map(issue => numeric(issue.id)),
    bulkSize,
  )) {
    const answer = await session.transport.ask(call, ({ cloud, client }) =>
      cloud.bulkFetchIssues(client, { issueIdsOrKeys: [...chunk], fields: ['summary'], properties: [propertyKey] }),
    );
    for (const { id, properties } of parse(answer, WireProperties, call.what).issues) held.set(id, properties ?? {});
  }
  return page.map(issue => {
    if (held.has(issue.id)) return { ...issue, properties: held.get(issue.id) };
    // Never taken for an issue without the property, which would be written.
    throw new BadAnswerError(`Jira listed ${issue.key} and then did not tell its properties.`);
  });
}

/** The same list on every page, as Jira asks. */
function reconciled({ reconcile }: Query): { reconcileIssues?: number[] } {
  if (reconcile.length === 0) return {};
  return { reconcileIssues: reconcile.slice(0, mostReconciled).map(id => Number(numeric(id))) };
}

/** Ids come from refs, and refs from files people may edit: nothing but digits goes into a request. */
export function numeric(id: string): string {
  if (!/^\d{1,18}$/.test(id)) throw new InternalError(`not a Jira issue id: ${JSON.stringify(id)}`);
  return id;
}
