import { CredentialError, messageOf, UncertainWriteError } from '../../errors.ts';
import type { ItemResult } from '../connector.ts';
import { numeric } from './ask-issues.ts';
import { vendorText } from '../vendor-text.ts';
import { parse } from './metadata.ts';
import { WireTask, WireTaskProgress } from './schema.ts';
import type { JiraSession } from './session.ts';
import { refOf } from './to-item.ts';

export interface BulkLabel {
  /** At most a thousand ids. */
  readonly issues: readonly string[];
  readonly option: 'ADD' | 'REMOVE';
  readonly label: string;
}

/** Small bulk edits take a moment, large ones minutes: each pause before a look is twice the last, up to five seconds. */
const firstPauseMs = 100;
const longestPauseMs = 5_000;
const mostLooks = 120;
const over = new Set(['COMPLETE', 'FAILED', 'CANCELLED', 'DEAD']);

/**
 * One label added to, or removed from, many issues, without mail: submits the bulk edit and waits until it is over.
 * Throws PermissionError or RejectedError when Jira does not take it, UncertainWriteError when its end was not seen.
 */
export async function bulkLabel(
  session: JiraSession,
  { issues, option, label }: BulkLabel,
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const what = 'submitting a bulk edit';
  const answer = await session.transport.ask({ kind: 'write', what, signal }, ({ cloud, client }) =>
    cloud.submitBulkEdit(client, {
      selectedIssueIdsOrKeys: issues.map(numeric),
      selectedActions: ['labels'],
      editedFieldsInput: {
        labelsFields: [{ fieldId: 'labels', bulkEditMultiSelectFieldOption: option, labels: [{ name: label }] }],
      },
      sendBulkNotification: false,
    }),
  );
  try {
    const { taskId } = parse(answer, WireTask, what);
    return await outcomeOf(session, taskId, issues, signal);
  } catch (error) {
    if (error instanceof CredentialError) throw error;
    throw new UncertainWriteError(`a bulk edit was submitted, its end was not seen: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function outcomeOf(
  session: JiraSession,
  taskId: string,
  issues: readonly string[],
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const what = 'waiting for a bulk edit';
  for (let look = 0; look < mostLooks; look++) {
    await session.sleep(Math.min(firstPauseMs * 2 ** look, longestPauseMs), signal);
    const answer = await session.transport.ask({ kind: 'read', what, signal }, ({ cloud, client }) =>
      cloud.getBulkOperationProgress(client, { taskId }),
    );
    const progress = parse(answer, WireTaskProgress, what);
    if (over.has(progress.status)) return resultsOf(progress, issues);
  }
  throw new UncertainWriteError('a bulk edit was submitted and is still not over after ten minutes');
}

/** `COMPLETE` does not mean that all went well: each issue is processed, failed with reasons, or not accessible. */
function resultsOf(progress: WireTaskProgress, issues: readonly string[]): readonly ItemResult[] {
  const failed = progress.failedAccessibleIssues ?? {};
  const done = new Set((progress.processedAccessibleIssues ?? []).filter(id => failed[id] === undefined));
  return issues.map((id): ItemResult => {
    const ref = refOf(id);
    if (done.has(id)) return { ref, status: 'applied' };
    const reasons = failed[id];
    if (reasons !== undefined) {
      const problem = `Jira's bulk edit failed for it: ${vendorText(reasons.join('; '))}`;
      return { ref, status: 'failed', problem, repeats: true };
    }
    const problem = `Jira's bulk edit (${progress.status}) left it out; is it archived, or hidden from the account?`;
    return { ref, status: 'failed', problem, repeats: false };
  });
}
