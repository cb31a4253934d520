import { messageOf, PermissionError, RejectedError } from '../../errors.ts';
import type { ItemResult } from '../connector.ts';
import { bulkLabel } from './bulk-label.ts';
import type { JiraRequest } from './request.ts';
import { performEdit } from './perform-edit.ts';
import type { JiraSession } from './session.ts';

type BulkRequest = Extract<JiraRequest, { kind: 'bulk-label' }>;

/** One label on up to a thousand issues. Where bulk edits are refused: one issue after the other. */
export async function performBulkLabel(
  session: JiraSession,
  request: BulkRequest,
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const { option, label } = request;
  try {
    return await bulkLabel(session, { issues: request.issues.map(issue => issue.id), option, label }, signal);
  } catch (error) {
    if (!(error instanceof PermissionError || error instanceof RejectedError)) throw error;
    const why = messageOf(error);
    session.log.warn({ why, issues: request.issues.length }, 'Jira refused a bulk edit: editing one issue at a time');
  }
  const results: ItemResult[] = [];
  for (const { id, project } of request.issues) {
    const labels = option === 'ADD' ? { add: [label], remove: [] } : { add: [], remove: [label] };
    results.push(...(await performEdit(session, { kind: 'edit', issue: id, project, ...labels }, signal)));
  }
  return results;
}
