import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, dayOfDate, daysBetween, startOfDay } from '../src/calendar.ts';

describe('calendar', () => {
  it.each([
    ['UTC', '2026-03-15', '2026-03-15T00:00:00.000Z'],
    ['Europe/Berlin', '2026-03-15', '2026-03-14T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-01', '2026-11-01T07:00:00.000Z'],
    ['Asia/Kolkata', '2026-03-15', '2026-03-14T18:30:00.000Z'],
    ['Pacific/Kiritimati', '2026-03-15', '2026-03-14T10:00:00.000Z'],
    ['Pacific/Niue', '2026-03-15', '2026-03-15T11:00:00.000Z'],
    // Midnight does not exist there on that day: clocks go from 24:00 to 01:00.
    ['America/Asuncion', '2023-10-01', '2023-10-01T04:00:00.000Z'],
  ])('in %s the day %s begins at %s', (zone, date, expected) => {
    expect(startOfDay(dayOfDate(date), zone).toISOString()).toBe(expected);
  });

  it('a day begins with the first instant that is of it', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    fc.assert(
      fc.property(fc.integer({ min: 15_000, max: 25_000 }), zones, (day, zone) => {
        const start = startOfDay(day, zone);

        expect(dayOf(start, zone)).toBe(day);
        expect(dayOf(new Date(start.getTime() - 1), zone)).toBe(day - 1);
      }),
    );
  });

  it('days between instants are a difference of calendar dates', () => {
    const zone = 'Europe/Berlin';

    expect(daysBetween(new Date('2026-03-28T22:59:00Z'), new Date('2026-03-28T23:01:00Z'), zone)).toBe(1);
    expect(daysBetween(new Date('2026-03-28T23:01:00Z'), new Date('2026-03-29T21:59:00Z'), zone)).toBe(0);
  });
});
