import { describe, expect, it } from 'vitest';
import { absent, value } from '../../src/item.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import { decayOf } from '../../src/scoring/score.ts';
import { anItem } from '../support/items.ts';
import { aFactor, aModel, aScale, holding, scored } from './builders.ts';

// Two factors of weight 1 and 3 on 0..10: 100 x (a + 3 b) / 40.
const pair = [aScale('a', 1), aScale('b', 3)];

describe('scoring/score', () => {
  it('the built-in model scores a plain item by hand', () => {
    // priority .5 x 3, urgency absent .5 x 3, demand 0, effort 1 - 2/12 x 2: 4.666.. of 9
    const score = scored(anItem(), builtinModel);

    expect(score).toMatchObject({ score: 51.85, undecayed: 51.85, raw: null, floor: null });
    expect(score.coverage).toBeCloseTo(6 / 9, 12);
    expect(score.parts.map(part => part.factor)).toEqual(['priority', 'urgency', 'demand', 'effort']);
  });

  it('every part can be checked by hand', () => {
    const model = aModel({ factors: pair });
    const item = holding({ a: '4', b: null });

    expect(scored(item, model, { sources: { a: 'customfield_1' } }).parts).toEqual([
      { factor: 'a', source: 'customfield_1', value: '4', n: 0.4, weight: 1, contribution: 10 },
      { factor: 'b', source: 'b', value: null, n: null, weight: 3, contribution: 37.5 },
    ]);
  });

  it.each([
    ['neutral', { a: 4, b: 6 }, 55],
    ['neutral', { a: 4, b: null }, 47.5],
    ['neutral', { a: 4, b: 0 }, 10],
    ['neutral', { a: null, b: null }, 50],
    ['ignore', { a: 4, b: null }, 40],
    ['ignore', { a: null, b: null }, 50],
    ['zero', { a: 4, b: null }, 10],
    ['zero', { a: null, b: null }, 0],
    ['hold', { a: null, b: 6 }, 57.5],
    ['hold', { a: 4, b: null }, null],
  ] as const)('missing: %s scores %j as %j', (missing, inputs, expected) => {
    expect(scored(holding(inputs), aModel({ factors: pair, missing })).score).toBe(expected);
  });

  it('hold scores an item whose coverage is exactly the minimum', () => {
    const model = aModel({ factors: [aScale('a'), aScale('b')], missing: 'hold' });

    expect(scored(holding({ a: 10, b: null }), model).score).toBe(75);
    expect(scored(holding({ a: 10, b: null }), { ...model, minCoverage: 0.51 }).score).toBeNull();
  });

  it('an unreadable value counts as absent and says why', () => {
    const score = scored(holding({ a: 4, b: 'lots' }), aModel({ factors: pair }));

    expect(score).toMatchObject({ score: 47.5, coverage: 0.25 });
    expect(score.parts[1]).toMatchObject({ value: 'lots', n: null, problem: '"lots" is not a number' });
  });

  it('a quantity without a scale is a problem, not a guess', () => {
    const score = scored(holding({ value: 7 }), aModel({ factors: [aFactor()] }));

    expect(score).toMatchObject({ score: 50, coverage: 0 });
    expect(score.parts[0]?.problem).toContain('give the factor a scale or a map');
    expect(scored(holding({ value: 0.7 }), aModel({ factors: [aFactor()] })).score).toBe(70);
  });

  it('scores are rounded half up', () => {
    // 100 x (1 + 1 + 0) / 3 = 66.666..; 100 x 0.10005 lies exactly on a half
    expect(
      scored(holding({ a: 10, b: 10, c: 0 }), aModel({ factors: ['a', 'b', 'c'].map(n => aScale(n)) })).score,
    ).toBe(66.67);
    expect(scored(holding({ a: 1.0005 }), aModel({ factors: [aScale('a')] })).score).toBe(10.01);
  });

  it('the order of factors in the file changes no digit', () => {
    const item = anItem({ effort: value(7), due: absent });
    const reversed = { ...builtinModel, factors: [...builtinModel.factors].reverse() };

    expect(scored(item, reversed).score).toBe(scored(item, builtinModel).score);
  });

  describe('decay', () => {
    const decaying = aModel({ factors: [aScale('a')], staleness: { decayHalfLifeDays: 30, decayFloor: 0.25 } });

    it.each([
      [0, 80],
      [89, 80],
      [90, 80],
      [105, 56.57],
      [120, 40],
      [150, 20],
      [1000, 20],
      [NaN, 80],
    ])('after %d idle days 80 points are %d', (idleDays, expected) => {
      const score = scored(holding({ a: 8 }), decaying, { idleDays });

      expect(score).toMatchObject({ score: expected, undecayed: 80 });
    });

    it('exempt items never decay', () => {
      expect(scored(holding({ a: 8 }), decaying, { idleDays: 1000, exempt: true }).score).toBe(80);
    });

    it('runs from the threshold of the item', () => {
      expect(scored(holding({ a: 8 }), decaying, { idleDays: 44, staleAfterDays: 14 }).score).toBe(40);
    });

    it('is off without a half-life', () => {
      expect(decayOf(1000, 90, { decayHalfLifeDays: null, decayFloor: 0 })).toBe(1);
      expect(scored(holding({ a: 8 }), aModel({ factors: [aScale('a')] }), { idleDays: 1000 }).score).toBe(80);
    });
  });
});
