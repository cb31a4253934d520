import type { BacklogItem, ItemRef } from '../../item.ts';
import { recentlyWritten } from './memory.ts';
import { searchIssues } from './ask-issues.ts';
import { jqlString } from './jql.ts';
import { scopeProjects } from './permissions.ts';
import type { JiraSession } from './session.ts';
import type { ReadOptions } from '../connector.ts';
import { toItem } from './to-item.ts';

/** Issues of the scope, or of its projects, that bear one of these labels, wherever they stand now. */
export async function findLabelled(
  session: JiraSession,
  labels: readonly string[],
  options: Pick<ReadOptions, 'signal' | 'now'>,
): Promise<readonly BacklogItem[]> {
  if (labels.length === 0) return [];
  const { scope } = session;
  const projects = (await scopeProjects(session)).map(jqlString);
  const reach = [
    scope.kind === 'board' ? `filter = ${scope.filter}` : scope.jql,
    ...(projects.length === 0 ? [] : [`project in (${projects.join(', ')})`]),
  ].join(' OR ');
  const found = new Map<ItemRef, BacklogItem>();
  const query = {
    what: 'looking for labelled issues',
    signal: options.signal,
    fields: session.wanted,
    jql: `(${reach}) AND labels in (${labels.map(jqlString).join(', ')}) ORDER BY key ASC`,
    reconcile: recentlyWritten(session.memory, options.now),
  };
  await searchIssues(session, query, page => {
    for (const issue of page) {
      const item = toItem(issue, session.items);
      // JQL compares labels without case, labels themselves are told apart by it.
      if (item.labels.some(label => labels.includes(label))) found.set(item.ref, item);
    }
  });
  return [...found.values()];
}
