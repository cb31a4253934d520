import type { Change, GuardName } from '../change.ts';
import type { JournaledEffect, RoundAudit, RoundReport } from '../sync/ports.ts';

export interface AuditedRound {
  readonly report: RoundReport;
  /** null: the journal no longer holds it. */
  readonly audit: RoundAudit | null;
}

/** `not-attempted`: the round ended before its turn. `open`: the round was cut off; nobody knows yet. */
export type ChangeOutcome =
  'applied' | 'failed' | 'conflict' | 'not-landed' | 'open' | 'not-attempted' | 'withheld' | 'planned';

/** One change of one item in one round, with what came of it. */
export interface AuditedChange {
  readonly kind: Change['kind'] | 'respread';
  readonly from: string | number | null;
  readonly to: string | number | null;
  readonly because: string;
  readonly outcome: ChangeOutcome;
  readonly guard: GuardName | null;
  /** When it was written; null: it was not. */
  readonly at: Date | null;
}

export interface ItemRound extends AuditedRound {
  readonly changes: readonly AuditedChange[];
}

/** What one round did to an item: its changes, what the guards kept back, and where it only made room for others. */
export function itemRoundOf(round: AuditedRound, item: string, writes: readonly JournaledEffect[]): ItemRound {
  const { report } = round;
  const ours = (change: Change): boolean => change.ref === item || change.key.toUpperCase() === item.toUpperCase();
  const here = writes.filter(write => write.round === report.id);
  const used = new Set<JournaledEffect>();
  const changes = report.changes.filter(ours).map((change): AuditedChange => {
    const write = here.findLast(one => !used.has(one) && carries(one, change)) ?? null;
    // A change that met a conflict was tried again: the last try tells what came of it.
    for (const one of here) if (carries(one, change)) used.add(one);
    return { ...valuesOf(change), outcome: outcomeOf(write, report), guard: null, at: write?.intendedAt ?? null };
  });
  const withheld = report.withheld.filter(ours).map((change): AuditedChange => {
    return { ...valuesOf(change), outcome: 'withheld', guard: change.guard, at: null };
  });
  const respread = here
    .filter(write => !used.has(write))
    .map((write): AuditedChange => {
      const { from, to, status, intendedAt } = write;
      const because = 'its neighbours needed room between them; its place did not change';
      return { kind: 'respread', from, to, because, outcome: status, guard: null, at: intendedAt };
    });
  return { ...round, changes: [...changes, ...withheld, ...respread] };
}

function valuesOf({ kind, from, to, because }: Change): Pick<AuditedChange, 'kind' | 'from' | 'to' | 'because'> {
  return { kind, from, to, because };
}

function carries(write: JournaledEffect, change: Change): boolean {
  switch (change.kind) {
    case 'move':
      return write.field === 'rank';
    case 'label-add':
      return write.field === 'label' && write.to === change.to;
    case 'label-remove':
      return write.field === 'label' && write.to === null && write.from === change.from;
    case 'score-set':
      return write.field === 'score';
    case 'explanation-set':
      return write.field === 'explanation';
    default:
      return change satisfies never;
  }
}

function outcomeOf(write: JournaledEffect | null, report: RoundReport): ChangeOutcome {
  if (write !== null) return write.status;
  return report.outcomes.applied + report.outcomes.failed === 0 && report.status !== 'failed'
    ? 'planned'
    : 'not-attempted';
}
