import type { Whereabouts } from '../connectors/connector.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import type { JournaledEffect, JournaledRound } from './ports.ts';
import type { Pulled } from './pull.ts';
import type { Round } from './round.ts';
import { touchesByOthers, type Touch } from './undo-touches.ts';

/** Clocks differ, and what the tracker's feeds date by whole seconds: history is read from a little before the round. */
const earlierMs = 5 * 60_000;

/** In the order they were intended, on every item of the round and of the order before it. */
export async function appliedEffects(round: Round, target: JournaledRound): Promise<readonly JournaledEffect[]> {
  const refs = [...new Set([...round.request.touched, ...(target.order ?? [])])];
  const all = await round.parts.journal.effects({ connection: round.request.settings.connection, refs });
  return all.filter(effect => effect.status === 'applied');
}

/** Why items that the round changed are not in scope now, for people. */
export async function whyAbsent(round: Round, pulled: Pulled): Promise<ReadonlyMap<ItemRef, string>> {
  const missing = round.request.touched.filter(ref => !pulled.states.has(ref));
  const found = missing.length === 0 ? new Map() : await round.parts.backlog.locate(missing, round.read);
  return new Map(missing.map(ref => [ref, absenceOf(found.get(ref))]));
}

function absenceOf(where: Whereabouts | undefined): string {
  if (where?.state === 'gone') return 'it is deleted';
  if (where?.state === 'unknown') return `it cannot be read: ${where.why}`;
  return 'it left this backlog';
}

/** Histories are read only where they decide: labels, and places that no order value tells. */
export async function touchesSince(
  round: Round,
  known: { readonly pulled: Pulled; readonly target: JournaledRound; readonly effects: readonly JournaledEffect[] },
): Promise<ReadonlyMap<ItemRef, readonly Touch[]>> {
  const { pulled, target, effects } = known;
  const { backlog } = round.parts;
  const wanted = new Map<ItemRef, BacklogItem>();
  for (const { ref, round: id, field } of effects) {
    const item = pulled.states.get(ref)?.item;
    if (item === undefined || id !== target.id || field === 'score' || field === 'explanation') continue;
    if (field === 'label' || typeof item.order !== 'number') wanted.set(ref, item);
  }
  if (wanted.size === 0) return new Map();
  const historySince = new Date(target.startedAt.getTime() + backlog.self.skewMs - earlierMs);
  const histories = await backlog.readHistories([...wanted.values()], { ...round.read, historySince });
  const ownWrites = Map.groupBy(effects, effect => effect.ref);
  return new Map(
    [...histories].map(([ref, entries]) => {
      const { labelsIgnoreCase } = backlog.can;
      const context = { ownWrites: ownWrites.get(ref) ?? [], readAt: round.trackerNow, labelsIgnoreCase };
      return [ref, touchesByOthers(entries, context)];
    }),
  );
}
