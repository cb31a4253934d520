import type { Change } from '../../src/change.ts';
import type {
  Connection,
  Effect,
  ItemResult,
  ReadItem,
  Self,
  TrackerBacklog,
  Whereabouts,
  Write,
} from '../../src/connectors/connector.ts';
import { UncertainWriteError } from '../../src/errors.ts';
import type { Activity, Actor, BacklogItem, FieldChange, ItemRef } from '../../src/item.ts';
import { absent, value } from '../../src/item.ts';
import { aField, winnow } from './items.ts';

interface Held {
  item: BacklogItem;
  history: Activity[];
  inScope: boolean;
}

export interface InMemoryTracker {
  readonly connection: Connection;
  readonly backlog: TrackerBacklog;
  readonly items: Map<ItemRef, Held>;
  readonly calls: { read: number; write: number };
  now: Date;
  /** Called before each write; may throw to fail it before it has an effect. */
  beforeWrite: ((write: Write) => void) | null;
  /** Called after each write's effect; may throw to lose its answer. */
  afterWrite: ((write: Write) => void | Promise<void>) | null;
  /** Items that a read leaves out, as a missing permission would. */
  readonly hidden: Set<ItemRef>;
  edit(ref: ItemRef, over: Partial<BacklogItem>, by: Actor, fields?: readonly FieldChange[]): void;
  order(): ItemRef[];
}

/** A tracker in memory that moves one item a call, keeps histories, and believes everything it is told. */
export function createInMemoryTracker(start: readonly BacklogItem[], now: Date): InMemoryTracker {
  const items = new Map<ItemRef, Held>(start.map(item => [item.ref, { item, history: [], inScope: true }]));
  const calls = { read: 0, write: 0 };
  const self: Self = { id: winnow.id, name: winnow.name, skewMs: 0, credentialExpiresAt: null };
  // Versions of edited items never equal those the items came with.
  let serial = 1_000;

  const enter = (ref: ItemRef, over: Partial<BacklogItem>, by: Actor, fields: readonly FieldChange[]): void => {
    const held = items.get(ref);
    if (held === undefined) throw new Error(`no item ${ref}`);
    tracker.now = new Date(tracker.now.getTime() + 5);
    held.item = { ...held.item, ...over, changedAt: tracker.now, version: String(++serial) };
    held.history.push({ id: `e${serial}`, at: tracker.now, actor: by, kind: 'changed', fields });
  };
  const visible = (): Held[] => [...items.values()].filter(h => h.inScope && !tracker.hidden.has(h.item.ref));
  const readItem = (held: Held): ReadItem => ({
    item: held.item,
    history: { since: null, before: null, continues: false, entries: [...held.history] },
  });
  const whereabouts = (ref: ItemRef): Whereabouts => {
    const held = items.get(ref);
    if (held === undefined) return { state: 'gone' };
    if (tracker.hidden.has(ref)) return { state: 'unknown', why: 'it cannot be seen' };
    return { state: held.inScope ? 'in-scope' : 'out-of-scope', item: held.item };
  };

  const backlog: TrackerBacklog = {
    can: { movesPerCall: 1, editsAreOnePatch: false, labelsIgnoreCase: false, guardedWrites: false },
    self,
    sources: {},
    calls: () => ({ ...calls }),
    async readAll(_options, take) {
      calls.read++;
      await take(visible().map(readItem));
      return { cursor: tracker.now.getTime(), order: null };
    },
    async readChanges({ cursor, known, also }, _options, take) {
      calls.read++;
      const wanted = new Set(also);
      const changed = visible().filter(
        h =>
          wanted.has(h.item.ref) ||
          (h.item.changedAt.getTime() >= Number(cursor) && known.get(h.item.ref)?.version !== h.item.version),
      );
      await take(changed.map(readItem));
      const left = [...known.keys()].filter(ref => items.get(ref)?.inScope !== true);
      return { cursor: tracker.now.getTime(), order: null, left };
    },
    async readTalk() {
      return new Map();
    },
    async readHistories(wanted) {
      calls.read++;
      return new Map(wanted.map(({ ref }) => [ref, [...(items.get(ref)?.history ?? [])]]));
    },
    async locate(refs) {
      calls.read++;
      return new Map(refs.map(ref => [ref, whereabouts(ref)]));
    },
    async findLabelled(labels) {
      return [...items.values()].map(h => h.item).filter(item => item.labels.some(l => labels.includes(l)));
    },
    async canBrowse() {
      return tracker.hidden.size === 0;
    },
    async settle(_cursor) {
      return { cursor: tracker.now.getTime(), touched: [] };
    },
    prepare({ changes, items: known, desired }) {
      const scores = [...known.values()].map(i => i);
      const orders = placesFor(desired, changes, scores);
      return changes.map((change, i): Write => ({
        id: String(i),
        effects: [effectOf(change, known, orders)],
        request: change,
      }));
    },
    async perform(write) {
      calls.write++;
      tracker.beforeWrite?.(write);
      const results: ItemResult[] = [];
      for (const effect of write.effects) {
        enter(effect.ref, ...outcomeOf(effect, items));
        results.push({ ref: effect.ref, status: 'applied' });
      }
      await tracker.afterWrite?.(write);
      return results;
    },
    async check() {
      return [];
    },
  };
  const tracker: InMemoryTracker = {
    connection: {
      name: 'memory',
      tracker: 'jira',
      self: async () => self,
      openBacklog: async () => backlog,
      syncWebhooks: null,
      close: async () => {},
    },
    backlog,
    items,
    calls,
    now,
    beforeWrite: null,
    afterWrite: null,
    hidden: new Set(),
    edit: (ref, over, by, fields = [aField()]) => enter(ref, over, by, fields),
    order: () =>
      [...items.values()]
        .map(h => h.item)
        .sort((a, b) => Number(a.order) - Number(b.order))
        .map(i => i.ref),
  };
  return tracker;
}

/** Fresh whole numbers far apart for moved items, between those of the neighbours that stay. */
function placesFor(
  desired: readonly ItemRef[],
  changes: readonly Change[],
  items: readonly BacklogItem[],
): Map<ItemRef, number> {
  const held = new Map(items.map(i => [i.ref, i.order === null ? null : Number(i.order)]));
  const moved = new Set(changes.filter(c => c.kind === 'move').map(c => c.ref));
  const places = new Map<ItemRef, number>();
  let last = Math.min(0, ...[...held.values()].map(v => v ?? 0)) - 1_000_000;
  desired.forEach((ref, i) => {
    if (!moved.has(ref)) {
      last = held.get(ref) ?? last;
      return;
    }
    const next = desired.slice(i + 1).find(r => !moved.has(r));
    const ceiling = next === undefined ? last + 2_000 : (held.get(next) ?? last + 2_000);
    last += (ceiling - last) / 2;
    places.set(ref, last);
  });
  return places;
}

function effectOf(
  change: Change,
  known: ReadonlyMap<ItemRef, BacklogItem>,
  orders: ReadonlyMap<ItemRef, number>,
): Effect {
  const base = { ref: change.ref, key: change.key, change };
  if (change.kind === 'move')
    return { ...base, field: 'rank', from: String(known.get(change.ref)?.order), to: String(orders.get(change.ref)) };
  const textOf = (score: number | null): string | null => (score === null ? null : String(score));
  if (change.kind === 'score-set') return { ...base, field: 'score', from: textOf(change.from), to: textOf(change.to) };
  return { ...base, field: 'label', from: change.from, to: change.to };
}

function outcomeOf(effect: Effect, items: ReadonlyMap<ItemRef, Held>): [Partial<BacklogItem>, Actor, FieldChange[]] {
  const labels = items.get(effect.ref)?.item.labels ?? [];
  if (effect.field === 'rank') return [{ order: Number(effect.to) }, winnow, [aField({ kind: 'rank', field: 'Rank' })]];
  if (effect.field === 'score')
    return [
      { scoreField: effect.to === null ? absent : value(Number(effect.to)) },
      winnow,
      [aField({ kind: 'score', field: 'Score' })],
    ];
  const added = effect.to === null ? [] : [effect.to];
  const removed = effect.from === null ? [] : [effect.from];
  const next = [...labels.filter(l => !removed.includes(l)), ...added];
  return [{ labels: next }, winnow, [aField({ kind: 'labels', field: 'labels', added, removed })]];
}

/** For `afterWrite`: the effect is there, the answer is not. */
export function lostAnswer(): never {
  throw new UncertainWriteError('the connection was reset');
}
