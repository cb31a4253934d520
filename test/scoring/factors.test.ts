import { describe, expect, it } from 'vitest';
import { absent, unreadable, value, type BacklogItem } from '../../src/item.ts';
import { readFactor } from '../../src/scoring/factors.ts';
import type { Factor } from '../../src/scoring/model.ts';
import { anItem } from '../support/items.ts';
import { adoScheme, aFactor, holding, jiraScheme, now } from './builders.ts';

function read(item: BacklogItem, factor: Partial<Factor>, zone = 'UTC') {
  return readFactor(item, aFactor(factor), { now, zone });
}

const field = (raw: number | string | null) => holding({ value: raw });

describe('scoring/factors', () => {
  describe('field', () => {
    it.each<[number | string | null, readonly [number, number], number | null]>([
      [0, [0, 100], 0],
      [35, [0, 100], 0.35],
      [100, [0, 100], 1],
      [120, [0, 100], 1],
      [-5, [0, 100], 0],
      [80, [100, 0], 0.2],
      ['35', [0, 100], 0.35],
      [' 3.5 ', [0, 10], 0.35],
      ['1e1', [0, 100], 0.1],
      [null, [0, 100], null],
      ['', [0, 100], null],
    ])('%j on a scale of %j reads %j without a problem', (raw, scale, n) => {
      const reading = read(field(raw), { scale });

      expect(reading.n).toBe(n);
      expect(reading.problem).toBeUndefined();
    });

    it.each([['big'], ['1,5'], ['0x10'], ['12 points'], ['Infinity'], [NaN], [Infinity]])(
      '%j on a scale is unreadable',
      raw => {
        const reading = read(field(raw), { scale: [0, 10] });

        expect(reading.n).toBeNull();
        expect(reading.number).toBeNull();
        expect(reading.value).not.toBeNull();
        expect(reading.problem).toMatch(/^".*" is not a number$/);
      },
    );

    it.each([
      ['High', 1],
      ['  high ', 1],
      ['LOW', 0.2],
      ['none', 0],
    ])('a map reads %j as %d whatever its case', (raw, n) => {
      expect(read(field(raw), { map: { High: 1, low: 0.2, none: 0 } }).n).toBe(n);
    });

    it.each([['medium'], ['constructor'], [7]])('%j is unreadable where the map lacks it', raw => {
      const reading = read(field(raw), { map: { high: 1 } });

      expect(reading).toMatchObject({ value: raw, n: null });
      expect(reading.problem).toContain('map has no entry');
    });

    it('a number finds its name in a map', () => {
      expect(read(field(3), { map: { '3': 0.5 } }).n).toBe(0.5);
    });

    it('a cost turns n around', () => {
      expect(read(field(2), { scale: [0, 10], cost: true }).n).toBe(0.8);
      expect(read(field('high'), { map: { high: 1 }, cost: true }).n).toBe(0);
    });

    it('an unreadable field stays unreadable, in its own words', () => {
      const item = anItem({ inputs: { value: unreadable({ a: 1 }, 'an object came') } });

      expect(read(item, { scale: [0, 1] })).toMatchObject({ value: '{"a":1}', n: null, problem: 'an object came' });
    });

    it('problems carry no control characters and no endless text', () => {
      const problem = read(field(`\u001b[31m${'x'.repeat(500)}`), { scale: [0, 1] }).problem ?? '';

      expect(problem).not.toContain('\u001b');
      expect(problem.length).toBeLessThan(120);
    });
  });

  describe('priority', () => {
    const at = (name: string, scheme: readonly string[]) =>
      read(anItem({ priority: value({ name, scheme }) }), { name: 'priority', source: 'priority' });

    it.each<[string, readonly string[], number]>([
      ['Highest', jiraScheme, 1],
      ['high', jiraScheme, 0.75],
      ['Medium', jiraScheme, 0.5],
      ['Low', jiraScheme, 0.25],
      ['Lowest', jiraScheme, 0],
      ['High', ['High', 'Medium', 'Low'], 0.75],
      ['Low', ['High', 'Low', 'None'], 0.25],
      ['Highest', ['Highest'], 1],
      ['Blocker', ['Blocker', 'Major', 'Minor'], 1],
      ['Major', ['Blocker', 'Major', 'Minor'], 0.5],
      ['Minor', ['Blocker', 'Major', 'Minor'], 0],
      ['High', ['Critical', 'High', 'Medium', 'Low', 'None'], 2 / 3],
      ['Only', ['Only'], 0.5],
      ['Only', ['None', 'Only'], 0.5],
      ['1', adoScheme, 1],
      ['2', adoScheme, 2 / 3],
      ['3', adoScheme, 1 / 3],
      ['4', adoScheme, 0],
      ['2', ['0', ...adoScheme], 2 / 3],
    ])('%s of %j is %d', (name, scheme, n) => {
      expect(at(name, scheme).n).toBeCloseTo(n, 12);
    });

    it.each([['None'], ['unprioritized'], ['0'], [''], [' ']])('%j is absent', name => {
      expect(at(name, jiraScheme)).toEqual({ source: 'priority', value: null, number: null, n: null });
    });

    it('a name outside the scheme is unreadable', () => {
      const reading = at('Sometime', jiraScheme);

      expect(reading).toMatchObject({ value: 'Sometime', n: null });
      expect(reading.problem).toContain("not among the site's priorities");
    });

    it('a map of its own wins over the scheme', () => {
      const item = anItem({ priority: value({ name: 'P2', scheme: ['P1', 'P2'] }) });

      expect(read(item, { source: 'priority', map: { p2: 0.9 } }).n).toBe(0.9);
    });
  });

  describe('effort', () => {
    const effort = { name: 'effort', source: 'effort', scale: [1, 13], cost: true } as const;

    it.each([
      [1, 1],
      [7, 0.5],
      [13, 0],
      [21, 0],
      [0.5, 1],
    ])('%d points count %d', (points, n) => {
      expect(read(anItem({ effort: value(points) }), effort).n).toBe(n);
    });

    it.each([[0], [-0], [-1], [NaN]])('%d is unreadable, not zero', points => {
      const reading = read(anItem({ effort: value(points) }), effort);

      expect(reading.n).toBeNull();
      expect(reading.problem).toBeDefined();
    });

    it('zeroIsEstimate admits zero and nothing below', () => {
      const rule = { ...effort, zeroIsEstimate: true };

      expect(read(anItem({ effort: value(0) }), rule).n).toBe(1);
      expect(read(anItem({ effort: value(-1) }), rule).n).toBeNull();
    });

    it('a field of its own stands before the estimate', () => {
      const item = anItem({ effort: value(13), inputs: { effort: value('1') } });

      expect(read(item, effort).n).toBe(1);
    });
  });

  describe('urgency', () => {
    const due = (date: string, zone = 'UTC') =>
      read(anItem({ due: value(date) }), { source: 'urgency', horizonDays: 30 }, zone);

    it.each([
      ['2026-03-01', 1],
      ['2026-03-30', 1],
      ['2026-03-31', 29 / 30],
      ['2026-04-14', 0.5],
      ['2026-04-28', 1 / 30],
      ['2026-04-29', 0],
      ['2026-04-30', 0],
      ['2026-03-31T23:59:59Z', 29 / 30],
      ['2026-03-31T23:59:59.000+0000', 29 / 30],
      ['2026-04-14T00:30:00', 0.5],
    ])('due %s counts %d', (date, n) => {
      expect(due(date).n).toBeCloseTo(n, 12);
    });

    it('an instant falls on the date of the zone', () => {
      expect(due('2026-03-31T22:30:00Z', 'Europe/Berlin').n).toBeCloseTo(28 / 30, 12);
      expect(due('2026-03-31', 'Europe/Berlin').n).toBeCloseTo(29 / 30, 12);
    });

    it.each([['soon'], ['2026-02-30'], ['2026-13-01'], ['30.03.2026'], ['2026-02-30T10:00:00Z']])(
      '%s is unreadable',
      text => {
        expect(due(text)).toMatchObject({ value: text, n: null, problem: expect.stringContaining('is not a date') });
      },
    );

    it('no date is absent', () => {
      expect(read(anItem({ due: absent }), { source: 'urgency' })).toMatchObject({ value: null, n: null });
    });
  });

  it('demand: zero is zero, the scale is clamped', () => {
    const demand = (count: number) => read(anItem({ demand: value(count) }), { source: 'demand', scale: [0, 25] }).n;

    expect([demand(0), demand(5), demand(25), demand(40)]).toEqual([0, 0.2, 1, 1]);
  });

  it.each([
    ['2026-03-30T23:00:00Z', 0],
    ['2026-03-01T23:59:59Z', 29 / 30],
    ['2026-02-28T00:00:00Z', 1],
    ['2026-04-02T00:00:00Z', 0],
  ])('age: created %s counts %d of 30 days', (created, n) => {
    expect(read(anItem({ createdAt: new Date(created) }), { source: 'age', horizonDays: 30 }).n).toBeCloseTo(n, 12);
  });

  it('names the field where one is known', () => {
    const context = { now, zone: 'UTC', sources: { value: 'customfield_10044' } };

    expect(readFactor(field(1), aFactor(), context).source).toBe('customfield_10044');
    expect(readFactor(field(1), aFactor({ source: 'age' }), { now, zone: 'UTC' }).source).toBe('age');
  });
});
