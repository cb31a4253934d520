/**
 * Calendar days in a time zone. Every number of days in Winnow is a difference of calendar dates,
 * so that two rounds on one day agree.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();
const dayMs = 86_400_000;

function formatterOf(zone: string): Intl.DateTimeFormat {
  let known = formatters.get(zone);
  if (known === undefined) {
    known = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formatters.set(zone, known);
  }
  return known;
}

/** Epoch day (days since 1970-01-01) of the calendar date that an instant falls on in an IANA time zone. */
export function dayOf(instant: Date, zone: string): number {
  if (zone === 'UTC') return Math.floor(instant.getTime() / dayMs);
  return dayOfDate(formatterOf(zone).format(instant));
}

/** Epoch day of a calendar date `YYYY-MM-DD`. */
export function dayOfDate(date: string): number {
  const [year, month, day] = date.split('-').map(Number);
  return Math.floor(Date.UTC(year ?? NaN, (month ?? NaN) - 1, day ?? NaN) / dayMs);
}

/** Whole calendar days from one instant to another in a zone; negative when `to` lies before `from`. */
export function daysBetween(from: Date, to: Date, zone: string): number {
  return dayOf(to, zone) - dayOf(from, zone);
}

/** The first instant, to the minute, of an epoch day in a zone: midnight, or what stands for it where clocks skip it. */
export function startOfDay(day: number, zone: string): Date {
  const minute = 60_000;
  // No zone is further than 15 hours from UTC.
  let before = day * dayMs - 15 * 60 * minute;
  let within = day * dayMs + 15 * 60 * minute;
  while (within - before > minute) {
    const middle = Math.floor((before + within) / 2 / minute) * minute;
    if (dayOf(new Date(middle), zone) < day) before = middle;
    else within = middle;
  }
  return new Date(within);
}
