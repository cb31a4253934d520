import type { Change, GuardName, Withheld } from '../change.ts';
import type { ItemRef } from '../item.ts';
import type { Limits, Mode } from '../settings.ts';

/** A plan as far as the guards left it, and what they took out. */
export interface Guarded {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
}

export interface GuardContext {
  readonly mode: Mode;
  /** `winnow plan` shows what `apply` would do. */
  readonly skipObserve: boolean;
  readonly paused: boolean;
  readonly withinWriteHours: boolean;
  /** null: no limits (the demo says so aloud). */
  readonly limits: Limits | null;
  readonly eligible: number;
  /** Moves granted by `winnow approve`, or null. */
  readonly approvedMoves: number | null;
  /** Items that must not be written for now, with the guard's name. */
  readonly suspended: ReadonlyMap<ItemRef, GuardName>;
  readonly idleDays: ReadonlyMap<ItemRef, number>;
  readonly stageLabels: ReadonlySet<string>;
  /** Labels and scores of a quiet item wait too where they share one patch with the rank. */
  readonly editsAreOnePatch: boolean;
}

type Policy = (plan: Guarded, context: GuardContext) => Guarded;

/** Runs every guard in order. A guard only removes; what it removes is kept, with its name. */
export function guard(plan: Guarded, context: GuardContext): Guarded {
  const policies: readonly Policy[] = [observe, paused, writeHours, suspension, approval, labelRamp];
  return policies.reduce((left, policy) => policy(left, context), plan);
}

/** The plan after writing: what turned out to wait, for people at work on an item or for a pause, was withheld after all. */
export function withheldAfterwards(
  plan: Guarded,
  { waiting, stopped }: { readonly waiting: readonly Change[]; readonly stopped: readonly Change[] },
): Guarded {
  const [waits, stops] = [new Set(waiting), new Set(stopped)];
  return withhold(
    withhold(plan, 'quiet', change => waits.has(change)),
    'paused',
    change => stops.has(change),
  );
}

function withhold(plan: Guarded, name: GuardName, takes: (change: Change) => boolean): Guarded {
  const taken = plan.changes.filter(takes);
  if (taken.length === 0) return plan;
  return {
    changes: plan.changes.filter(change => !takes(change)),
    withheld: [...plan.withheld, ...taken.map((change): Withheld => ({ ...change, guard: name }))],
  };
}

function observe(plan: Guarded, context: GuardContext): Guarded {
  return context.mode === 'observe' && !context.skipObserve ? withhold(plan, 'observe', () => true) : plan;
}

function paused(plan: Guarded, context: GuardContext): Guarded {
  return context.paused ? withhold(plan, 'paused', () => true) : plan;
}

function writeHours(plan: Guarded, context: GuardContext): Guarded {
  return context.withinWriteHours ? plan : withhold(plan, 'write-hours', () => true);
}

/** Quiet, out-of-budget and quarantined items. Their moves are planned around already; this takes the rest. */
function suspension(plan: Guarded, context: GuardContext): Guarded {
  const names: readonly GuardName[] = ['quiet', 'write-budget', 'quarantine'];
  return names.reduce(
    (left, name) =>
      withhold(left, name, change => {
        if (context.suspended.get(change.ref) !== name) return false;
        return name !== 'quiet' || change.kind === 'move' || context.editsAreOnePatch;
      }),
    plan,
  );
}

/** Over the limit only moves wait; labels and scores are written. */
function approval(plan: Guarded, context: GuardContext): Guarded {
  if (context.limits === null) return plan;
  const moves = plan.changes.filter(change => change.kind === 'move').length;
  const { maxMoves, maxMovedShare } = context.limits;
  const within = moves <= maxMoves && moves <= maxMovedShare * context.eligible;
  const approved = context.approvedMoves !== null && moves <= context.approvedMoves;
  return within || approved ? plan : withhold(plan, 'needs-approval', change => change.kind === 'move');
}

/** Additions beyond the limit wait, longest idle first in. A stage swap is one change: its two halves go or stay together. */
function labelRamp(plan: Guarded, context: GuardContext): Guarded {
  const limit = context.limits?.maxLabelChanges ?? Infinity;
  const additions = plan.changes.filter(change => change.kind === 'label-add');
  if (additions.length <= limit) return plan;
  const idle = (change: Change): number => context.idleDays.get(change.ref) ?? 0;
  const late = [...additions]
    .sort((a, b) => idle(b) - idle(a) || compareText(a.ref, b.ref) || compareText(a.to, b.to))
    .slice(limit);
  const waiting = new Set<Change>(late);
  const swapped = new Set(late.filter(change => context.stageLabels.has(change.to)).map(change => change.ref));
  return withhold(
    plan,
    'label-ramp',
    change =>
      waiting.has(change) ||
      (change.kind === 'label-remove' && context.stageLabels.has(change.from) && swapped.has(change.ref)),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
