import { idOf, type Activity, type ItemRef } from '../../item.ts';
import type { ReadOptions } from '../connector.ts';
import { fetchByIds, numeric } from './ask-issues.ts';
import { parse, parseBody } from './metadata.ts';
import { WireComments, WireWorklogs, type WireIssue, type WireTalk } from './schema.ts';
import type { JiraSession } from './session.ts';
import { toTalk } from './to-activity.ts';
import { refOf } from './to-item.ts';

/** Asked for beside the usual fields where comments and worklogs matter. */
export const talkFields = ['comment', 'worklog'];
const newest = 100;
const most = 5000;

/** Comments and worklogs, which change histories do not hold; oldest first. */
export async function readTalk(
  session: JiraSession,
  refs: readonly ItemRef[],
  options: ReadOptions,
): Promise<ReadonlyMap<ItemRef, readonly Activity[]>> {
  const found = new Map<ItemRef, readonly Activity[]>();
  const asked: string[] = [];
  for (const ref of refs) {
    const here = session.memory.talk.get(ref);
    if (here === undefined) asked.push(idOf(ref));
    else found.set(ref, await talkOf(session, { id: idOf(ref), fields: here }, options));
  }
  if (asked.length === 0) return found;
  const { issues } = await fetchByIds(session, asked, {
    what: 'reading comments and worklogs',
    signal: options.signal,
    fields: talkFields,
  });
  for (const issue of issues) found.set(refOf(issue.id), await talkOf(session, issue, options));
  return found;
}

async function talkOf(
  session: JiraSession,
  issue: Pick<WireIssue, 'id' | 'fields'>,
  options: ReadOptions,
): Promise<readonly Activity[]> {
  const comments = await commentsOf(session, issue, options.signal);
  const worklogs = await worklogsOf(session, issue, options.signal);
  return [
    ...comments.map(comment => toTalk('commented', comment)),
    ...worklogs.map(worklog => toTalk('worklogged', worklog)),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Embedded lists are cut off; then the newest hundred are enough, for only the last word counts. */
async function commentsOf(
  session: JiraSession,
  { id, fields }: Pick<WireIssue, 'id' | 'fields'>,
  signal: AbortSignal,
): Promise<readonly WireTalk[]> {
  const what = 'reading the comments of an issue';
  const embedded = fields['comment'];
  if (embedded !== undefined && embedded !== null) {
    const { comments, total } = parseBody(embedded, WireComments, what);
    if (typeof total === 'number' && total <= comments.length) return comments;
  }
  const answer = await session.transport.ask({ kind: 'read', what, signal }, ({ cloud, client }) =>
    cloud.getComments(client, { issueIdOrKey: numeric(id), orderBy: '-created', maxResults: newest }),
  );
  return parse(answer, WireComments, what).comments;
}

/** Worklogs come oldest first, so of a very long list the last page is asked for. */
async function worklogsOf(
  session: JiraSession,
  { id, fields }: Pick<WireIssue, 'id' | 'fields'>,
  signal: AbortSignal,
): Promise<readonly WireTalk[]> {
  const what = 'reading the worklogs of an issue';
  const embedded = fields['worklog'];
  // Sites without time tracking have no worklogs at all.
  if (embedded === undefined || embedded === null) return [];
  const { worklogs, total } = parseBody(embedded, WireWorklogs, what);
  if (typeof total === 'number' && total <= worklogs.length) return worklogs;
  const answer = await session.transport.ask({ kind: 'read', what, signal }, ({ cloud, client }) =>
    cloud.getIssueWorklog(client, {
      issueIdOrKey: numeric(id),
      maxResults: most,
      ...(typeof total === 'number' && total > most ? { startAt: total - most } : {}),
    }),
  );
  return parse(answer, WireWorklogs, what).worklogs;
}
