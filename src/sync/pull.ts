import { ResyncNeededError, type Whereabouts } from '../connectors/connector.ts';
import { messageOf, ShortReadError } from '../errors.ts';
import type { BacklogItem, ItemRef, OrderValue } from '../item.ts';
import { orderItems, valuesTell } from './current-order.ts';
import { draggedItems } from './drags.ts';
import { ownLabelsOf } from './labels.ts';
import type { Stranger } from './activity.ts';
import { toleranceMs } from './own-writes.ts';
import type { ItemState, LostSpan, RankedByPerson, Snapshot } from './ports.ts';
import { createReader, hearTalk, type ItemReader } from './read-item.ts';
import { sameScope } from './request-hash.ts';
import type { Round } from './round.ts';
import { itemsNamedBy } from './saved-plan.ts';
import { isSuspicious, unaccounted } from './short-read.ts';

/** What a round knows of the tracker once it has read. */
export interface Pulled {
  readonly requestHash: string;
  readonly snapshot: Snapshot | null;
  /** Whether anything is kept of this backlog, be it of other settings. */
  readonly kept: boolean;
  readonly full: boolean;
  readonly states: Map<ItemRef, ItemState>;
  /** All of the scope in current order. */
  readonly order: readonly ItemRef[];
  /** The order values that were read; states take on what is read back after writing. */
  readonly orderRead: ReadonlyMap<ItemRef, OrderValue>;
  /** Whether order values alone give that order. */
  readonly valuesTold: boolean;
  readonly cursor: unknown;
  /** States that differ from the snapshot's. */
  readonly changed: Set<ItemRef>;
  readonly dropped: readonly ItemRef[];
  /** Left the scope, and bear labels of ours. */
  readonly strays: readonly BacklogItem[];
  readonly dragged: ReadonlyMap<ItemRef, RankedByPerson>;
  /** When people ranked items that our own move then put elsewhere: in the moments between reading and writing. */
  readonly overtaken: ReadonlyMap<ItemRef, Date>;
  /** Signs of a second Winnow on our account. */
  readonly strangers: readonly Stranger[];
  /** Effects of unknown outcome that histories prove to have arrived, by `effectKey`. */
  readonly proven: ReadonlySet<string>;
}

type Read = Omit<Pulled, 'requestHash' | 'kept'>;

const recentMs = 15 * 60_000;
const sweepMs = 24 * 3_600_000;

/** Reads the tracker: what changed since the snapshot, or everything. Throws rather than return less than there is. */
export async function pull(round: Round, requestHash: string): Promise<Pulled> {
  const first = await pullOnce(round, requestHash);
  const { strangers } = first;
  if (strangers.length === 0) return { ...first, requestHash };
  // What our account did meanwhile can no longer be told from what the person whose token it is did.
  await noteLostTimes(round, strangers);
  return { ...(await pullOnce(round, requestHash)), requestHash, strangers };
}

/**
 * Writes that only a Winnow can have made and that the journal lacks: a second instance, or a journal restored from an
 * older copy. Between the rounds around them the journal proves nothing.
 */
async function noteLostTimes(round: Round, strangers: readonly Stranger[]): Promise<void> {
  const { journal, backlog, log } = round.parts;
  const noted: LostSpan[] = [];
  for (const { at: there } of strangers) {
    const at = new Date(there.getTime() - backlog.self.skewMs);
    if (noted.some(span => at >= span.from && at <= span.to)) continue;
    noted.push(await journal.noteLost(round.request.settings.name, { at, now: round.now, toleranceMs }));
  }
  log.warn(
    { round: round.id, spans: noted },
    'writes by our account that the journal lacks: its record of that time is not trusted',
  );
}

async function pullOnce(round: Round, requestHash: string): Promise<Read & Pick<Pulled, 'kept'>> {
  const stored = await round.parts.state.load(round.request.settings.name);
  return { ...(await pullSince(round, stored, requestHash)), kept: stored !== null };
}

async function pullSince(round: Round, stored: Snapshot | null, requestHash: string): Promise<Read> {
  const { log } = round.parts;
  const snapshot = stored !== null && stored.meta.requestHash === requestHash ? stored : null;
  const due =
    snapshot === null || round.request.sweep || round.now.getTime() - snapshot.meta.sweptAt.getTime() >= sweepMs;
  if (due) return pullAll(round, snapshot, snapshot ?? sameItems(stored, requestHash));
  try {
    return await pullChanges(round, snapshot);
  } catch (error) {
    if (!(error instanceof ResyncNeededError)) throw error;
    log.info({ round: round.id, why: messageOf(error) }, 'the change cursor is no longer good: reading everything');
    return pullAll(round, snapshot, snapshot);
  }
}

/** With other fields or another model everything is read anew; what people did to places and bands is remembered all the same. */
function sameItems(stored: Snapshot | null, requestHash: string): Snapshot | null {
  return stored !== null && sameScope(stored.meta.requestHash, requestHash) ? stored : null;
}

/** `former`: what the last round knew of these items, whatever it had asked of them. */
async function pullAll(round: Round, snapshot: Snapshot | null, former: Snapshot | null): Promise<Read> {
  const { backlog } = round.parts;
  const reader = await createReader(round, former);
  const readOrder: ItemRef[] = [];
  const end = await backlog.readAll(round.read, page => {
    for (const { item } of page) readOrder.push(item.ref);
    return reader.take(page);
  });
  await hearTalk(reader, round);
  const missing = former === null ? [] : [...former.items.keys()].filter(ref => !reader.states.has(ref));
  const strays = await accountForMissing(round, { states: reader.states, snapshot: former, missing });
  const order =
    end.order ??
    orderItems(
      [...reader.states.values()].map(s => s.item),
      null,
    );
  return finish({ snapshot, former, reader, order, cursor: end.cursor, dropped: missing, strays, full: true });
}

async function pullChanges(round: Round, snapshot: Snapshot): Promise<Read> {
  const { backlog } = round.parts;
  const known = new Map([...snapshot.items].map(([ref, s]): [ItemRef, BacklogItem] => [ref, s.item]));
  const also = await alsoToRead(round, snapshot);
  const reader = await createReader(round, snapshot);
  for (const [ref, s] of snapshot.items) reader.states.set(ref, s);
  const end = await backlog.readChanges({ cursor: snapshot.meta.cursor, known, also }, round.read, reader.take);
  await hearTalk(reader, round);
  for (const ref of end.left) reader.states.delete(ref);
  const left = end.left.filter(ref => snapshot.items.has(ref));
  const strays = await straysAmong(round, snapshot, [...left, ...owed(snapshot, reader.states)]);
  const untouched = reader.changed.size === 0 && left.length === 0;
  const order =
    end.order ??
    (untouched
      ? snapshot.meta.order
      : orderItems(
          [...reader.states.values()].map(s => s.item),
          null,
        ));
  const former = snapshot;
  return finish({ snapshot, former, reader, order, cursor: end.cursor, dropped: left, strays, full: false });
}

/** What must be read by id: announced, written lately (search indexes lag), left open by a crash, or named by a plan. */
async function alsoToRead(round: Round, snapshot: Snapshot): Promise<readonly ItemRef[]> {
  const since = round.now.getTime() - recentMs;
  const recent = snapshot.meta.written.filter(w => w.at.getTime() >= since).map(w => w.ref);
  const { savedPlan, settings, touched } = round.request;
  const open = (await round.parts.journal.openIntents(settings.name)).map(intent => intent.effect.ref);
  const planned = savedPlan === null ? [] : itemsNamedBy(savedPlan.changes);
  return [...new Set([...touched, ...snapshot.meta.touched, ...recent, ...open, ...planned])];
}

async function accountForMissing(
  round: Round,
  args: {
    readonly states: ItemReader['states'];
    readonly snapshot: Snapshot | null;
    readonly missing: readonly ItemRef[];
  },
): Promise<readonly BacklogItem[]> {
  const { states, snapshot, missing } = args;
  const read = states.size;
  const { backlog } = round.parts;
  const name = round.request.settings.name;
  if (snapshot === null || snapshot.items.size === 0) {
    if (read === 0 && !(await backlog.canBrowse())) {
      throw new ShortReadError(
        `Backlog ${name} read as empty, and the account cannot be confirmed to see its items. Check its browse permission; nothing was written.`,
      );
    }
    return [];
  }
  const gone = [...missing, ...owed(snapshot, states)];
  if (!isSuspicious(read, snapshot.items.size)) return straysAmong(round, snapshot, gone);
  const found = await backlog.locate(gone, round.read);
  const lost = unaccounted(missing, found);
  const [first] = lost;
  if (first !== undefined) {
    throw new ShortReadError(
      `Backlog ${name}: ${read} items were read where the last round saw ${snapshot.items.size}, and ${lost.length} of the missing ones ` +
        `are unaccounted for (${first.ref}: ${first.why}). Check the account's permissions and the board's filter; nothing was written.`,
    );
  }
  return labelled(round, found);
}

/** Left the scope in an earlier round, which could not take our labels away. */
function owed(snapshot: Snapshot, states: ItemReader['states']): readonly ItemRef[] {
  return snapshot.meta.touched.filter(ref => !snapshot.items.has(ref) && !states.has(ref));
}

async function straysAmong(
  round: Round,
  snapshot: Snapshot,
  gone: readonly ItemRef[],
): Promise<readonly BacklogItem[]> {
  const ignoreCase = round.parts.backlog.can.labelsIgnoreCase;
  const marked = gone.filter(ref => {
    const known = snapshot.items.get(ref);
    return known === undefined || ownLabelsOf(known.item, round.own, ignoreCase).length > 0;
  });
  return marked.length === 0 ? [] : labelled(round, await round.parts.backlog.locate(marked, round.read));
}

function labelled(round: Round, found: ReadonlyMap<ItemRef, Whereabouts>): readonly BacklogItem[] {
  const ignoreCase = round.parts.backlog.can.labelsIgnoreCase;
  return [...found.values()].flatMap(where =>
    where.state === 'out-of-scope' && ownLabelsOf(where.item, round.own, ignoreCase).length > 0 ? [where.item] : [],
  );
}

function finish(args: {
  readonly snapshot: Snapshot | null;
  readonly former: Snapshot | null;
  readonly reader: ItemReader;
  readonly order: readonly ItemRef[];
  readonly cursor: unknown;
  readonly dropped: readonly ItemRef[];
  readonly strays: readonly BacklogItem[];
  readonly full: boolean;
}): Read {
  const { snapshot, former, reader, order, full, cursor, dropped, strays } = args;
  const { states, changed, strangers, proven } = reader;
  const items = [...states.values()].map(state => state.item);
  return {
    ...{ snapshot, full, states, order, cursor, changed, dropped, strays, strangers, proven },
    orderRead: new Map(items.map(item => [item.ref, item.order])),
    valuesTold: valuesTell(items, order),
    dragged: dragsSince(former, reader, order),
    overtaken: former === null ? new Map() : overtakenSince(former, reader),
  };
}

function dragsSince(
  snapshot: Snapshot | null,
  { states, changed }: ItemReader,
  order: readonly ItemRef[],
): Pulled['dragged'] {
  if (snapshot === null || changed.size === 0) return new Map();
  return draggedItems({
    before: snapshot.meta.order.filter(ref => states.has(ref)),
    after: order,
    rankedBy: ref => newlyRanked(states.get(ref), snapshot),
  });
}

function overtakenSince(former: Snapshot, { states, overtaken }: ItemReader): Pulled['overtaken'] {
  return new Map(
    [...overtaken].flatMap((ref): readonly [ItemRef, Date][] => {
      const ranked = newlyRanked(states.get(ref), former);
      return ranked === null ? [] : [[ref, ranked.at]];
    }),
  );
}

/** What the last round did not know yet; much older entries would be its own oversight, not a drag of today. */
function newlyRanked(state: ItemState | undefined, snapshot: Snapshot): RankedByPerson | null {
  const ranked = state?.rankedByPerson ?? null;
  if (state === undefined || ranked === null) return null;
  if (ranked.at.getTime() < snapshot.meta.takenAt.getTime() - recentMs) return null;
  const known = snapshot.items.get(state.item.ref)?.rankedByPerson ?? null;
  return known !== null && known.at.getTime() >= ranked.at.getTime() ? null : ranked;
}
