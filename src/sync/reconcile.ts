import type { Change, Outcome } from '../change.ts';
import { messageOf } from '../errors.ts';
import type { BacklogItem, ItemRef } from '../item.ts';
import { largestThreshold } from '../scoring/staleness.ts';
import { applyChanges, nothingApplied, type Applied } from './apply.ts';
import { chooseChanges } from './choose-changes.ts';
import { desire, type Desired } from './desire.ts';
import { mayBeWritten } from './explanation.ts';
import { guard, withheldAfterwards, type Guarded } from './guard.ts';
import { guardContext, holdRequests } from './circumstances.ts';
import { plan } from './plan.ts';
import type { Pause, Problem, RoundReport } from './ports.ts';
import { pull, type Pulled } from './pull.ts';
import { readBack } from './read-back.ts';
import { failedReport, failuresAmong, problemsOfWriting, reportOf } from './end-round.ts';
import { keepNewHolds } from './remember.ts';
import { statusOf } from './report.ts';
import { requestHash } from './request-hash.ts';
import { beginRound, type Round, type RoundParts, type RoundRequest } from './round.ts';
import { refuseSharedItems } from './shared-items.ts';
import { settleIntents } from './settle-intents.ts';
import { gatherStops, mayGoOn, problemsOfStops, type Stops } from './stops.ts';
import { tripBreaker, troubleOf } from './trouble.ts';
import type { Verified } from './verify.ts';

/** What a round found and decided; for explaining and for saving a plan. */
export interface Study {
  readonly pulled: Pulled;
  readonly desired: Desired;
  readonly guarded: Guarded;
  /** Changes that were to be made and are not, with what went wrong. */
  readonly failures: ReadonlyMap<Change, string>;
  /** Pauses that held everything back. */
  readonly paused: readonly Pause[];
}

export interface RoundResult {
  readonly report: RoundReport;
  /** Why the round failed, or ended before its last write; null if it ran through. */
  readonly error: Error | null;
  readonly study: Study | null;
}

/** One round: pull, normalise, score, plan, guard, apply, verify, journal. Never throws; a failed round says so. */
export async function reconcile(request: RoundRequest, parts: RoundParts): Promise<RoundResult> {
  const round = beginRound(request, parts, largestThreshold(request.model));
  const { settings, model } = request;
  try {
    await parts.journal.openRound({
      id: round.id,
      backlog: settings.name,
      connection: settings.connection,
      mode: modeOf(request),
      startedAt: round.now,
      model: model.name,
      modelHash: model.hash,
      account: parts.backlog.self.id,
      site: parts.site ?? settings.connection,
    });
    return await carryOut(round);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(messageOf(error));
    return { report: await failedReport(round, modeOf(request), reason), error: reason, study: null };
  }
}

async function carryOut(round: Round): Promise<RoundResult> {
  const { settings, model, purpose } = round.request;
  await round.parts.journal.closeAbandoned(settings.name, round.id, round.now);
  const pulled = await pull(round, requestHash(round.request));
  await settleIntents(round, pulled);
  if (modeOf(round.request) === 'apply') await refuseSharedItems(round, pulled.states);

  const requests = await holdRequests(round, pulled);
  const { states, order, strays } = pulled;
  const desired = desire({
    states,
    order,
    model,
    settings,
    now: round.now,
    sources: round.parts.backlog.sources,
    requests,
  });
  const planned = plan({ states, desired, strays, model, settings, own: round.own, can: round.parts.backlog.can });
  const items = new Map([...states].map(([ref, state]): [ItemRef, BacklogItem] => [ref, state.item]));
  for (const stray of strays) items.set(stray.ref, stray);
  const chosen = await chooseChanges(round, planned, { pulled, desired, items });
  const stops = await gatherStops(round, pulled.strangers);
  const allowed = guard(chosen.plan, guardContext(round, { desired, requests, stops }));
  await round.parts.journal.recordPlan(round.id, {
    ...allowed,
    order: allowed.changes.some(change => change.kind === 'move') ? desired.current : null,
  });

  const keeps = keepsMemory(round.request, pulled);
  if (purpose === 'run' && keeps) await keepNewHolds(round, { pulled, desired, guarded: allowed });
  const { current, fixed } = desired;
  const ground = { items, current, fixed, mayGoOn: () => mayGoOn(round) };
  const written = purpose === 'run' ? await applyChanges(round, allowed.changes, ground) : nothingApplied;
  const guarded = withheldAfterwards(allowed, written);
  const study = { pulled, desired, guarded };
  const { applied, verified } = await readBack(round, { ...study, applied: written, items, keeps });
  return report(round, { study, stops, applied, refused: chosen.refused, verified });
}

function keepsMemory({ memory = 'keep' }: RoundRequest, pulled: Pulled): boolean {
  return memory === 'keep' || (memory === 'first' && !pulled.kept);
}

function modeOf(request: RoundRequest): 'observe' | 'apply' {
  return request.apply || request.settings.mode === 'apply' ? 'apply' : 'observe';
}

async function report(
  round: Round,
  found: {
    readonly study: Omit<Study, 'failures' | 'paused'>;
    readonly stops: Stops;
    readonly applied: Applied;
    readonly refused: readonly Outcome[];
    readonly verified: Verified;
  },
): Promise<RoundResult> {
  const { stops, applied, verified } = found;
  const { desired, guarded, pulled } = found.study;
  const { endedBy } = applied;
  const outcomes = [...applied.outcomes, ...found.refused];
  const trouble = troubleOf(applied, verified);
  const planning = round.request.purpose !== 'run';
  const status = statusOf({ planning, changes: guarded.changes, withheld: guarded.withheld, outcomes });
  const failed = outcomes.filter(o => o.status === 'failed');
  const problems: Problem[] = [
    ...problemsOfStudy(found.study),
    ...problemsOfStops(stops, round.request.settings.name),
    ...problemsOfWriting(outcomes, verified, endedBy),
  ];
  const result = reportOf(round, {
    mode: modeOf(round.request),
    status: verified.problems.length > 0 ? 'partial' : status,
    items: pulled.states.size,
    eligible: desired.current.length,
    scored: desired.current.filter(ref => desired.assessments.get(ref)?.score.score !== null).length,
    changes: guarded.changes,
    withheld: guarded.withheld,
    outcomes: { applied: outcomes.length - failed.length, failed: failed.length },
    problems,
    ...(trouble === null ? {} : { trouble }),
  });
  await round.parts.journal.closeRound(result);
  if (trouble !== null) await tripBreaker(round);
  const study = { ...found.study, failures: failuresAmong(applied.outcomes), paused: stops.paused };
  return { report: result, error: endedBy, study };
}

/** Told once for all: somebody's text stands where the explanation would go, and stays. */
function textsOfPeople({ states }: Pulled, { current }: Desired): readonly Problem[] {
  const held = current.flatMap(ref => {
    const item = states.get(ref)?.item;
    return item?.explanation === undefined || mayBeWritten(item.explanation) ? [] : [item];
  });
  const [first] = held;
  if (first === undefined) return [];
  const named = held.slice(0, 5).map(item => item.key);
  const others = held.length > named.length ? ` and ${held.length - named.length} more` : '';
  const message =
    `${named.join(', ')}${others}: a text that is not Winnow's stands where the explanation goes (write.explanation); ` +
    'it is left. Empty it, or name another field.';
  return [{ ref: held.length === 1 ? first.ref : null, message }];
}

function problemsOfStudy({ pulled, desired }: Pick<Study, 'pulled' | 'desired'>): readonly Problem[] {
  const key = (ref: ItemRef): string => pulled.states.get(ref)?.item.key ?? ref;
  const unreadable = [...desired.assessments].flatMap(([ref, assessment]) =>
    assessment.score.parts.flatMap(part =>
      part.problem === undefined || !assessment.eligible
        ? []
        : [{ ref, message: `${key(ref)}: ${part.factor}: ${part.problem}` }],
    ),
  );
  return [
    ...unreadable,
    ...textsOfPeople(pulled, desired),
    ...[...pulled.overtaken].map(([ref, at]) => ({
      ref,
      message:
        `${key(ref)}: somebody ranked it at ${at.toISOString()}, in the moment in which Winnow moved it, and Winnow's place won; ` +
        'rank it again if it should stand elsewhere',
    })),
    ...desired.ignoredEdges.map(([ref, by]) => ({
      ref,
      message: `${key(ref)} and ${key(by)} block each other in a circle; that link is ignored`,
    })),
    ...desired.breaches.map(([ref, by]) => ({ ref, message: `${key(ref)} is held above ${key(by)}, which blocks it` })),
  ];
}
