import { messageOf } from '../errors.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { largestThreshold } from '../scoring/staleness.ts';
import type { Model } from '../scoring/model.ts';
import type { BacklogSettings } from '../settings.ts';
import { applyChanges, nothingApplied, type Applied } from './apply.ts';
import { guardContext, holdRequests } from './circumstances.ts';
import type { HoldRequests } from './assessment.ts';
import { desire, type Desired } from './desire.ts';
import { failedReport, failuresAmong, problemsOfWriting, reportOf } from './end-round.ts';
import { guard, withheldAfterwards, type Guarded } from './guard.ts';
import { appliedEffects, touchesSince, whyAbsent } from './gather-undo.ts';
import type { JournaledEffect, JournaledRound, Problem } from './ports.ts';
import { pull, type Pulled } from './pull.ts';
import type { RoundResult } from './reconcile.ts';
import { readBack } from './read-back.ts';
import { statusOf } from './report.ts';
import { requestHash } from './request-hash.ts';
import { beginRound, type Round, type RoundParts } from './round.ts';
import { settleIntents } from './settle-intents.ts';
import { gatherStops, problemsOfStops } from './stops.ts';
import { orderBack } from './undo-order.ts';
import { displacedSince, movesBack } from './undo-moves.ts';
import { undoWishes, type UndoWishes } from './undo-wishes.ts';
import type { Verified } from './verify.ts';

export interface UndoRequest {
  readonly settings: BacklogSettings;
  readonly model: Model;
  readonly target: JournaledRound;
  /** Who asks for it. */
  readonly by: string;
  /** `plan` shows what `run` would restore. */
  readonly purpose: 'plan' | 'run';
}

/**
 * Restores what a round changed, item by item, only where the present value is still ours: a round of its own, planned,
 * journaled, verified, and undoable. It works whether or not the round came to its end, and in spite of pauses and
 * limits, for a person asked for exactly this. The backlog is paused before the first write, else the next round would
 * do it all again. Never throws; a failed round says so.
 */
export async function undo(request: UndoRequest, parts: RoundParts): Promise<RoundResult> {
  const { settings, model, target } = request;
  const named = await parts.journal.effects({ round: target.id });
  const touched = [...new Set(named.map(effect => effect.ref))];
  const round = beginRound(asRound(request, touched), parts, largestThreshold(model));
  try {
    await parts.journal.openRound({
      id: round.id,
      backlog: settings.name,
      connection: settings.connection,
      mode: 'undo',
      startedAt: round.now,
      model: model.name,
      modelHash: model.hash,
      account: parts.backlog.self.id,
      site: parts.site ?? settings.connection,
    });
    return await carryOut(round, request);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(messageOf(error));
    return { report: await failedReport(round, 'undo', reason), error: reason, study: null };
  }
}

/** A person's word: no mode, pause or limit holds it up. What the round named is read by id. */
function asRound({ settings, model, purpose }: UndoRequest, touched: readonly ItemRef[]): Round['request'] {
  return {
    settings,
    model,
    purpose,
    apply: true,
    sweep: false,
    touched,
    liftLimits: true,
    otherWriters: [],
    savedPlan: null,
  };
}

async function carryOut(round: Round, request: UndoRequest): Promise<RoundResult> {
  const { journal, state } = round.parts;
  const { settings, target, by } = request;
  await journal.closeAbandoned(settings.name, round.id, round.now);
  const pulled = await pull(round, requestHash(round.request));
  await settleIntents(round, pulled);
  const stops = await gatherStops(round, pulled.strangers);

  const effects = await appliedEffects(round, target);
  const items = itemsOf(pulled);
  const wishes = undoWishes({
    round: target,
    effects,
    items,
    absent: await whyAbsent(round, pulled),
    touches: await touchesSince(round, { pulled, target, effects }),
    labelsIgnoreCase: round.parts.backlog.can.labelsIgnoreCase,
    scoresRead: settings.write.score !== null,
  });
  const { desired, allowed, refused } = await planBack(round, { pulled, target, effects, wishes });
  const writes = request.purpose === 'run';
  if (writes && allowed.changes.length > 0) {
    const who = `round ${target.id}, by ${by}`;
    await state.pause(settings.name, { reason: 'undo', by: who, since: round.now, until: null });
  }
  const order = allowed.changes.some(change => change.kind === 'move') ? desired.current : null;
  await journal.recordPlan(round.id, { ...allowed, order });
  const ground = { items, current: desired.current, fixed: desired.fixed };
  const written = writes ? await applyChanges(round, allowed.changes, ground) : nothingApplied;
  const guarded = withheldAfterwards(allowed, written);
  const found = { pulled, desired, guarded, applied: written, items, keeps: writes };
  const { applied, verified } = await readBack(round, found);
  const left = [...wishes.left, ...refused, ...problemsOfStops(stops, settings.name)];
  return close(round, { pulled, desired, guarded, applied, verified, left });
}

interface Found {
  readonly pulled: Pulled;
  readonly target: JournaledRound;
  readonly effects: readonly JournaledEffect[];
  readonly wishes: UndoWishes;
}

/** Only what the tracker's own rules refuse is held back; such an item keeps its place, and others go back around it. */
async function planBack(
  round: Round,
  found: Found,
): Promise<{ desired: Desired; allowed: Guarded; refused: readonly Problem[] }> {
  const { pulled, target } = found;
  const requests = await holdRequests(round, pulled);
  const refusedRefs = [...found.wishes.back].filter(ref => requests.suspended.has(ref));
  const back = new Set([...found.wishes.back].filter(ref => !requests.suspended.has(ref)));
  const wishes = { ...found.wishes, back };
  const desired = desiredBack(round, { ...found, wishes }, requests);
  const moves = movesBack({
    states: pulled.states,
    desired,
    back: wishes.back,
    target,
    can: round.parts.backlog.can,
  });
  const planned = { changes: [...moves, ...wishes.edits], withheld: [] };
  const stops = { paused: [], secondInstance: null, approvedMoves: null };
  const refused = refusedRefs.map(ref => {
    const key = pulled.states.get(ref)?.item.key ?? ref;
    return {
      ref,
      message: `${key}: its place is left: ${requests.suspended.get(ref)?.by ?? 'the tracker refuses it'}`,
    };
  });
  return { desired, allowed: guard(planned, guardContext(round, { desired, requests, stops })), refused };
}

function itemsOf(pulled: Pulled): ReadonlyMap<ItemRef, BacklogItem> {
  return new Map([...pulled.states].map(([ref, state]) => [ref, state.item]));
}

/**
 * The order to go back to, with the holds that this read brought up: a drag is seen by one read only. Assessments are left
 * out, so that no band is remembered for an order that the bands did not make.
 */
function desiredBack(round: Round, found: Found, requests: HoldRequests): Desired {
  const { pulled, target, effects, wishes } = found;
  const { settings, model } = round.request;
  const { sources } = round.parts.backlog;
  const { states, order: scope } = pulled;
  const wanted = desire({ states, order: scope, model, settings, now: round.now, sources, requests });
  const { current } = wanted;
  const displaced = displacedSince(target, effects, states);
  const order = orderBack({ current, before: target.order ?? [], back: wishes.back, displaced });
  return { ...wanted, assessments: new Map(), order, unsuspended: order, ignoredEdges: [], breaches: [] };
}

async function close(
  round: Round,
  done: {
    readonly pulled: Pulled;
    readonly desired: Desired;
    readonly guarded: Guarded;
    readonly applied: Applied;
    readonly verified: Verified;
    readonly left: readonly Problem[];
  },
): Promise<RoundResult> {
  const { pulled, desired, guarded, applied, verified, left } = done;
  const { outcomes, endedBy } = applied;
  const failed = outcomes.filter(outcome => outcome.status === 'failed');
  const status = statusOf({ planning: round.request.purpose === 'plan', ...guarded, outcomes });
  const report = reportOf(round, {
    mode: 'undo',
    status: verified.problems.length > 0 || endedBy !== null ? 'partial' : status,
    items: pulled.states.size,
    eligible: desired.current.length,
    scored: 0,
    ...guarded,
    outcomes: { applied: outcomes.length - failed.length, failed: failed.length },
    problems: [...left, ...problemsOfWriting(outcomes, verified, endedBy)],
  });
  await round.parts.journal.closeRound(report);
  const study = { pulled, desired, guarded, failures: failuresAmong(outcomes), paused: [] };
  return { report, error: endedBy, study };
}
