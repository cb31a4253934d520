import type { MoveChange } from '../../change.ts';
import { idOf, type ItemRef } from '../../item.ts';
import type { Effect, WriteBatch } from '../connector.ts';
import { chunks } from './pages.ts';
import type { Anchor, Unnumbered } from './request.ts';

/** Issues that one request may rank. */
export const mostRanked = 50;

/**
 * Moves -> rank requests, to be made in this order: each block goes beside an issue that stands, or that an earlier
 * request has put in its place. Blocks at the head go before the first issue that stays.
 */
export function rankWrites(batch: WriteBatch): readonly Unnumbered[] {
  const moves = batch.changes.filter(change => change.kind === 'move').sort((a, b) => a.to - b.to);
  const moving = new Set(moves.map(move => move.ref));
  return blocksOf(moves).flatMap(block => {
    const [first] = block;
    const top = batch.desired.find(ref => !moving.has(ref));
    const start: Anchor | null =
      first !== undefined && first.after !== null
        ? { after: idOf(first.after) }
        : top === undefined
          ? null
          : { before: idOf(top) };
    let anchor = start;
    return chunks(block, mostRanked).map(chunk => {
      const write = rankWrite(chunk, anchor, batch);
      anchor = { after: idOf((chunk.at(-1) as MoveChange).ref) };
      return write;
    });
  });
}

/** Moves that follow upon one another form a block, which keeps its order beside one anchor. */
function blocksOf(moves: readonly MoveChange[]): readonly (readonly MoveChange[])[] {
  const blocks: MoveChange[][] = [];
  for (const move of moves) {
    const block = blocks.at(-1);
    const above: ItemRef | undefined = block?.at(-1)?.ref;
    if (block !== undefined && above !== undefined && move.after === above) block.push(move);
    else blocks.push([move]);
  }
  return blocks;
}

function rankWrite(moves: readonly MoveChange[], anchor: Anchor | null, batch: WriteBatch): Unnumbered {
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
  return { effects, request: { kind: 'rank', issues: moves.map(move => idOf(move.ref)), anchor } };
}

function placeOf(anchor: Anchor | null): string {
  if (anchor === null) return 'first';
  return 'after' in anchor ? `after jira:${anchor.after}` : `before jira:${anchor.before}`;
}
