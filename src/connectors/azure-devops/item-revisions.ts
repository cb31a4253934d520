import { BadAnswerError } from '../../errors.ts';
import type { BacklogParts } from './parts.ts';
import { revisionOf, type Revision } from './revisions.ts';

const pageSize = 200;

/** Revisions of one item after a number, oldest first: one call for each 200. */
export async function readItemRevisions(
  id: number,
  after: number,
  parts: BacklogParts,
  signal: AbortSignal,
): Promise<readonly Revision[]> {
  const revisions: Revision[] = [];
  for (let skip = after; ; skip += pageSize) {
    const page: unknown = await parts.session.read(({ wit }) => wit.getRevisions(id, pageSize, skip), signal);
    if (!Array.isArray(page)) throw new BadAnswerError(`The revisions of work item ${id} came without their list.`);
    for (const raw of page as readonly { rev?: unknown; fields?: unknown }[]) {
      const revision = revisionOf(raw, parts.plan);
      if (revision === null) throw new BadAnswerError(`A revision of work item ${id} came without number or date.`);
      if (revision.rev > after) revisions.push(revision);
    }
    if (page.length < pageSize) return revisions.sort((a, b) => a.rev - b.rev);
  }
}

/** Rows of a feed as revisions, if they follow `after` one by one; null where one is missing. */
export function consecutive(revisions: readonly Revision[], after: number): readonly Revision[] | null {
  const sorted = [...revisions].sort((a, b) => a.rev - b.rev);
  return sorted.every((revision, i) => revision.rev === after + 1 + i) ? sorted : null;
}
