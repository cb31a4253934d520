import type { BacklogItem, ItemRef } from '../item.ts';
import { nothingApplied, type Applied } from './apply.ts';
import type { Change } from '../change.ts';
import { orderItems } from './current-order.ts';
import { orderAfter } from './moves-apply.ts';
import type { Desired } from './desire.ts';
import type { Guarded } from './guard.ts';
import type { Hold, ItemState, SnapshotMeta } from './ports.ts';
import type { Pulled } from './pull.ts';
import type { Round } from './round.ts';
import type { Verified } from './verify.ts';

interface Found {
  readonly pulled: Pulled;
  readonly desired: Desired;
  readonly guarded: Guarded;
  readonly applied: Applied;
  readonly verified: Verified;
}

const recentMs = 15 * 60_000;

/** Keeps what the next round builds upon: items as they stand now, bands, holds, cursor. Only differences are stored. */
export async function remember(round: Round, found: Found): Promise<void> {
  const { pulled, applied, verified } = found;
  const { backlog, state } = round.parts;
  await quarantineRepeats(round, found);
  const put = nextStates(round, found);
  const dropped = [...pulled.dropped];
  for (const [ref, where] of verified.fresh) {
    if (where.state === 'in-scope' || !pulled.states.has(ref)) continue;
    pulled.states.delete(ref);
    put.delete(ref);
    dropped.push(ref);
  }
  const written = [...verified.fresh.values()].flatMap(where => (where.state === 'in-scope' ? [where.item] : []));
  const settled =
    applied.written.size === 0
      ? { cursor: pulled.cursor, touched: [] }
      : await backlog.settle(pulled.cursor, written, round.read);
  const meta = metaOf(round, found, settled);
  await state.save(round.request.settings.name, { meta, put: [...put.values()], drop: dropped });
}

/** Holds that keep a place for days; the others end with the round that cannot write. */
const lasting: ReadonlySet<Hold['kind']> = new Set(['pin', 'drag', 'missing-input', 'new-item']);

/**
 * Before a round's first move: places that it is the first to hold. A round that dies between two moves leaves an order
 * behind in which the next one would take them anew, elsewhere.
 */
export async function keepNewHolds(round: Round, found: Pick<Found, 'pulled' | 'desired' | 'guarded'>): Promise<void> {
  const { pulled, desired, guarded } = found;
  if (!guarded.changes.some(change => change.kind === 'move')) return;
  const known = (ref: ItemRef): Hold | null => pulled.states.get(ref)?.hold ?? null;
  const isNew = [...desired.holds].some(([ref, hold]) => lasting.has(hold.kind) && !sameHold(hold, known(ref)));
  if (isNew) await remember(round, { ...found, applied: nothingApplied, verified: nothingWritten });
}

const nothingWritten: Verified = { fresh: new Map(), problems: [], ordered: false };

async function quarantineRepeats(round: Round, { pulled, applied, verified }: Found): Promise<void> {
  for (const { ref, problem } of applied.repeats) {
    const where = verified.fresh.get(ref);
    const item: BacklogItem | undefined =
      where !== undefined && 'item' in where ? where.item : pulled.states.get(ref)?.item;
    if (item === undefined) continue;
    const entry = { ref, version: item.version, problem, since: round.now };
    await round.parts.state.quarantine(round.request.settings.name, entry);
  }
}

/** States that differ from what is stored: read anew, written, or with another band or hold. */
function nextStates(round: Round, found: Found): Map<ItemRef, ItemState> {
  const { pulled, desired, verified } = found;
  const stands = orderStands(found);
  const put = new Map<ItemRef, ItemState>();
  for (const [ref, state] of pulled.states) {
    const where = verified.fresh.get(ref);
    const item = where?.state === 'in-scope' ? where.item : state.item;
    const band = stands ? bandOf(ref, desired, round, state) : state.band;
    const hold = desired.holds.get(ref) ?? null;
    const same = item === state.item && sameBand(band, state.band) && sameHold(hold, state.hold);
    if (same && !pulled.changed.has(ref)) continue;
    const next = { ...state, item, band, hold };
    put.set(ref, next);
    pulled.states.set(ref, next);
  }
  return put;
}

/** Bands are remembered only when the order they decided is in place. */
function orderStands({ guarded, applied, verified, desired }: Found): boolean {
  const moves = guarded.changes.filter(change => change.kind === 'move');
  if (guarded.withheld.some(change => change.kind === 'move')) return false;
  // A saved plan need not lead to the order of today.
  const order = orderAfter(desired.current, moves);
  if (!desired.order.every((ref, index) => order[index] === ref)) return false;
  const done = applied.outcomes.filter(o => o.change.kind === 'move' && o.status === 'applied').length;
  return done === moves.length && verified.ordered;
}

function bandOf(ref: ItemRef, desired: Desired, round: Round, state: ItemState): ItemState['band'] {
  const band = desired.assessments.get(ref)?.band ?? null;
  return band === null ? state.band : { modelHash: round.request.model.hash, band };
}

function sameBand(a: ItemState['band'], b: ItemState['band']): boolean {
  return a?.band === b?.band && a?.modelHash === b?.modelHash;
}

function sameHold(a: Hold | null, b: Hold | null): boolean {
  return (
    a?.kind === b?.kind &&
    a?.index === b?.index &&
    a?.since.getTime() === b?.since.getTime() &&
    a?.until?.getTime() === b?.until?.getTime()
  );
}

function metaOf(
  round: Round,
  found: Found,
  settled: { readonly cursor: unknown; readonly touched: readonly ItemRef[] },
): SnapshotMeta {
  const { pulled, applied, verified } = found;
  const moved = [...verified.fresh.values()].some(where => where.state === 'in-scope');
  const kept = pulled.order.filter(ref => pulled.states.has(ref));
  const done = applied.outcomes.flatMap(outcome => (outcome.status === 'applied' ? [outcome.change] : []));
  const order = moved ? orderNow(found, kept, done) : kept;
  const since = round.now.getTime() - recentMs;
  const earlier =
    pulled.snapshot?.meta.written.filter(w => w.at.getTime() >= since && !applied.written.has(w.ref)) ?? [];
  return {
    takenAt: round.trackerNow,
    sweptAt: pulled.full ? round.now : (pulled.snapshot?.meta.sweptAt ?? round.now),
    cursor: settled.cursor,
    order,
    touched: [...new Set([...settled.touched, ...owed(found), ...besideFailures(found)])],
    written: [...earlier, ...[...applied.written].map(ref => ({ ref, at: round.now }))],
    requestHash: pulled.requestHash,
  };
}

/** Items that left the scope and keep labels of ours, for nobody was to write or the round was cut short. */
function owed({ pulled, guarded, applied }: Found): readonly ItemRef[] {
  if (pulled.strays.length === 0) return [];
  const planned = new Set(applied.endedBy === null ? guarded.changes : []);
  const settled = applied.outcomes.filter(({ status, change }) => status === 'applied' || planned.has(change));
  const refs = new Set(settled.map(({ change }) => change.ref));
  return pulled.strays.map(item => item.ref).filter(ref => !refs.has(ref));
}

/** Beside whom moves failed: one that is deleted shows in no search for changes, and would fail them in every round. */
function besideFailures({ desired: { order }, applied }: Found): readonly ItemRef[] {
  const failed = new Set<ItemRef | undefined>();
  for (const { status, change } of applied.outcomes) {
    if (status === 'failed' && change.kind === 'move') failed.add(change.ref);
  }
  return order.filter((ref, i) => !failed.has(ref) && (failed.has(order[i - 1]) || failed.has(order[i + 1])));
}

/**
 * After moves: by order values where these tell the order, else by carrying out the moves on the order that was read. An
 * item that somebody moved while we wrote stands where it was read, so that the next round sees the difference.
 */
function orderNow({ pulled, applied }: Found, kept: readonly ItemRef[], done: readonly Change[]): readonly ItemRef[] {
  if (!pulled.valuesTold) return orderAfter(kept, done);
  const failed = applied.outcomes.flatMap(o => (o.status === 'failed' ? [o.change] : []));
  const contested = new Set(
    [...failed, ...applied.waiting].filter(change => change.kind === 'move').map(change => change.ref),
  );
  return orderItems(
    [...pulled.states].map(([ref, state]) => ({
      ref,
      order: contested.has(ref) ? (pulled.orderRead.get(ref) ?? null) : state.item.order,
    })),
    null,
  );
}
