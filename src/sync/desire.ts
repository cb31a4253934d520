import { daysBetween } from '../calendar.ts';
import type { GuardName } from '../change.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { bandOf } from '../scoring/bands.ts';
import { wantedLabels } from '../scoring/grooming.ts';
import type { Model, Score } from '../scoring/model.ts';
import { scoreItem } from '../scoring/score.ts';
import { exemptionOf, stageOf, thresholdsFor } from '../scoring/staleness.ts';
import { isEligible } from './eligible.ts';
import { fixedPlaces, waitingItems } from './waiting.ts';
import type { Assessment, DesireInput } from './assessment.ts';
import { holdItems } from './hold-items.ts';
import { desiredOrder } from './order.ts';
import type { Hold, ItemState } from './ports.ts';

/** What should be, of one backlog, at one instant. Pure: items, model and time in; order, labels and reasons out. */
export interface Desired {
  readonly assessments: ReadonlyMap<ItemRef, Assessment>;
  /** Eligible items as they stand. */
  readonly current: readonly ItemRef[];
  /** Eligible items as they should stand. */
  readonly order: readonly ItemRef[];
  /** As `order`, had nothing to wait (quiet, budget, quarantine): shows what those guards keep back. */
  readonly unsuspended: readonly ItemRef[];
  readonly holds: ReadonlyMap<ItemRef, Hold>;
  /** Eligible items that must not be moved in this round, with the guard that says so. */
  readonly waiting: ReadonlyMap<ItemRef, GuardName>;
  /** Those, and what cannot be moved because of them: written by no move, also not as a neighbour. */
  readonly fixed: ReadonlySet<ItemRef>;
  readonly blockedBy: ReadonlyMap<ItemRef, readonly ItemRef[]>;
  /** Blocker edges that close a cycle: [blocked, blocker]. */
  readonly ignoredEdges: readonly (readonly [ItemRef, ItemRef])[];
  /** A held item stands above what blocks it: [blocked, blocker]. */
  readonly breaches: readonly (readonly [ItemRef, ItemRef])[];
}

export function desire(input: DesireInput): Desired {
  const assessments = new Map<ItemRef, Assessment>();
  for (const [ref, state] of input.states) assessments.set(ref, assess(state, input));
  const current = input.order.filter(ref => assessments.get(ref)?.eligible === true);
  const blockedBy = blockersAmong(current, input.states);
  const holds = holdItems({ current, assessments, blockedBy, input });
  const keys = orderKeys(current, assessments, input.model);
  const waiting = waitingItems(current, input.requests.suspended);
  const fixed = fixedPlaces(current, waiting, input.states);
  const question = { current, bandOf: keys, blockedBy };

  const placed = desiredOrder({ ...question, held: indicesOf(holds, () => true), fixed });
  const lasting = indicesOf(holds, hold => !isSuspension(hold));
  const free = waiting.size === 0 ? placed : desiredOrder({ ...question, held: lasting });
  return {
    assessments,
    current,
    order: placed.order,
    unsuspended: free.order,
    holds,
    waiting,
    fixed: new Set(fixed.keys()),
    blockedBy,
    ignoredEdges: placed.ignoredEdges,
    breaches: placed.breaches,
  };
}

/** Score, band, stage and labels of one item. */
export function assess(
  state: ItemState,
  input: Pick<DesireInput, 'model' | 'settings' | 'now' | 'sources'>,
): Assessment {
  const { item, clock } = state;
  const { model, now } = input;
  const zone = input.settings.timezone;
  const idleDays = Math.max(0, daysBetween(clock.at, now, zone));
  const thresholds = thresholdsFor(item, model);
  const score = scoreItem(item, model, {
    now,
    zone,
    idleDays,
    staleAfterDays: thresholds.stale.days,
    exempt: exemptionOf(item, model) !== null,
    sources: input.sources,
  });
  const stage = stageOf(item, idleDays, score.undecayed, model);
  const eligible = isEligible(item);
  const labels = eligible ? wantedLabels({ item, model, score, stage, idleDays }) : [];
  return { score, band: bandWith(state, score, model), stage, idleDays, labels, eligible };
}

function bandWith(state: ItemState, score: Score, model: Model): number | null {
  if (score.score === null || model.band === 0) return null;
  const remembered = state.band?.modelHash === model.hash ? state.band.band : null;
  return bandOf(score.score, model.band, remembered, score.floor);
}

function orderKeys(
  current: readonly ItemRef[],
  assessments: ReadonlyMap<ItemRef, Assessment>,
  model: Model,
): ReadonlyMap<ItemRef, number> {
  return new Map(
    current.map(ref => {
      const assessment = assessments.get(ref);
      return [ref, (model.band === 0 ? assessment?.score.score : assessment?.band) ?? 0];
    }),
  );
}

function blockersAmong(
  current: readonly ItemRef[],
  states: ReadonlyMap<ItemRef, ItemState>,
): ReadonlyMap<ItemRef, readonly ItemRef[]> {
  const eligible = new Set(current);
  const edges = new Map<ItemRef, readonly ItemRef[]>();
  for (const ref of current) {
    const item: BacklogItem | undefined = states.get(ref)?.item;
    const blockers = (item?.blockedBy ?? []).filter(blocker => eligible.has(blocker) && blocker !== ref);
    if (blockers.length > 0) edges.set(ref, blockers);
  }
  return edges;
}

function isSuspension(hold: Hold): boolean {
  return hold.kind === 'quiet' || hold.kind === 'write-budget' || hold.kind === 'quarantine';
}

function indicesOf(holds: ReadonlyMap<ItemRef, Hold>, which: (hold: Hold) => boolean): ReadonlyMap<ItemRef, number> {
  return new Map([...holds].filter(([, hold]) => which(hold)).map(([ref, hold]) => [ref, hold.index]));
}
