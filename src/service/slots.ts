import { DateTime, IANAZone } from 'luxon';
import { createTask, parse } from 'node-cron';
import { ConfigError } from '../errors.ts';

/**
 * A schedule as a list of instants ("slots"), the same on every machine. Local times that the clock skips in spring
 * happen when it has skipped them; of those that it repeats in autumn the first counts, unless the schedule runs in every
 * hour: then both do, since people mean an interval. Times are in whole seconds.
 */
export interface Schedule {
  /** The newest slot at or before an instant; null: none within a leap-year's cycle. */
  lastAt(now: Date): Date | null;
  /** The first slot after an instant; null: none within a leap-year's cycle. */
  nextAfter(now: Date): Date | null;
}

/** 29 February may be eight years away (1896 to 1904); four suffice in our time. */
const horizonDays = 4 * 366;

interface Pattern {
  readonly zone: string;
  /** Seconds of the local day, ascending. */
  readonly times: readonly number[];
  readonly hourly: boolean;
  readonly onDay: (day: DateTime) => boolean;
}

/** Reads a cron expression (five or six fields) as node-cron does. Throws ConfigError for one that it refuses. */
export function createSchedule(expression: string, zone: string): Schedule {
  const pattern = patternOf(expression, zone);
  // Asked every minute, answered anew only when a slot has gone by.
  let known: { readonly last: Date | null; readonly next: Date | null } | null = null;
  const around = (now: Date): { readonly last: Date | null; readonly next: Date | null } => {
    const holds =
      known !== null && (known.last === null || known.last <= now) && known.next !== null && now < known.next;
    if (known === null || !holds) known = { last: search(pattern, now, -1), next: search(pattern, now, 1) };
    return known;
  };
  return { lastAt: now => around(now).last, nextAfter: now => around(now).next };
}

function patternOf(expression: string, zone: string): Pattern {
  if (!IANAZone.isValidZone(zone)) throw new ConfigError(`"${zone}" is not a time zone.`);
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  const times = hour.flatMap(h => minute.flatMap(m => second.map(s => h * 3600 + m * 60 + s)));
  // Day rules (`L`, `15W`, `2#1`) are the library's own: it is asked about the noon of a day, and never started.
  const days = `0 0 12 ${dayOfMonth.join(',')} ${month.join(',')} ${dayOfWeek.join(',')}`;
  const task = createTask(days, () => undefined, { timezone: 'UTC' });
  void task.destroy();
  return {
    zone,
    times: times.sort((a, b) => a - b),
    hourly: new Set(hour).size === 24,
    onDay: day => task.match(new Date(Date.UTC(day.year, day.month - 1, day.day, 12))),
  };
}

/** Days are walked in the zone's calendar. */
function search(pattern: Pattern, now: Date, direction: 1 | -1): Date | null {
  const today = DateTime.fromJSDate(now, { zone: pattern.zone }).startOf('day');
  for (let n = 0; n <= horizonDays; n++) {
    const day = today.plus({ days: n * direction });
    if (!pattern.onDay(day)) continue;
    const found = slotsOf(pattern, day).filter(at => (direction < 0 ? at <= now.getTime() : at > now.getTime()));
    if (found.length > 0) return new Date(direction < 0 ? Math.max(...found) : Math.min(...found));
  }
  return null;
}

/** Instants (ms) of one local day. */
function slotsOf({ zone, times, hourly }: Pattern, day: DateTime): readonly number[] {
  const { year, month, day: date } = day;
  return times.flatMap(time => {
    const [hour, minute, second] = [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60];
    // Luxon moves a skipped local time forward by the gap, as people would expect of "half past two" on that day.
    const local = DateTime.fromObject({ year, month, day: date, hour, minute, second }, { zone });
    const instants = local
      .getPossibleOffsets()
      .map(at => at.toMillis())
      .sort((a, b) => a - b);
    return hourly ? instants : instants.slice(0, 1);
  });
}
