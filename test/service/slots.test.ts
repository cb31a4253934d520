import { describe, expect, test } from 'vitest';
import { createSchedule } from '../../src/service/slots.ts';

const last = (expression: string, zone: string, now: string): string | null =>
  createSchedule(expression, zone).lastAt(new Date(now))?.toISOString() ?? null;
const next = (expression: string, zone: string, now: string): string | null =>
  createSchedule(expression, zone).nextAfter(new Date(now))?.toISOString() ?? null;
const iso = (short: string): string => new Date(short).toISOString();

describe('service/slots', () => {
  test.each([
    // expression, zone, now, newest slot, next slot
    ['*/15 * * * *', 'UTC', '2026-11-25T10:07:00Z', '2026-11-25T10:00:00Z', '2026-11-25T10:15:00Z'],
    ['*/15 * * * *', 'UTC', '2026-11-25T10:15:00Z', '2026-11-25T10:15:00Z', '2026-11-25T10:30:00Z'],
    ['*/15 * * * *', 'Asia/Kolkata', '2026-11-25T10:14:59.999Z', '2026-11-25T10:00:00Z', '2026-11-25T10:15:00Z'],
    ['0 3 * * *', 'Europe/Berlin', '2026-11-25T01:59:00Z', '2026-11-24T02:00:00Z', '2026-11-25T02:00:00Z'],
    ['0 3 * * *', 'Europe/Berlin', '2026-07-25T01:00:00Z', '2026-07-25T01:00:00Z', '2026-07-26T01:00:00Z'],
    ['*/20 * * * * *', 'UTC', '2026-11-25T10:07:39Z', '2026-11-25T10:07:20Z', '2026-11-25T10:07:40Z'],
    ['0 6 * * 1-5', 'UTC', '2026-11-29T12:00:00Z', '2026-11-27T06:00:00Z', '2026-11-30T06:00:00Z'],
    ['0 6 L * *', 'UTC', '2026-11-25T12:00:00Z', '2026-10-31T06:00:00Z', '2026-11-30T06:00:00Z'],
    ['0 6 * * MON#1', 'UTC', '2026-11-25T12:00:00Z', '2026-11-02T06:00:00Z', '2026-12-07T06:00:00Z'],
    ['0 0 29 2 *', 'UTC', '2026-11-25T12:00:00Z', '2024-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['@daily', 'America/New_York', '2026-11-25T12:00:00Z', '2026-11-25T05:00:00Z', '2026-11-26T05:00:00Z'],
    ['59 23 31 12 *', 'Pacific/Auckland', '2026-12-31T10:58:59Z', '2025-12-31T10:59:00Z', '2026-12-31T10:59:00Z'],
  ])('%s in %s at %s', (expression, zone, now, newest, following) => {
    expect(last(expression, zone, now)).toBe(iso(newest));
    expect(next(expression, zone, now)).toBe(iso(following));
  });

  // Berlin, 28 March 2027: 02:00 to 03:00 local does not exist (01:00Z). 31 October 2027: it comes twice (00:00Z, 01:00Z).
  test.each([
    ['30 2 * * *', '2027-03-28T00:59:59Z', '2027-03-27T01:30:00Z', 'not before the gap'],
    ['30 2 * * *', '2027-03-28T01:30:00Z', '2027-03-28T01:30:00Z', 'half an hour after the gap'],
    ['30 2 * * *', '2027-03-29T00:30:00Z', '2027-03-29T00:30:00Z', 'as usual on the day after'],
    ['*/15 * * * *', '2027-03-28T01:01:00Z', '2027-03-28T01:00:00Z', 'every quarter goes on through the gap'],
    ['30 2 * * *', '2027-10-31T00:30:00Z', '2027-10-31T00:30:00Z', 'at the first half past two'],
    ['30 2 * * *', '2027-10-31T01:45:00Z', '2027-10-31T00:30:00Z', 'not at the second'],
    ['*/15 * * * *', '2027-10-31T01:16:00Z', '2027-10-31T01:15:00Z', 'every quarter in both hours'],
    ['0 3 * * *', '2027-10-31T02:00:00Z', '2027-10-31T02:00:00Z', 'once after the repeated hour'],
  ])('%s at %s in Berlin: %s (%s)', (expression, now, expected) => {
    expect(last(expression, 'Europe/Berlin', now)).toBe(iso(expected));
  });

  test('a day that never comes has no slot', () => {
    expect(last('0 0 L-29 2 *', 'UTC', '2026-11-25T12:00:00Z')).toBeNull();
    expect(next('0 0 L-29 2 *', 'UTC', '2026-11-25T12:00:00Z')).toBeNull();
  });

  test('a clock that goes back gets the older slot again', () => {
    const schedule = createSchedule('*/15 * * * *', 'UTC');
    const at = (time: string): string | undefined => schedule.lastAt(new Date(time))?.toISOString();
    expect(at('2026-11-25T10:16:00Z')).toBe(iso('2026-11-25T10:15:00Z'));
    expect(at('2026-11-25T09:59:00Z')).toBe(iso('2026-11-25T09:45:00Z'));
    expect(at('2026-11-25T10:16:00Z')).toBe(iso('2026-11-25T10:15:00Z'));
  });

  test('an unknown zone is refused', () => {
    expect(() => createSchedule('* * * * *', 'Mars/Olympus')).toThrow(/not a time zone/);
  });
});
