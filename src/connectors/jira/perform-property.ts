import { InternalError, NotFoundError } from '../../errors.ts';
import type { ItemResult } from '../connector.ts';
import { numeric } from './ask-issues.ts';
import { propertyKey } from './explanation.ts';
import { refused } from './perform-edit.ts';
import { isRecord } from './readings.ts';
import type { JiraRequest } from './request.ts';
import type { JiraSession } from './session.ts';
import { refOf } from './to-item.ts';

type PropertyRequest = Extract<JiraRequest, { kind: 'property' }>;

/** Sets or takes away the issue property. It mails nobody, makes no history and leaves `updated` as it is. */
export async function performProperty(
  session: JiraSession,
  { issue, json }: PropertyRequest,
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const issueIdOrKey = numeric(issue);
  const call = { kind: 'write' as const, what: "writing an issue's property", signal };
  const applied: ItemResult = { ref: refOf(issue), status: 'applied' };
  try {
    if (json === null) {
      await session.transport.ask(call, ({ cloud, client }) =>
        cloud.deleteIssueProperty(client, { issueIdOrKey, propertyKey }),
      );
    } else {
      const body: unknown = JSON.parse(json);
      if (!isRecord(body)) throw new InternalError(`the property of issue ${issue} is to be no object`);
      await session.transport.ask(call, ({ cloud, client }) =>
        cloud.setIssueProperty(client, { issueIdOrKey, propertyKey, body }),
      );
    }
  } catch (error) {
    // What is to go has gone; a missing issue is told by the reading back.
    if (json === null && error instanceof NotFoundError) return [applied];
    return [refused(issue, error)];
  }
  return [applied];
}
