import type { BacklogItem, ItemRef } from '../item.ts';
import type { ActivityClock, Hold, ItemState, SnapshotMeta } from '../sync/ports.ts';

/** A value as JSON holds it: every Date has become an ISO string. */
export type Stored<T> = T extends Date
  ? string
  : T extends string | number | boolean | null
    ? T
    : T extends readonly (infer E)[]
      ? readonly Stored<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Stored<T[K]> }
        : T;

/** One item's state as a row's document. */
export function toDoc(state: ItemState): string {
  return JSON.stringify(state);
}

/** Back from a document that `toDoc` wrote, as the driver parsed it. */
export function fromDoc(doc: unknown): ItemState {
  // The rows are our own: written by toDoc, versioned by migrations.
  const stored = doc as Stored<ItemState>;
  return {
    ...stored,
    item: itemFrom(stored.item),
    clock: clockFrom(stored.clock),
    hold: stored.hold === null ? null : holdFrom(stored.hold),
    personAt: dateOrNull(stored.personAt),
    rankedByPerson:
      stored.rankedByPerson === null ? null : { ...stored.rankedByPerson, at: new Date(stored.rankedByPerson.at) },
  };
}

export function metaToDoc(meta: SnapshotMeta): string {
  return JSON.stringify(meta);
}

export function metaFromDoc(doc: unknown): SnapshotMeta {
  const stored = doc as Stored<SnapshotMeta>;
  return {
    ...stored,
    order: stored.order as readonly ItemRef[],
    touched: stored.touched as readonly ItemRef[],
    takenAt: new Date(stored.takenAt),
    sweptAt: new Date(stored.sweptAt),
    written: stored.written.map(w => ({ ref: w.ref as ItemRef, at: new Date(w.at) })),
  };
}

function itemFrom(stored: Stored<BacklogItem>): BacklogItem {
  return {
    ...(stored as unknown as BacklogItem),
    createdAt: new Date(stored.createdAt),
    changedAt: new Date(stored.changedAt),
  };
}

function clockFrom(stored: Stored<ActivityClock>): ActivityClock {
  return { ...stored, at: new Date(stored.at), ignored: stored.ignored.map(i => ({ ...i, at: new Date(i.at) })) };
}

function holdFrom(stored: Stored<Hold>): Hold {
  return { ...stored, since: new Date(stored.since), until: dateOrNull(stored.until) };
}

function dateOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
