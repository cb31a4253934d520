import { fetchByIds } from './ask-issues.ts';
import type { JiraRequest } from './request.ts';
import type { JiraSession } from './session.ts';
import { toItem } from './to-item.ts';

/** What was read so long ago is looked at once more before it is moved. A round with little to do is over by then. */
const staleMs = 3_000;

/**
 * Issues of a rank request that somebody changed since they were read. Jira's rank call has no precondition, so this is the
 * nearest to one: where reading took long, or many writes came before, one look for a hundred issues at a time, those of the
 * requests to come included. What changes within the last seconds is not seen; the next round reads it.
 */
export async function changedSince(
  session: JiraSession,
  { issues, versions, ahead }: Extract<JiraRequest, { kind: 'rank' }>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { seen, readAt } = session.memory;
  const now = session.clock.now().getTime();
  if (now - readAt <= staleMs) return new Set();
  const isOld = (id: string): boolean => now - (seen.get(id)?.at ?? -Infinity) > staleMs;
  if (issues.some(isOld)) {
    const what = 'looking whether issues changed before they are moved';
    const found = await fetchByIds(session, [...issues, ...ahead], { what, signal, fields: session.wanted });
    for (const issue of found.issues) seen.set(issue.id, { version: toItem(issue, session.items).version, at: now });
  }
  return new Set(issues.filter(id => versions[id] !== undefined && (seen.get(id)?.version ?? '') !== versions[id]));
}
