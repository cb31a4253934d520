import type { Outcome } from '../change.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import type { Desired } from './desire.ts';
import type { Guarded } from './guard.ts';
import type { Pulled } from './pull.ts';
import type { Round } from './round.ts';
import { checkSavedPlan, itemsNamedBy } from './saved-plan.ts';

export interface Chosen {
  readonly plan: Guarded;
  /** Changes of a saved plan that must not be made any more. */
  readonly refused: readonly Outcome[];
}

/** A saved plan takes the place of the fresh one, as far as nothing moved meanwhile. */
export async function chooseChanges(
  round: Round,
  planned: Guarded,
  found: { readonly pulled: Pulled; readonly desired: Desired; readonly items: ReadonlyMap<ItemRef, BacklogItem> },
): Promise<Chosen> {
  const { savedPlan, settings } = round.request;
  if (savedPlan === null) return { plan: planned, refused: [] };
  const { current, waiting, fixed } = found.desired;
  const items = await byId(round, itemsNamedBy(savedPlan.changes), found);
  const { write } = settings;
  return checkSavedPlan(savedPlan, { items, eligible: new Set(current), waiting, fixed, own: round.own.all, write });
}

/** What a round reads in full comes from searches, which lag behind; a round of changes has read these by id already. */
async function byId(
  round: Round,
  refs: readonly ItemRef[],
  { pulled, items }: { readonly pulled: Pulled; readonly items: ReadonlyMap<ItemRef, BacklogItem> },
): Promise<ReadonlyMap<ItemRef, BacklogItem>> {
  if (!pulled.full) return items;
  const strays = new Set(pulled.strays.map(item => item.ref));
  const fresh = new Map(items);
  for (const [ref, where] of await round.parts.backlog.locate(refs, round.read)) {
    const stands = where.state === 'in-scope' || (where.state === 'out-of-scope' && strays.has(ref));
    if (stands) fresh.set(ref, where.item);
    else fresh.delete(ref);
  }
  return fresh;
}
