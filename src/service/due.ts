import { mostSkewMs } from '../clock.ts';
import type { RoundKind } from '../store/last-rounds.ts';
import type { Schedule } from './slots.ts';

/** When a backlog's rounds are due. */
export interface Timetable {
  readonly connection: string;
  readonly backlog: string;
  readonly schedule: Schedule;
  readonly sweep: Schedule;
}

/** A slot whose round has not ended well yet. */
export interface DueSlot {
  readonly connection: string;
  readonly backlog: string;
  readonly kind: RoundKind;
  readonly slot: Date;
}

export type LastBegan = ReadonlyMap<string, Readonly<Partial<Record<RoundKind, Date>>>>;

/**
 * What must be asked for now. Only the newest slot of a kind counts: however many were missed, they are caught up by one
 * round. A sweep does all that a scheduled round does, so that one due at the same time or anew (`asked` does not know it)
 * takes its place.
 */
export function dueSlots(
  timetables: readonly Timetable[],
  last: LastBegan,
  now: Date,
  asked: (due: DueSlot) => boolean = () => true,
): readonly DueSlot[] {
  return dueAt(timetables, credible(last, now), now, asked);
}

/** Without rounds of the future: they were made before the clock was set back, and say nothing of the slots until then. */
function credible(last: LastBegan, now: Date): LastBegan {
  const past = (at: Date): boolean => at.getTime() <= now.getTime() + mostSkewMs;
  return new Map(
    [...last].map(([backlog, kinds]) => [
      backlog,
      Object.fromEntries(Object.entries(kinds).filter(([, began]) => past(began))),
    ]),
  );
}

function dueAt(
  timetables: readonly Timetable[],
  last: LastBegan,
  now: Date,
  asked: (due: DueSlot) => boolean,
): readonly DueSlot[] {
  return timetables.flatMap(table => {
    const began = last.get(table.backlog);
    const sweep = dueOf(table, 'sweep', { schedule: table.sweep, began: began?.sweep, now });
    const round = dueOf(table, 'round', { schedule: table.schedule, began: began?.round, now });
    if (sweep === null || round === null) return [sweep, round].flatMap(due => due ?? []);
    const covered = sweep.slot >= round.slot || !asked(sweep);
    return covered ? [sweep] : [sweep, round];
  });
}

/** Slots that are so late that somebody should look; `since` is when the service came up, which is never its fault. */
export function missedSlots(
  timetables: readonly Timetable[],
  last: LastBegan,
  { now, since, graceMs }: { readonly now: Date; readonly since: Date; readonly graceMs: number },
): readonly DueSlot[] {
  const late = dueAt(timetables, credible(last, now), new Date(now.getTime() - graceMs), () => true);
  return late.filter(() => now.getTime() - since.getTime() >= graceMs);
}

function dueOf(
  { connection, backlog }: Timetable,
  kind: RoundKind,
  { schedule, began, now }: { readonly schedule: Schedule; readonly began: Date | undefined; readonly now: Date },
): DueSlot | null {
  const slot = schedule.lastAt(now);
  if (slot === null || (began !== undefined && began >= slot)) return null;
  return { connection, backlog, kind, slot };
}
