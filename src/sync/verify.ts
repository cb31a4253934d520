import type { Change, Outcome } from '../change.ts';
import type { Whereabouts } from '../connectors/connector.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { orderItems } from './current-order.ts';
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
    const complaint = complaintAbout(change, item);
    if (complaint !== null) problems.push({ ref: change.ref, message: complaint });
  }
  const misplaced = args.comparable ? misplacedItems(applied, fresh, args) : [];
  for (const ref of misplaced) {
    const key = args.items.get(ref)?.key ?? ref;
    problems.push({
      ref,
      message: `${key} was moved but does not stand where it was put; the next round plans it again`,
    });
  }
  return { fresh, problems, ordered: misplaced.length === 0 };
}

function complaintAbout(change: Change, item: BacklogItem | null): string | null {
  if (item === null) return `${change.key} could not be read back after it was written`;
  switch (change.kind) {
    case 'label-add':
      return hasLabel(item, change.to) ? null : `${change.key} does not bear ${change.to} although it was added`;
    case 'label-remove':
      return hasLabel(item, change.from) ? `${change.key} still bears ${change.from} although it was removed` : null;
    case 'score-set':
      return holdsScore(item, change.to)
        ? null
        : `the score field of ${change.key} does not hold ${change.to ?? 'nothing'}`;
    case 'move':
      return null;
    default:
      return change satisfies never;
  }
}

/** null: the field is empty. */
export function holdsScore({ scoreField }: BacklogItem, score: number | null): boolean {
  return score === null ? scoreField.kind === 'absent' : scoreField.kind === 'value' && scoreField.value === score;
}

function hasLabel(item: BacklogItem, label: string): boolean {
  return item.labels.some(l => l.toLowerCase() === label.toLowerCase());
}

/** Moved items that stand elsewhere than wanted, by the order values read back. */
function misplacedItems(
  applied: readonly Change[],
  fresh: ReadonlyMap<ItemRef, Whereabouts>,
  args: { readonly items: ReadonlyMap<ItemRef, BacklogItem>; readonly current: readonly ItemRef[] },
): readonly ItemRef[] {
  const moves = applied.filter(change => change.kind === 'move');
  if (moves.length === 0) return [];
  const now = args.current.flatMap(ref => {
    const where = fresh.get(ref);
    if (where === undefined) return args.items.get(ref) ?? [];
    return where.state === 'in-scope' ? [where.item] : [];
  });
  const stands = orderItems(now, null);
  const standing = new Set(stands);
  const wanted = orderAfter(args.current, moves).filter(ref => standing.has(ref));
  const above = new Map(stands.map((ref, i) => [ref, stands[i - 1] ?? null]));
  const should = new Map(wanted.map((ref, i) => [ref, wanted[i - 1] ?? null]));
  return moves.map(m => m.ref).filter(ref => standing.has(ref) && above.get(ref) !== should.get(ref));
}
