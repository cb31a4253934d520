/** True when a local minute of the day lies within the window; a window may span midnight, `null` is always. */
export function isWithinWriteHours(
  now: Date,
  zone: string,
  window: { readonly from: number; readonly to: number } | null,
): boolean {
  if (window === null) return true;
  const minute = minuteOfDay(now, zone);
  if (window.from <= window.to) return minute >= window.from && minute < window.to;
  return minute >= window.from || minute < window.to;
}

function minuteOfDay(now: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const [hour = 0, minute = 0] = parts.format(now).split(':').map(Number);
  return hour * 60 + minute;
}
