import type {
  Capabilities,
  Connection,
  ExplanationForm,
  ItemResult,
  ReadItem,
  ReadOptions,
  Self,
  TrackerBacklog,
  Whereabouts,
  Write,
} from '../../src/connectors/connector.ts';
import type { Actor, BacklogItem, FieldChange, ItemRef } from '../../src/item.ts';
import {
  between,
  carryOut,
  gap,
  labelField,
  numberOf,
  orderOf,
  prepare,
  rankField,
  type Flavour,
  type Held,
} from './flavoured-writes.ts';

export interface FlavouredTracker {
  readonly items: Map<ItemRef, Held>;
  readonly writes: () => number;
  /** The tracker's own clock; every change advances it. */
  now: Date;
  /** The account whose token is in use. */
  account: Actor;
  /** Measured difference of the clocks, as the connector would tell it. */
  measuredSkewMs: number;
  /** Called before and after each write's effect; may throw. */
  beforeWrite: (() => void) | null;
  afterWrite: (() => void) | null;
  readonly backlog: TrackerBacklog;
  readonly connection: Connection;
  /** One save by somebody. Answers when it was. */
  edit(ref: ItemRef, over: Partial<BacklogItem>, by: Actor, field: FieldChange): Date;
  /** Puts an item at a place (from 0) among all. Answers when, or null if it stands there already. */
  drag(ref: ItemRef, to: number, by: Actor): Date | null;
  setLabels(ref: ItemRef, labels: readonly string[], by: Actor): Date;
  order(): readonly ItemRef[];
}

const abilities: Readonly<Record<Flavour, Capabilities>> = {
  jira: { movesPerCall: 50, editsAreOnePatch: false, labelsIgnoreCase: false, guardedWrites: false },
  'azure-devops': { movesPerCall: 1, editsAreOnePatch: true, labelsIgnoreCase: true, guardedWrites: true },
};

/**
 * A tracker in memory with the manners of Jira (ranks are texts, rank history tells no values, histories come whole, one
 * call ranks many, nothing guards a write) or of Azure DevOps (order numbers, one patch an item under its revision,
 * histories continue from the last revision told).
 */
export function createFlavouredTracker(
  flavour: Flavour,
  start: readonly BacklogItem[],
  now: Date,
  explanation?: ExplanationForm,
): FlavouredTracker {
  const items = new Map<ItemRef, Held>(
    start.map((item, i) => [item.ref, { item: { ...item, order: orderOf(flavour, (i + 1) * gap) }, history: [] }]),
  );
  let serial = 0;
  let writes = 0;
  const heldOf = (ref: ItemRef): Held => {
    const held = items.get(ref);
    if (held === undefined) throw new Error(`no item ${ref}`);
    return held;
  };
  const save = (ref: ItemRef, over: Partial<BacklogItem>, by: Actor, fields: readonly FieldChange[]): Date => {
    const held = heldOf(ref);
    const at = new Date(tracker.now.getTime() + 7);
    tracker.now = at;
    held.item = { ...held.item, ...over, changedAt: at, version: String(Number(held.item.version) + 1) };
    held.history.push({ id: `${++serial}`, at, actor: by, kind: 'changed', fields });
    return at;
  };
  const ordered = (): readonly ItemRef[] =>
    [...items.values()].sort((a, b) => numberOf(a.item.order) - numberOf(b.item.order)).map(held => held.item.ref);

  const tracker: FlavouredTracker = {
    items,
    writes: () => writes,
    now,
    account: { id: 'u-winnow', name: 'Winnow', automated: false },
    measuredSkewMs: 0,
    beforeWrite: null,
    afterWrite: null,
    connection: undefined as never,
    backlog: undefined as never,
    edit: (ref, over, by, field) => save(ref, over, by, [field]),
    drag(ref, to, by) {
      const others = ordered().filter(other => other !== ref);
      const place = Math.max(0, Math.min(to, others.length));
      if (ordered().indexOf(ref) === place) return null;
      const next = between(others[place - 1], others[place], other => numberOf(heldOf(other).item.order));
      return save(ref, { order: orderOf(flavour, next) }, by, [rankField(flavour, heldOf(ref).item.order, next)]);
    },
    setLabels: (ref, labels, by) => save(ref, { labels }, by, [labelField(heldOf(ref).item.labels, labels)]),
    order: ordered,
  };
  const performed = (write: Write): readonly ItemResult[] => {
    writes++;
    tracker.beforeWrite?.();
    const results = carryOut(write, {
      flavour,
      heldOf,
      ordered,
      save,
      by: tracker.account,
      told: explanation?.untold !== true,
    });
    tracker.afterWrite?.();
    return results;
  };
  const backlog = backlogOf({ flavour, explanation, tracker, performed });
  const connection: Connection = {
    name: 'memory',
    tracker: flavour,
    self: async () => backlog.self,
    openBacklog: async () => backlog,
    syncWebhooks: null,
    close: async () => {},
  };
  return Object.assign(tracker, { backlog, connection });
}

function backlogOf(args: {
  readonly flavour: Flavour;
  readonly explanation: ExplanationForm | undefined;
  readonly tracker: FlavouredTracker;
  readonly performed: (write: Write) => readonly ItemResult[];
}): TrackerBacklog {
  const { flavour, explanation, tracker, performed } = args;
  const { items } = tracker;
  let reads = 0;
  // How much of each history is known, own writes included where nobody came in between.
  const covered = new Map<ItemRef, number>();
  const revisions = flavour === 'azure-devops';
  const whole = (held: Held, options: ReadOptions): ReadItem => {
    const since = revisions ? options.historySince : null;
    const entries = held.history.filter(entry => since === null || entry.at >= since);
    const earlier = held.history.filter(entry => since !== null && entry.at < since);
    const before = since === null ? null : (earlier.at(-1)?.at ?? held.item.createdAt);
    return { item: held.item, history: { since, before, continues: false, entries } };
  };
  const continued = (held: Held, known: BacklogItem | undefined, options: ReadOptions): ReadItem => {
    if (!revisions || known === undefined) return whole(held, options);
    // Read by id while somebody else may have come in between: then all of it is told anew.
    if (typeof known.memo !== 'number') return whole(held, { ...options, historySince: null });
    const entries = held.history.slice(known.memo);
    return { item: held.item, history: { since: null, before: null, continues: true, entries } };
  };
  const told = (read: ReadItem): ReadItem => {
    const length = items.get(read.item.ref)?.history.length ?? 0;
    covered.set(read.item.ref, length);
    return { ...read, item: { ...read.item, memo: length } };
  };
  return {
    can: { ...abilities[flavour], ...(explanation === undefined ? {} : { explanation }) },
    get self(): Self {
      const { id, name } = tracker.account;
      return { id, name, skewMs: tracker.measuredSkewMs, credentialExpiresAt: null };
    },
    sources: {},
    calls: () => ({ read: reads, write: tracker.writes() }),
    async readAll(options, take) {
      reads++;
      await take([...items.values()].map(held => told(whole(held, options))));
      return { cursor: tracker.now.getTime(), order: null };
    },
    async readChanges({ cursor, known, also }, options, take) {
      reads++;
      const wanted = new Set(also);
      const changed = [...items.values()].filter(
        ({ item }) =>
          wanted.has(item.ref) ||
          // Both trackers tell a little more than what changed since.
          item.changedAt.getTime() >= Number(cursor) - 600_000,
      );
      await take(changed.map(held => told(continued(held, known.get(held.item.ref), options))));
      return { cursor: tracker.now.getTime(), order: null, left: [] };
    },
    readTalk: async () => new Map(),
    async readHistories(wanted) {
      reads++;
      return new Map(wanted.map(({ ref }) => [ref, [...(items.get(ref)?.history ?? [])]]));
    },
    async locate(refs) {
      reads++;
      return new Map(
        refs.map((ref): [ItemRef, Whereabouts] => {
          const held = items.get(ref);
          if (held === undefined) return [ref, { state: 'gone' }];
          const memo = covered.get(ref) === held.history.length ? held.history.length : null;
          return [ref, { state: 'in-scope', item: { ...held.item, memo } }];
        }),
      );
    },
    findLabelled: async labels =>
      [...items.values()].map(h => h.item).filter(item => item.labels.some(label => labels.includes(label))),
    canBrowse: async () => true,
    settle: async cursor => ({ cursor, touched: [] }),
    prepare: batch => prepare(batch, flavour),
    async perform(write) {
      const before = new Map(write.effects.map(({ ref }) => [ref, items.get(ref)?.history.length ?? 0]));
      const results = performed(write);
      for (const [ref, length] of before) {
        if (covered.get(ref) === length) covered.set(ref, items.get(ref)?.history.length ?? length);
      }
      return results;
    },
    check: async () => [],
  };
}
