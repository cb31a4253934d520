import type { Change, Outcome } from '../change.ts';
import type { Whereabouts } from '../connectors/connector.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { orderItems } from './current-order.ts';
import { bears, holdsExplanation, holdsScore, type LabelSense } from './landed.ts';
import { orderAfter } from './moves-apply.ts';
import type { Problem } from './ports.ts';
import type { Round } from './round.ts';

export interface Verified {
  /** Written items as the tracker shows them now. */
  readonly fresh: ReadonlyMap<ItemRef, Whereabouts>;
  readonly problems: readonly Problem[];
  /** True when the order is what was wanted. */
  readonly ordered: boolean;
}

/** Reads back by id what was written. What does not hold is reported, and planned again in the next round. */
export async function verify(
  round: Round,
  args: {
    readonly outcomes: readonly Outcome[];
    readonly waiting: readonly Change[];
    readonly written: ReadonlySet<ItemRef>;
    readonly items: ReadonlyMap<ItemRef, BacklogItem>;
    readonly current: readonly ItemRef[];
    /** Whether order values alone tell the order (not while Jira rebalances, nor where values are shared). */
    readonly comparable: boolean;
  },
): Promise<Verified> {
  if (args.written.size === 0) return { fresh: new Map(), problems: [], ordered: true };
  const fresh = await round.parts.backlog.locate([...args.written], round.read);
  const applied = args.outcomes.filter(o => o.status === 'applied').map(o => o.change);
  const problems: Problem[] = [];
  for (const change of applied) {
    const where = fresh.get(change.ref);
    const item = where?.state === 'in-scope' || where?.state === 'out-of-scope' ? where.item : null;
    const complaint = complaintAbout(change, item, round.parts.backlog.can);
    if (complaint !== null) problems.push({ ref: change.ref, message: complaint });
  }
  const misplaced = args.comparable ? misplacedItems(fresh, args) : [];
  for (const ref of misplaced) {
    const key = args.items.get(ref)?.key ?? ref;
    problems.push({
      ref,
      message: `${key} was moved but does not stand where it was put; the next round plans it again`,
    });
  }
  return { fresh, problems, ordered: misplaced.length === 0 };
}

function complaintAbout(change: Change, item: BacklogItem | null, sense: LabelSense): string | null {
  if (item === null) return `${change.key} could not be read back after it was written`;
  switch (change.kind) {
    case 'label-add':
      return bears(item, change.to, sense) ? null : `${change.key} does not bear ${change.to} although it was added`;
    case 'label-remove':
      return bears(item, change.from, sense)
        ? `${change.key} still bears ${change.from} although it was removed`
        : null;
    case 'score-set':
      return holdsScore(item, change.to)
        ? null
        : `the score field of ${change.key} does not hold ${change.to ?? 'nothing'}`;
    case 'explanation-set':
      return holdsExplanation(item, change.to)
        ? null
        : `${change.key} does not hold the explanation that was written to it`;
    case 'move':
      return null;
    default:
      return change satisfies never;
  }
}

/**
 * Moved items that stand elsewhere than wanted, by the order values read back. Items that were to move and did not are left
 * out: the others were put where they should stand among each other.
 */
function misplacedItems(
  fresh: ReadonlyMap<ItemRef, Whereabouts>,
  args: {
    readonly outcomes: readonly Outcome[];
    readonly waiting: readonly Change[];
    readonly items: ReadonlyMap<ItemRef, BacklogItem>;
    readonly current: readonly ItemRef[];
  },
): readonly ItemRef[] {
  const { outcomes, waiting, items, current } = args;
  const isMove = (change: Change): boolean => change.kind === 'move';
  const moved = outcomes.flatMap(o => (o.status === 'applied' && isMove(o.change) ? [o.change] : []));
  if (moved.length === 0) return [];
  const unmoved = [...waiting, ...outcomes.flatMap(o => (o.status === 'failed' ? [o.change] : []))].filter(isMove);
  const left = new Set(unmoved.map(change => change.ref));
  const now = current.flatMap(ref => {
    const where = fresh.get(ref);
    if (left.has(ref)) return [];
    if (where === undefined) return items.get(ref) ?? [];
    return where.state === 'in-scope' ? [where.item] : [];
  });
  const stands = orderItems(now, null);
  const standing = new Set(stands);
  const wanted = orderAfter(current, [...moved, ...unmoved]).filter(ref => standing.has(ref));
  const above = new Map(stands.map((ref, i) => [ref, stands[i - 1] ?? null]));
  const should = new Map(wanted.map((ref, i) => [ref, wanted[i - 1] ?? null]));
  return moved.map(change => change.ref).filter(ref => standing.has(ref) && above.get(ref) !== should.get(ref));
}
