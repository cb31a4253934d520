import type { WorkItemErrorPolicy } from 'azure-devops-node-api/interfaces/WorkItemTrackingInterfaces.js';
import { BadAnswerError } from '../../errors.ts';
import type { BacklogParts } from './parts.ts';
import type { WorkItem } from './to-item.ts';

/** The batch read takes so many ids; more is refused with VS403474. */
export const batchSize = 200;

/**
 * Work items by id, as they are or as they were at an instant. Ids that cannot be read are missing from the answer;
 * why they are, the service does not say. Asked without a project, so that an item that moved away is found.
 */
export async function readBatch(
  ids: readonly number[],
  parts: BacklogParts,
  options: { readonly signal: AbortSignal; readonly asOf?: Date; readonly fields?: readonly string[] },
): Promise<ReadonlyMap<number, WorkItem>> {
  const found = new Map<number, WorkItem>();
  const chunks = [...chunksOf(ids, batchSize)];
  const answers = await Promise.all(chunks.map(chunk => readChunk(chunk, parts, options)));
  for (const item of answers.flat()) found.set(item.id, item);
  return found;
}

async function readChunk(
  ids: readonly number[],
  { session, plan }: BacklogParts,
  options: { readonly signal: AbortSignal; readonly asOf?: Date; readonly fields?: readonly string[] },
): Promise<readonly WorkItem[]> {
  const request = {
    ids: [...ids],
    fields: [...(options.fields ?? plan.batch)],
    errorPolicy: omit,
    ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
  };
  const answer: unknown = await session.read(({ wit }) => wit.getWorkItemsBatch(request), options.signal);
  if (!Array.isArray(answer)) throw new BadAnswerError('A batch of work items came back without its list.');
  return answer.flatMap(entry => (entry === null ? [] : [workItemOf(entry)]));
}

// The client's enum is numeric; the documented word is what the service has always taken.
const omit = 'omit' as unknown as WorkItemErrorPolicy.Omit;

export function workItemOf(entry: unknown): WorkItem {
  const { id, rev, fields } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== 'number' || typeof rev !== 'number' || typeof fields !== 'object' || fields === null) {
    throw new BadAnswerError(`A work item (${String(id)}) came without id, revision or fields.`);
  }
  return { id, rev, fields: fields as WorkItem['fields'] };
}

export function* chunksOf<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
