import type { MoveChange } from '../../change.ts';
import { idOf, type ItemRef } from '../../item.ts';
import type { Effect, WriteBatch } from '../connector.ts';
import { chunks } from './pages.ts';
import type { Anchor, JiraRequest, Unnumbered } from './request.ts';

/** Issues that one request may rank. */
export const mostRanked = 50;

/**
 * Moves -> rank requests, to be made in this order: each run of moving issues goes after the issue that stays above it, at the
 * head before the one that stays below. A run of more than fifty goes on after the last of the fifty.
 */
export function rankWrites(batch: WriteBatch): readonly Unnumbered[] {
  const moves = new Map<ItemRef, MoveChange>();
  for (const change of batch.changes) if (change.kind === 'move') moves.set(change.ref, change);
  const writes = inMovingOrder(runsOf(batch.desired, moves)).flatMap(({ above, run, below }) => {
    let anchor: Anchor | null =
      above !== null ? { after: idOf(above) } : below === null ? null : { before: idOf(below) };
    let besides: readonly ItemRef[] = [];
    return chunks(run, mostRanked).map(chunk => {
      const write = { ...rankWrite(chunk, anchor, batch), ...(besides.length === 0 ? {} : { besides }) };
      const { ref } = chunk.at(-1) as MoveChange;
      anchor = { after: idOf(ref) };
      besides = [ref];
      return write;
    });
  });
  return writes.map((write, index) => ({
    ...write,
    request: { ...write.request, ahead: idsAhead(writes.slice(index + 1)) },
  }));
}

/** As many as one read by id takes, beside those of the request itself. */
function idsAhead(writes: readonly RankWrite[]): readonly string[] {
  const ids: string[] = [];
  for (const { request } of writes) {
    if (ids.length >= mostRanked) break;
    ids.push(...request.issues);
  }
  return ids.slice(0, mostRanked);
}

type RankWrite = Unnumbered & { readonly request: Extract<JiraRequest, { kind: 'rank' }> };

interface Run {
  readonly above: ItemRef | null;
  readonly run: readonly MoveChange[];
  readonly below: ItemRef | null;
}

/** Runs that go down come last, from the bottom up: cut off in between, none has passed another of its own band. */
function inMovingOrder(runs: readonly Run[]): readonly Run[] {
  const goesDown = ({ run }: Run): boolean => run.every(move => move.to > move.from);
  return [...runs.filter(run => !goesDown(run)), ...runs.filter(goesDown).reverse()];
}

/** Moving issues that follow upon one another in the wanted order, with what stays around them. */
function runsOf(desired: readonly ItemRef[], moves: ReadonlyMap<ItemRef, MoveChange>): readonly Run[] {
  const runs: Run[] = [];
  let run: MoveChange[] = [];
  let above: ItemRef | null = null;
  for (const ref of desired) {
    const move = moves.get(ref);
    if (move !== undefined) run.push(move);
    else {
      if (run.length > 0) runs.push({ above, run, below: ref });
      run = [];
      above = ref;
    }
  }
  if (run.length > 0) runs.push({ above, run, below: null });
  return runs;
}

function rankWrite(moves: readonly MoveChange[], anchor: Anchor | null, batch: WriteBatch): RankWrite {
  const effects = moves.map((move, index): Effect => {
    const above = moves[index - 1];
    const place = above === undefined ? placeOf(anchor) : `after ${above.ref}`;
    const order = batch.items.get(move.ref)?.order ?? null;
    return {
      ref: move.ref,
      key: move.key,
      field: 'rank',
      from: order === null ? null : String(order),
      to: place,
      change: move,
    };
  });
  const versions = Object.fromEntries(
    moves.flatMap(({ ref }) => {
      const item = batch.items.get(ref);
      return item === undefined ? [] : [[idOf(ref), item.version]];
    }),
  );
  const issues = moves.map(move => idOf(move.ref));
  return { effects, request: { kind: 'rank', issues, anchor, versions, ahead: [] } };
}

function placeOf(anchor: Anchor | null): string {
  if (anchor === null) return 'first';
  return 'after' in anchor ? `after jira:${anchor.after}` : `before jira:${anchor.before}`;
}
