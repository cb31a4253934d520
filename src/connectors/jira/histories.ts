import type { Activity, ItemRef } from '../../item.ts';
import { numeric } from './ask-issues.ts';
import { parse } from './metadata.ts';
import { chunks, followPages } from './pages.ts';
import { WireChangelogs, type WireHistory } from './schema.ts';
import type { JiraSession } from './session.ts';
import { toActivities } from './to-activity.ts';
import { refOf } from './to-item.ts';

/** Issues that one request may name. */
export const historyBatch = 1000;
/** Histories per page; Jira allows ten thousand, which takes it long enough to time out. */
const pageSize = 5000;

/** Complete histories by id; an issue that nobody ever changed has none. One issue's may be split over pages. */
export async function readHistories(
  session: JiraSession,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<ItemRef, readonly Activity[]>> {
  const found = new Map<string, WireHistory[]>(ids.map(id => [id, []]));
  for (const chunk of chunks(ids.map(numeric), historyBatch)) await readBatch(session, chunk, signal, found);
  return new Map([...found].map(([id, histories]) => [refOf(id), toActivities(histories, session.histories)]));
}

function readBatch(
  session: JiraSession,
  ids: readonly string[],
  signal: AbortSignal,
  found: Map<string, WireHistory[]>,
): Promise<void> {
  const what = 'reading change histories';
  return followPages(
    what,
    async token => {
      const answer = await session.transport.ask({ kind: 'read', what, signal }, ({ cloud, client }) =>
        cloud.getBulkChangelogs(client, {
          issueIdsOrKeys: [...ids],
          maxResults: pageSize,
          ...(token === undefined ? {} : { nextPageToken: token }),
        }),
      );
      const page = parse(answer, WireChangelogs, what);
      return { entries: page.issueChangeLogs, nextPageToken: page.nextPageToken };
    },
    page => {
      for (const { issueId, changeHistories } of page) found.get(issueId)?.push(...changeHistories);
    },
  );
}
