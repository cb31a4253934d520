import type { GuardName } from '../change.ts';
import type { ItemRef } from '../item.ts';
import type { HoldRequests } from './assessment.ts';
import type { Desired } from './desire.ts';
import type { GuardContext } from './guard.ts';
import type { Pulled } from './pull.ts';
import type { Round } from './round.ts';
import type { Stops } from './stops.ts';
import { isWithinWriteHours } from './write-hours.ts';

const dayMs = 86_400_000;

/** What must wait in this round, and who dragged what: gathered from journal and state before anything is decided. */
export async function holdRequests(round: Round, pulled: Pulled): Promise<HoldRequests> {
  const { settings } = round.request;
  const { state, journal } = round.parts;
  const suspended = new Map<ItemRef, { guard: GuardName; until: Date | null; by: string }>();

  const quietMs = settings.limits.quietMinutes * 60_000;
  for (const [ref, { personAt }] of pulled.states) {
    if (personAt === null || round.trackerNow.getTime() - personAt.getTime() >= quietMs) continue;
    suspended.set(ref, {
      guard: 'quiet',
      until: new Date(personAt.getTime() + quietMs),
      by: 'somebody is at work on it',
    });
  }

  const dayAgo = new Date(round.trackerNow.getTime() - dayMs);
  const { writesPerItemPerDay } = settings.limits;
  for (const [ref, count] of await journal.writesSince(settings.connection, dayAgo, writesPerItemPerDay)) {
    if (!pulled.states.has(ref)) continue;
    suspended.set(ref, { guard: 'write-budget', until: null, by: `${count} writes within a day` });
  }

  for (const entry of await state.quarantined(settings.name)) {
    if (pulled.states.get(entry.ref)?.item.version !== entry.version) continue;
    suspended.set(entry.ref, { guard: 'quarantine', until: null, by: entry.problem });
  }
  return { dragged: pulled.dragged, suspended: round.request.liftLimits ? onlyQuarantine(suspended) : suspended };
}

/** Lifted limits never lift a tracker's own refusal. */
function onlyQuarantine<T extends { readonly guard: GuardName }>(
  all: ReadonlyMap<ItemRef, T>,
): ReadonlyMap<ItemRef, T> {
  return new Map([...all].filter(([, entry]) => entry.guard === 'quarantine'));
}

/** The guards' view of the round. */
export function guardContext(
  round: Round,
  found: { readonly desired: Desired; readonly requests: HoldRequests; readonly stops: Stops },
): GuardContext {
  const { settings, apply, purpose, liftLimits } = round.request;
  const { desired, requests, stops } = found;
  return {
    mode: stops.secondInstance !== null ? 'observe' : apply ? 'apply' : settings.mode,
    skipObserve: purpose !== 'run' && stops.secondInstance === null,
    paused: stops.paused.length > 0,
    withinWriteHours: liftLimits || isWithinWriteHours(round.now, settings.timezone, settings.writeHours),
    limits: liftLimits ? null : settings.limits,
    eligible: desired.current.length,
    approvedMoves: stops.approvedMoves,
    suspended: new Map([...requests.suspended].map(([ref, entry]) => [ref, entry.guard])),
    idleDays: new Map([...desired.assessments].map(([ref, assessment]) => [ref, assessment.idleDays])),
    stageLabels: round.own.stages,
    editsAreOnePatch: round.parts.backlog.can.editsAreOnePatch,
  };
}
