import { expect } from 'vitest';
import type { CommandRound } from '../../src/cli/run-rounds.ts';
import type { ItemRef, Tracker } from '../../src/item.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openSite, type Backlog } from './two-sites.ts';

/** What rounds say of places, by key; and backlogs to drag on. */

export const limits =
  'limits: { maxMoves: 900, maxMovedShare: 1, maxLabelChanges: 900, quietMinutes: 10, writesPerItemPerDay: 90 }';

export const keyOf = ({ study }: CommandRound, ref: ItemRef): string => study?.pulled.states.get(ref)?.item.key ?? ref;
/** Ranked items, top first, as the round leaves them if it may write. */
export const ranked = (round: CommandRound): readonly string[] =>
  round.study?.desired.order.map(ref => keyOf(round, ref)) ?? [];
/** Ranked items, top first, as the round found them. */
export const standing = (round: CommandRound): readonly string[] =>
  round.study?.desired.current.map(ref => keyOf(round, ref)) ?? [];
/** Key -> kind of every place that is held. */
export const held = (round: CommandRound): Readonly<Record<string, string>> =>
  Object.fromEntries([...(round.study?.desired.holds ?? [])].map(([ref, { kind }]) => [keyOf(round, ref), kind]));
export const moved = ({ report }: CommandRound): readonly string[] =>
  report.changes.flatMap(({ kind, key }) => (kind === 'move' ? [key] : []));
export const waiting = ({ report }: CommandRound): readonly (readonly [string, string])[] =>
  report.withheld.flatMap(({ kind, key, guard }) => (kind === 'move' ? [[key, guard] as const] : []));

/** Ranked items that no link ties to others, top first. */
export function free(round: CommandRound): readonly string[] {
  const edges = [...(round.study?.desired.blockedBy ?? [])].flatMap(([ref, blockers]) => [ref, ...blockers]);
  const tied = new Set(edges.map(ref => keyOf(round, ref)));
  return ranked(round).filter(key => !tied.has(key));
}

/** A backlog in which nothing is pinned. `more`: its further settings. */
export async function unpinned(tracker: Tracker, store: Store, more: string): Promise<Backlog> {
  const backlog = await openSite(tracker, store, more);
  for (const key of backlog.order())
    if (backlog.labels(key).includes('winnow-pin')) backlog.removeLabel(key, 'winnow-pin');
  backlog.later(1);
  return backlog;
}

/** One that stands as it should: a first round has written. */
export async function settled(tracker: Tracker, store: Store): Promise<{ backlog: Backlog; first: CommandRound }> {
  const backlog = await unpinned(tracker, store, `mode: apply, ${limits}`);
  const first = await backlog.round({ apply: true });
  expect(first.report).toMatchObject({ status: 'applied', outcomes: { failed: 0 } });
  backlog.later(1);
  return { backlog, first };
}
