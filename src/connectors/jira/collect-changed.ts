import { fetchByIds, searchIds, searchIssues } from './ask-issues.ts';
import type { Cursor } from './cursor.ts';
import { jqlString } from './jql.ts';
import type { WireIssue } from './schema.ts';
import type { JiraSession } from './session.ts';
import { talkFields } from './talk.ts';
import { refOf } from './to-item.ts';

export interface Collected {
  readonly issues: readonly WireIssue[];
  /** Ids that were to be read and that Jira did not return. */
  readonly missing: readonly string[];
}

/** A query over more projects than these would bring too much that is not ours. */
const mostProjects = 5;

interface Question {
  readonly cursor: Cursor;
  readonly also: readonly string[];
  readonly reconcile: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Issues changed since the cursor, in the scope or around it, plus `also` by id. After a round with many writes the time
 * before its end is read as ids only, for most of it is the echo of those writes.
 */
export async function collectChanged(session: JiraSession, question: Question): Promise<Collected> {
  const { cursor, also, signal } = question;
  const fields = [...session.wanted, ...talkFields];
  const issues = new Map<string, WireIssue>();
  const what = 'reading what changed';
  const since = cursor.ownThrough ?? cursor.from;
  await searchIssues(session, { ...question, what, fields, jql: changedJql(session, `updated >= ${since}`) }, page => {
    for (const issue of page) if (!issues.has(issue.id)) issues.set(issue.id, issue);
  });
  const byId = new Set(also.filter(id => !issues.has(id)));
  if (cursor.ownThrough !== null) {
    const jql = changedJql(session, `updated >= ${cursor.from} AND updated < ${cursor.ownThrough}`);
    const own = new Set(cursor.own);
    const echoes = await searchIds(session, { ...question, what, jql });
    for (const id of echoes) if (!own.has(id) && !issues.has(id)) byId.add(id);
  }
  const fetched = await fetchByIds(session, [...byId], { what, signal, fields });
  for (const issue of fetched.issues) issues.set(issue.id, issue);
  keepTalk(session, issues.values());
  return { issues: [...issues.values()], missing: fetched.missing };
}

/**
 * Epoch milliseconds need no time zone: date literals would be read in the account's own, to the minute.
 * Ascending, so that an issue that changes while we read comes again at the end instead of being skipped.
 */
function changedJql(session: JiraSession, changed: string): string {
  return `${aroundScope(session)} AND ${changed} ORDER BY updated ASC, key ASC`;
}

/** Wider than the scope where possible, so that an issue that just left it is seen to have left. */
function aroundScope({ scope, memory }: JiraSession): string {
  if (scope.kind === 'board') return `filter = ${scope.filter}`;
  const projects = [...memory.projects].sort();
  if (projects.length === 0 || projects.length > mostProjects) return scope.jql;
  return `(${scope.jql} OR project in (${projects.map(jqlString).join(', ')}))`;
}

/** Comments and worklogs came along; whoever asks for them next need not ask Jira. */
function keepTalk({ memory }: JiraSession, issues: Iterable<WireIssue>): void {
  memory.talk.clear();
  for (const { id, fields } of issues) {
    const { comment, worklog } = fields;
    memory.talk.set(refOf(id), { comment, worklog });
  }
}
