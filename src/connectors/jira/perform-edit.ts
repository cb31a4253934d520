import { NotFoundError, PermissionError, RejectedError, messageOf } from '../../errors.ts';
import type { ItemResult } from '../connector.ts';
import { numeric } from './ask-issues.ts';
import { explanationValue } from './explanation.ts';
import type { JiraRequest } from './request.ts';
import { noteLoud } from './loud.ts';
import { bulkLabel, type BulkLabel } from './bulk-label.ts';
import type { JiraSession } from './session.ts';
import { refOf } from './to-item.ts';

type EditRequest = Extract<JiraRequest, { kind: 'edit' }>;

/**
 * Labels, score and explanation of one issue in one request, without mail. `update` adds and removes, so that labels others set
 * meanwhile stay. Where quiet edits are refused, labels go by bulk edit and only scores and texts are written loudly.
 */
export async function performEdit(
  session: JiraSession,
  request: EditRequest,
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const loud = session.memory.loud.has(request.project);
  if (loud && request.score === undefined && request.explanation === undefined)
    return editByBulk(session, request, signal);
  try {
    await askEdit(session, request, { quiet: !loud, signal });
  } catch (error) {
    if (!(error instanceof PermissionError) || loud) return [refused(request.issue, error)];
    return [await editLoudly(session, request, signal, error)];
  }
  return [{ ref: refOf(request.issue), status: 'applied' }];
}

/**
 * `notifyUsers=false` without the right to it is refused as a whole, with the same 403 as a missing right to edit. The
 * same request once more, with mail, tells the two apart; if it is taken, the project is remembered.
 */
async function editLoudly(
  session: JiraSession,
  request: EditRequest,
  signal: AbortSignal,
  quietRefusal: PermissionError,
): Promise<ItemResult> {
  try {
    await askEdit(session, request, { quiet: false, signal });
  } catch (error) {
    return refused(request.issue, error instanceof PermissionError ? quietRefusal : error);
  }
  await noteLoud(session, request.project);
  session.log.warn(
    { project: request.project },
    'Jira refuses to edit without mail here: labels go by bulk edit from now on, scores and explanations in a field may still mail watchers',
  );
  return { ref: refOf(request.issue), status: 'applied' };
}

async function askEdit(
  session: JiraSession,
  request: EditRequest,
  how: { readonly quiet: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const { issue, add, remove } = request;
  const labels = [...add.map(label => ({ add: label })), ...remove.map(label => ({ remove: label }))];
  const fields = fieldValues(session, request);
  await session.transport.ask({ kind: 'write', what: 'editing an issue', signal: how.signal }, ({ cloud, client }) =>
    cloud.editIssue(client, {
      issueIdOrKey: numeric(issue),
      ...(how.quiet ? { notifyUsers: false } : {}),
      ...(labels.length === 0 ? {} : { update: { labels } }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
    }),
  );
}

function fieldValues({ fields }: JiraSession, { score, explanation }: EditRequest): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  if (score !== undefined && fields.score !== null) values[fields.score.id] = score;
  if (explanation !== undefined && fields.explanation?.kind === 'field') {
    values[fields.explanation.id] = explanationValue(explanation, fields.explanation.rich);
  }
  return values;
}

/** A refusal that concerns this issue is its result; whatever concerns the connection is thrown. */
export function refused(issue: string, error: unknown): ItemResult {
  const ref = refOf(issue);
  const problem = messageOf(error);
  if (error instanceof RejectedError) {
    if (error.status === 409) return { ref, status: 'conflict', problem };
    // Jira's own rules speak with 400 and 422; other refusals may be of the moment.
    return { ref, status: 'failed', problem, repeats: error.status === 400 || error.status === 422 };
  }
  if (error instanceof PermissionError || error instanceof NotFoundError) {
    return { ref, status: 'failed', problem, repeats: false };
  }
  throw error;
}

async function editByBulk(
  session: JiraSession,
  request: EditRequest,
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const steps = [
    ...request.remove.map(label => ({ option: 'REMOVE' as const, label })),
    ...request.add.map(label => ({ option: 'ADD' as const, label })),
  ];
  for (const step of steps) {
    const results = await quietBulk(session, { issues: [request.issue], ...step }, signal);
    if (results.some(result => result.status !== 'applied')) return results;
  }
  return [{ ref: refOf(request.issue), status: 'applied' }];
}

/** Neither quiet edits nor bulk edits: then the label stays away, for a mail per label to every watcher is worse. */
async function quietBulk(session: JiraSession, edit: BulkLabel, signal: AbortSignal): Promise<readonly ItemResult[]> {
  try {
    return await bulkLabel(session, edit, signal);
  } catch (error) {
    if (!(error instanceof PermissionError || error instanceof RejectedError)) throw error;
    const problem =
      `Jira takes no edit of it without mailing its watchers (${messageOf(error)}). ` +
      'Grant the account Administer projects there, or the global permission Make bulk changes.';
    return edit.issues.map(id => ({ ref: refOf(id), status: 'failed', problem, repeats: false }));
  }
}
