import type { JsonPatchDocument } from 'azure-devops-node-api/interfaces/common/VSSInterfaces.js';
import { z } from 'zod';
import {
  BadAnswerError,
  NotFoundError,
  PermissionError,
  RejectedError,
  UncertainWriteError,
  messageOf,
} from '../../errors.ts';
import type { ItemRef } from '../../item.ts';
import type { ItemResult, Write } from '../connector.ts';
import { revisionLimit } from './answer.ts';
import type { PatchRequest } from './from-change.ts';
import type { Known } from './known.ts';
import type { BacklogParts } from './parts.ts';
import { numberReading, refOf } from './to-item.ts';

const Request = z.object({
  id: z.number(),
  rev: z.number(),
  patch: z.array(
    z.object({
      op: z.enum(['test', 'add', 'replace', 'remove']),
      path: z.string(),
      value: z.union([z.string(), z.number()]).optional(),
    }),
  ),
});

/** Whether writes of this connection may ask for no mail; learnt from the first refusal. */
export interface Quiet {
  allowed: boolean;
  /** Told when a refusal was learnt, to keep it. */
  readonly refused: () => Promise<void>;
}

/**
 * Sends one patch. Guarded by the revision, it changes nothing on an item that somebody else has touched. Throws
 * UncertainWriteError when no answer came: the item has to be read back.
 */
export async function perform(
  write: Write,
  parts: BacklogParts,
  state: { readonly known: Known; readonly quiet: Quiet },
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const request: PatchRequest = Request.parse(write.request) as PatchRequest;
  const ref = refOf(request.id);
  try {
    const answer = await send(request, parts, state.quiet, signal);
    remember(request, answer, parts, state.known);
    return [{ ref, status: 'applied' }];
  } catch (error) {
    return [resultOf(ref, error)];
  }
}

async function send(request: PatchRequest, parts: BacklogParts, quiet: Quiet, signal: AbortSignal): Promise<unknown> {
  const patch = (suppress: boolean): Promise<unknown> =>
    parts.session.write(
      String(request.id),
      ({ wit }) =>
        wit.updateWorkItem(
          {},
          request.patch as unknown as JsonPatchDocument,
          request.id,
          undefined,
          undefined,
          undefined,
          suppress ? true : undefined,
        ),
      signal,
    );
  if (!quiet.allowed) return patch(false);
  try {
    return await patch(true);
  } catch (error) {
    // Keeping mail back needs a right of its own; the change itself may be allowed.
    if (!aboutNotifications(error)) throw error;
    const answer = await patch(false);
    quiet.allowed = false;
    await quiet.refused();
    parts.log.warn({ why: messageOf(error) }, 'this account may not suppress notifications: watchers may get mail');
    return answer;
  }
}

function aboutNotifications(error: unknown): boolean {
  if (error instanceof PermissionError) return true;
  return error instanceof RejectedError && error.status === 400 && /notification/i.test(error.message);
}

const Patched = z.object({ id: z.number(), rev: z.number(), fields: z.record(z.string(), z.unknown()) });

/** What we wrote is known history: the next read need not ask what happened up to it. */
function remember(request: PatchRequest, answer: unknown, parts: BacklogParts, known: Known): void {
  const patched = Patched.safeParse(answer);
  if (!patched.success || patched.data.id !== request.id) {
    throw new UncertainWriteError(`The answer to the change of work item ${request.id} is not a work item.`);
  }
  const { rev, fields } = patched.data;
  const order = numberReading(fields[parts.plan.order]);
  known.written.set(request.id, { rev, order: order.kind === 'value' ? order.value : null });
  if (known.covered.get(request.id) === request.rev && rev === request.rev + 1) known.covered.set(request.id, rev);
}

/** Refusals of one item are results; what concerns the whole connection is thrown. */
function resultOf(ref: ItemRef, error: unknown): ItemResult {
  const problem = messageOf(error);
  if (error instanceof BadAnswerError) {
    throw new UncertainWriteError(`The answer to a change of ${ref} cannot be read: ${problem}`, { cause: error });
  }
  if (error instanceof NotFoundError) return { ref, status: 'failed', problem, repeats: false };
  if (error instanceof PermissionError) return { ref, status: 'failed', problem, repeats: false };
  if (!(error instanceof RejectedError)) throw error;
  // 412: the test of /rev failed. 409: somebody saved at the same moment.
  if (error.status === 412 || error.status === 409) return { ref, status: 'conflict', problem };
  const repeats = error.status === 400 || error.code === revisionLimit;
  return { ref, status: 'failed', problem, repeats };
}
