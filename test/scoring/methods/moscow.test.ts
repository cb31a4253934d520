import { describe, expect, it } from 'vitest';
import { value } from '../../../src/item.ts';
import { classOfWord } from '../../../src/scoring/methods/moscow.ts';
import { anItem } from '../../support/items.ts';
import { aFactor, aModel, aScale, holding, scored } from '../builders.ts';

const word = aFactor({ name: 'moscow' });
const model = aModel({ method: 'moscow', factors: [word, aScale('a')] });
const byMap = aModel({
  method: 'moscow',
  factors: [aFactor({ name: 'moscow', map: { p1: 3, p2: 2, p3: 1, p4: 0, odd: 0.5 } }), aScale('a')],
});

describe('scoring/methods/moscow', () => {
  it.each([
    ['Must', 3],
    ['must have', 3],
    ['MUST-HAVE', 3],
    [' Should ', 2],
    ['Should have', 2],
    ['could', 1],
    ["Won't", 0],
    ['Won’t have this time', 0],
    ['wont', 0],
    ['Will not', 0],
    ['mustard', null],
    ['Would', null],
    ['', null],
    ['High', null],
  ])('%j is class %j', (name, expected) => {
    expect(classOfWord(name)).toBe(expected);
  });

  it.each([
    ['Must', 4, 85],
    ['Must', 10, 99.99],
    ['Must', 0, 75],
    ['Should', 10, 74.99],
    ['Should', 4, 60],
    ['Could', null, 37.5],
    ["Won't", 10, 24.99],
    ["Won't", 0, 0],
  ])('%s with %j of 10 scores %d', (name, a, expected) => {
    const score = scored(holding({ moscow: name, a }), model);

    expect(score).toMatchObject({ score: expected, undecayed: expected, raw: null });
    expect(score.floor).toBe(Math.floor(expected / 25) * 25);
  });

  it.each([
    ['P1', 75],
    ['p4', 0],
  ])('a map makes %s a class', (name, expected) => {
    expect(scored(holding({ moscow: name, a: 0 }), byMap).score).toBe(expected);
  });

  it.each([[null], ['Perhaps'], [3]])('%j is no class and leaves no score', raw => {
    const score = scored(holding({ moscow: raw, a: 5 }), model);

    expect(score).toMatchObject({ score: null, undecayed: null, floor: null, coverage: 0.5 });
    expect(score.parts[0]?.problem === undefined).toBe(raw === null);
  });

  it('a map has the last word', () => {
    expect(scored(holding({ moscow: 'Must', a: 5 }), byMap).score).toBeNull();
    expect(scored(holding({ moscow: 'odd', a: 5 }), byMap).parts[0]?.problem).toContain('gives no class');
  });

  it('the class can come from a priority scheme', () => {
    const priority = value({ name: 'Should have', scheme: ['Must have', 'Should have', 'Could have'] });
    const factors = [aFactor({ name: 'moscow', source: 'priority' })];

    expect(scored(anItem({ priority }), aModel({ method: 'moscow', factors })).score).toBe(62.5);
  });

  it('decay shrinks the weighted part and never the class', () => {
    const decaying = { ...model, staleness: { ...model.staleness, decayHalfLifeDays: 30, decayFloor: 0 } };

    const score = scored(holding({ moscow: 'Must', a: 8 }), decaying, { idleDays: 120 });

    expect(score).toMatchObject({ score: 85, undecayed: 95, floor: 75 });
    expect(scored(holding({ moscow: 'Must', a: 8 }), decaying, { idleDays: 9999 }).score).toBe(75);
  });

  it('the policy for missing factors holds inside the class', () => {
    expect(scored(holding({ moscow: 'Must', a: null }), { ...model, missing: 'zero' }).score).toBe(75);
    expect(scored(holding({ moscow: 'Must', a: null }), { ...model, missing: 'hold' }).score).toBeNull();
  });

  it('parts add up to the score', () => {
    const parts = scored(holding({ moscow: 'Should', a: 4 }), model).parts;

    expect(parts.map(part => part.contribution)).toEqual([50, 10]);
    expect(parts[0]).toMatchObject({ value: 'Should', n: 2 / 3 });
  });
});
