import { changeRank, changeSprint } from './changes.ts';
import { freshRanks, ranksBetween } from './lexorank.ts';
import type { Issue, Person, World } from './model.ts';
import { commit } from './record.ts';

/** Beside what, and into which sprint on the way (null: out of all that are open). */
export type Anchor = ({ readonly before: Issue } | { readonly after: Issue }) & { readonly sprint?: number | null };

/**
 * Puts a block, in its given order, directly before or after the anchor. Every moved issue gets a history entry and a new
 * rank; others keep theirs. An anchor inside the block is the caller's mistake.
 */
export function rankBlock(world: World, block: readonly Issue[], anchor: Anchor, author: Person): void {
  const moving = new Set(block);
  const before = new Map(world.order.map((issue, place) => [issue, place]));
  const staying = world.order.filter(issue => !moving.has(issue));
  const at = 'before' in anchor ? staying.indexOf(anchor.before) : staying.indexOf(anchor.after) + 1;
  const ranks = ranksBetween(staying[at - 1]?.rank ?? null, staying[at]?.rank ?? null, block.length);
  const order = [...staying.slice(0, at), ...block, ...staying.slice(at)];
  for (const [place, issue] of block.entries()) {
    const higher = at + place <= (before.get(issue) ?? 0);
    const rank = changeRank(world, ranks[place] ?? issue.rank, higher);
    const sprint = anchor.sprint === undefined ? null : changeSprint(world, issue, anchor.sprint);
    commit(world, issue, sprint === null ? [rank] : [sprint, rank], { author });
  }
  world.order = order;
}

/** Every rank anew, in the next bucket, order unchanged; no history, no `updated`, as Jira's own rebalancing. */
export function rebalance(world: World): void {
  const bucket = String((Number(world.order[0]?.rank[0] ?? '0') + 1) % 3);
  const ranks = freshRanks(world.order.length, bucket);
  for (const [place, issue] of world.order.entries()) issue.rank = ranks[place] ?? issue.rank;
}
