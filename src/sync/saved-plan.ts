import type { Change, ExplanationSetChange } from '../change.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { isOurs, mayBeWritten } from './explanation.ts';
import { holdsExplanation } from './landed.ts';

/** What an item looked like when the plan was made; what differs now is refused. */
export interface Precondition {
  readonly order: string | number | null;
  readonly labels: readonly string[];
  readonly score: number | null;
  /** null: there was none, or none was read. */
  readonly explanation: string | null;
}

/** A plan written to a file, to be carried out later. It is untrusted input: parsed strictly, checked against the tracker. */
export interface SavedPlan {
  readonly backlog: string;
  readonly modelHash: string;
  readonly changes: readonly Change[];
  readonly before: ReadonlyMap<ItemRef, Precondition>;
}

export interface Refusal {
  readonly change: Change;
  readonly problem: string;
}

/** The item as a precondition records it. */
export function preconditionOf(item: BacklogItem): Precondition {
  const score = item.scoreField.kind === 'value' ? item.scoreField.value : null;
  const explanation = item.explanation?.kind === 'value' ? item.explanation.value : null;
  return { order: item.order, labels: item.labels, score, explanation };
}

/** Divides a saved plan into what may still be done and what is refused, item by item. Pure. */
export function checkSavedPlan(
  plan: SavedPlan,
  items: ReadonlyMap<ItemRef, BacklogItem>,
  eligible: ReadonlySet<ItemRef>,
  own: ReadonlySet<string>,
): { readonly accepted: readonly Change[]; readonly refused: readonly Refusal[] } {
  const accepted: Change[] = [];
  const refused: Refusal[] = [];
  for (const change of plan.changes) {
    const problem = objection(change, { plan, items, eligible, own });
    if (problem === null) accepted.push(change);
    else refused.push({ change, problem });
  }
  return { accepted, refused };
}

function objection(
  change: Change,
  context: {
    readonly plan: SavedPlan;
    readonly items: ReadonlyMap<ItemRef, BacklogItem>;
    readonly eligible: ReadonlySet<ItemRef>;
    readonly own: ReadonlySet<string>;
  },
): string | null {
  const { plan, items, eligible, own } = context;
  const item = items.get(change.ref);
  const before = plan.before.get(change.ref);
  if (item === undefined) return `${change.key} is no longer in the backlog`;
  if (before === undefined) return `the plan does not say how ${change.key} stood`;
  switch (change.kind) {
    case 'move':
      if (!eligible.has(change.ref)) return `${change.key} is no longer ranked (started, planned or done)`;
      if (item.order !== before.order) return `${change.key} was moved since the plan was made`;
      if (change.after !== null && !eligible.has(change.after))
        return `its neighbour ${change.after} is no longer ranked`;
      return null;
    case 'label-add':
      if (!own.has(change.to)) return `${change.to} is not a label of Winnow`;
      return sameLabels(item, before) ? null : `the labels of ${change.key} changed since the plan was made`;
    case 'label-remove':
      if (!own.has(change.from)) return `${change.from} is not a label of Winnow`;
      return sameLabels(item, before) ? null : `the labels of ${change.key} changed since the plan was made`;
    case 'score-set':
      return preconditionOf(item).score === before.score
        ? null
        : `the score field of ${change.key} changed since the plan was made`;
    case 'explanation-set':
      return objectionToText(change, item, before, eligible);
    default:
      return change satisfies never;
  }
}

function objectionToText(
  { key, to }: ExplanationSetChange,
  item: BacklogItem,
  before: Precondition,
  eligible: ReadonlySet<ItemRef>,
): string | null {
  if (item.explanation === undefined) return 'no explanation is configured now (write.explanation)';
  if (!eligible.has(item.ref)) return `${key} is no longer ranked (started, planned or done)`;
  if (to !== null && !isOurs(to)) return `the text for ${key} is no explanation of Winnow`;
  return holdsExplanation(item, before.explanation) && mayBeWritten(item.explanation)
    ? null
    : `the explanation on ${key} changed since the plan was made`;
}

function sameLabels(item: BacklogItem, before: Precondition): boolean {
  const now = new Set(item.labels);
  return now.size === new Set(before.labels).size && before.labels.every(label => now.has(label));
}
