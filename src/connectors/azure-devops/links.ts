import type { ItemRef } from '../../item.ts';
import type { LinkRow } from './feeds.ts';
import { refOf } from './to-item.ts';

/** Item -> ids that must come before it. */
export type Blockers = Map<number, Set<number>>;

const direction = /-(forward|reverse)$/i;
const hierarchy = 'system.linktypes.hierarchy';

/** A link as predecessor and successor (or parent and child), whichever way round it was told. */
function oriented(row: LinkRow): { readonly type: string; readonly from: number; readonly to: number } {
  const type = row.rel.replace(direction, '').toLowerCase();
  const reversed = /-reverse$/i.test(row.rel);
  return reversed ? { type, from: row.targetId, to: row.sourceId } : { type, from: row.sourceId, to: row.targetId };
}

/**
 * Whether a link type is one of those named in the configuration, by reference name or its last part:
 * `System.LinkTypes.Dependency-Forward` or `Dependency-Forward`. Names of other trackers match nothing.
 */
export function isBlocking(type: string, names: readonly string[]): boolean {
  const plain = type.replace(direction, '').toLowerCase();
  return names.some(name => {
    const wanted = name.replace(direction, '').toLowerCase();
    return plain === wanted || plain.endsWith(`.${wanted}`);
  });
}

/** Takes link changes, oldest first, into the blockers; returns the items whose parent or blockers may have changed. */
export function applyLinks(
  rows: readonly LinkRow[],
  blockers: Blockers,
  names: readonly string[],
): ReadonlySet<number> {
  const touched = new Set<number>();
  for (const row of rows) {
    const { type, from, to } = oriented(row);
    if (type === hierarchy) {
      touched.add(to);
      continue;
    }
    if (!isBlocking(type, names)) continue;
    touched.add(to);
    const known = blockers.get(to) ?? new Set<number>();
    if (row.isActive) known.add(from);
    else known.delete(from);
    blockers.set(to, known);
  }
  return touched;
}

export function blockersOf(id: number, blockers: Blockers): readonly ItemRef[] {
  return [...(blockers.get(id) ?? [])].sort((a, b) => a - b).map(refOf);
}

/** The item's blockers from its own relations: for one whose links were made before anybody watched. */
export function blockersFromRelations(
  relations: readonly { readonly rel?: string; readonly url?: string }[],
  names: readonly string[],
): Set<number> {
  const found = new Set<number>();
  for (const { rel, url } of relations) {
    const target = Number(/\/workitems\/(\d+)$/i.exec(url ?? '')?.[1]);
    // Seen from the blocked item, the link to its predecessor is the reverse end.
    if (rel === undefined || Number.isNaN(target) || !/-reverse$/i.test(rel)) continue;
    if (isBlocking(rel, names)) found.add(target);
  }
  return found;
}
