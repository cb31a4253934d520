import { PermissionError, RejectedError } from '../../errors.ts';
import type { BacklogParts } from './parts.ts';
import { mayReadAreas } from './permissions.ts';
import { batchSize, chunksOf } from './read-batch.ts';
import { orNull } from './session.ts';

export type Fate = { readonly kind: 'gone' } | { readonly kind: 'unknown'; readonly why: string };

/**
 * What became of items that cannot be read. One in the recycle bin is gone. One that is nowhere may have been destroyed,
 * or hidden from us: the service answers both alike, so it is gone only if our right to read the team's areas is confirmed.
 */
export async function fatesOf(
  ids: readonly number[],
  parts: BacklogParts,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Fate>> {
  const binned = await recycled(ids, parts, signal);
  const fates = new Map<number, Fate>();
  const nowhere = ids.filter(id => !binned.has(id));
  const sure = nowhere.length > 0 && (await mayReadAreas(parts, signal)) === 'yes';
  for (const id of ids) {
    const gone = binned.has(id) || sure;
    fates.set(id, gone ? { kind: 'gone' } : { kind: 'unknown', why: unsureOf(id) });
  }
  return fates;
}

function unsureOf(id: number): string {
  return `work item ${id} cannot be read and is not in the recycle bin; a missing permission cannot be excluded`;
}

async function recycled(
  ids: readonly number[],
  parts: BacklogParts,
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const { session, scope } = parts;
  const found = new Set<number>();
  for (const chunk of chunksOf(ids, batchSize)) {
    const entries = await allowed(
      orNull(session.read(({ wit }) => wit.getDeletedWorkItems([...chunk], scope.project.id), signal)),
    );
    for (const entry of entries ?? []) {
      const good = entry?.id !== undefined && (entry.code === undefined || entry.code < 400);
      if (good && entry.id !== undefined) found.add(entry.id);
    }
  }
  return found;
}

/** Without the right to look into the recycle bin nothing is found there, and the items stay unknown. */
async function allowed<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PermissionError || (error instanceof RejectedError && error.status === 400)) return null;
    throw error;
  }
}
