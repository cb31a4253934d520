import { describe, expect, test } from 'vitest';
import { dueSlots, missedSlots, type LastBegan, type Timetable } from '../../src/service/due.ts';
import { createSchedule } from '../../src/service/slots.ts';

const table = (schedule = '*/15 * * * *', sweep = '0 3 * * *', zone = 'UTC'): Timetable => ({
  connection: 'acme',
  backlog: 'shop',
  schedule: createSchedule(schedule, zone),
  sweep: createSchedule(sweep, zone),
});
const began = (round: string | null, sweep: string | null): LastBegan =>
  new Map([
    [
      'shop',
      {
        ...(round === null ? {} : { round: new Date(round) }),
        ...(sweep === null ? {} : { sweep: new Date(sweep) }),
      },
    ],
  ]);
const due = (last: LastBegan, now: string, tables = [table()]): string[] =>
  dueSlots(tables, last, new Date(now)).map(d => `${d.kind} ${d.slot.toISOString().slice(5, 16)}`);

describe('service/due', () => {
  test.each([
    ['2026-11-25T10:00:01Z', '2026-11-25T03:00:01Z', '2026-11-25T10:14:59Z', [], 'nothing before the next slot'],
    ['2026-11-25T10:00:01Z', '2026-11-25T03:00:01Z', '2026-11-25T10:15:00Z', ['round 11-25T10:15'], 'the slot now'],
    ['2026-11-25T04:00:01Z', '2026-11-25T03:00:01Z', '2026-11-25T09:07:00Z', ['round 11-25T09:00'], 'one for many'],
    ['2026-11-25T02:45:01Z', '2026-11-24T03:00:01Z', '2026-11-25T03:00:00Z', ['sweep 11-25T03:00'], 'sweep for both'],
    [
      '2026-11-22T02:45:01Z',
      '2026-11-22T03:00:01Z',
      '2026-11-25T09:07:00Z',
      ['sweep 11-25T03:00', 'round 11-25T09:00'],
      'down for days: one of each',
    ],
    [null, null, '2026-11-25T03:05:00Z', ['sweep 11-25T03:00'], 'a new backlog begins with a sweep'],
  ])('began %s, swept %s, at %s: %j (%s)', (round, sweep, now, expected, _title) => {
    expect(due(began(round, sweep), now)).toEqual(expected);
  });

  test('a sweep that was not asked for before takes the place of a scheduled round', () => {
    const last = began('2026-11-22T02:45:01Z', '2026-11-22T03:00:01Z');
    const found = dueSlots([table()], last, new Date('2026-11-25T09:07:00Z'), () => false);
    expect(found.map(d => d.kind)).toEqual(['sweep']);
  });

  test('the night of the daylight-saving gap has its sweep', () => {
    const tables = [table('0 8 * * *', '30 2 * * *', 'Europe/Berlin')];
    const last = began('2027-03-27T07:00:01Z', '2027-03-27T01:30:01Z');
    expect(due(last, '2027-03-28T01:29:00Z', tables)).toEqual([]);
    expect(due(last, '2027-03-28T01:30:00Z', tables)).toEqual(['sweep 03-28T01:30']);
  });

  test('the night of the repeated hour has one sweep', () => {
    const tables = [table('0 8 * * *', '30 2 * * *', 'Europe/Berlin')];
    const last = began('2027-10-31T00:30:01Z', '2027-10-31T00:30:01Z');
    expect(due(last, '2027-10-31T01:30:00Z', tables)).toEqual([]);
    expect(due(last, '2027-10-31T23:00:00Z', tables)).toEqual(['round 10-31T07:00']);
  });

  test('rounds of the future are not believed: the clock was set back', () => {
    const last = began('2026-11-25T12:00:01Z', '2026-11-25T03:00:01Z');
    expect(due(last, '2026-11-25T11:56:00Z')).toEqual([]);
    expect(due(last, '2026-11-25T10:07:00Z')).toEqual(['round 11-25T10:00']);
    const at = { since: new Date('2026-11-24T00:00:00Z'), graceMs: 15 * 60_000 };
    expect(missedSlots([table()], last, { ...at, now: new Date('2026-11-25T10:14:00Z') })).toHaveLength(1);
    const good = began('2026-11-25T10:00:01Z', '2026-11-25T03:00:01Z');
    expect(missedSlots([table()], good, { ...at, now: new Date('2026-11-25T10:01:00Z') })).toEqual([]);
  });

  test.each([
    ['2026-11-25T10:14:00Z', 0, 'within the grace'],
    ['2026-11-25T10:30:00Z', 1, 'after it'],
  ])('a slot at 10:15 without a round at %s is missed %i times (%s)', (now, times) => {
    const last = began('2026-11-25T10:00:01Z', '2026-11-25T03:00:01Z');
    const at = { now: new Date(now), since: new Date('2026-11-24T00:00:00Z'), graceMs: 15 * 60_000 };
    expect(missedSlots([table()], last, at)).toHaveLength(times);
  });

  test('a service that has just come up has missed nothing', () => {
    const last = began('2026-11-20T10:00:01Z', '2026-11-20T03:00:01Z');
    const now = new Date('2026-11-25T10:30:00Z');
    const at = { now, since: new Date('2026-11-25T10:29:00Z'), graceMs: 15 * 60_000 };
    expect(missedSlots([table()], last, at)).toEqual([]);
  });
});
