import { describe, expect, it } from 'vitest';
import { value } from '../../../src/item.ts';
import { defaultReference, isRatio, requiredFactors } from '../../../src/scoring/methods/method.ts';
import { medianFigure, pointsOf } from '../../../src/scoring/methods/ratio.ts';
import type { Factor, Method, Model } from '../../../src/scoring/model.ts';
import { anItem } from '../../support/items.ts';
import { aFactor, aModel, holding, scored } from '../builders.ts';

type Raws = Readonly<Record<string, number | string | null>>;

function modelFor(method: Method, over: Partial<Model> = {}): Model {
  return aModel({ method, factors: requiredFactors(method).map(name => aFactor({ name })), ...over });
}

const wsjf = { value: 8, timeCriticality: 4, riskReduction: 3, jobSize: 5 };
const rice = { reach: 1000, impact: 2, confidence: 0.8, effort: 5 };

describe('scoring/methods/ratio', () => {
  it.each<[string, Model, Raws, number, number]>([
    ['wsjf', modelFor('wsjf'), wsjf, 3, 50],
    ['wsjf of 9', modelFor('wsjf'), { ...wsjf, value: 38 }, 9, 75],
    ['rice', modelFor('rice'), rice, 320, 39.02],
    ['ice product', modelFor('ice'), { impact: 5, confidence: 5, ease: 5 }, 125, 50],
    ['ice mean', modelFor('ice', { iceMean: true }), { impact: 8, confidence: 7, ease: 6 }, 7, 58.33],
    [
      'cost-of-delay',
      modelFor('cost-of-delay', { ratioReference: 2500 }),
      { costOfDelay: 30000, duration: 4 },
      7500,
      75,
    ],
    ['a reference of its own', modelFor('wsjf', { ratioReference: 1 }), wsjf, 3, 75],
    ['numbers written as text', modelFor('wsjf'), { ...wsjf, jobSize: '5' }, 3, 50],
    ['a numerator of zero', modelFor('rice'), { ...rice, reach: 0 }, 0, 0],
    ['a negative figure', modelFor('wsjf'), { ...wsjf, value: -12 }, -1, 0],
    ['an enormous figure', modelFor('rice'), { ...rice, reach: 1e300 }, 3.2e299, 100],
  ])('%s keeps the raw figure and maps it to 0..100', (_, model, raws, raw, points) => {
    const score = scored(holding(raws), model);

    expect(score.raw).toBeCloseTo(raw, 9);
    expect(score).toMatchObject({ score: points, undecayed: points, coverage: 1, floor: null });
  });

  it.each<[string, Method, Raws]>([
    ['an absent numerator', 'wsjf', { ...wsjf, value: null }],
    ['an absent denominator', 'wsjf', { ...wsjf, jobSize: null }],
    ['an unreadable factor', 'rice', { ...rice, confidence: 'high' }],
    ['a denominator of zero', 'rice', { ...rice, effort: 0 }],
    ['a negative denominator', 'cost-of-delay', { costOfDelay: 10, duration: -1 }],
  ])('%s leaves no score and no raw figure', (_, method, raws) => {
    const score = scored(holding(raws), modelFor(method, { ratioReference: 1 }));

    expect(score).toMatchObject({ score: null, undecayed: null, raw: null });
    expect(score.coverage).toBeLessThan(1);
  });

  it('a denominator of zero says so on its part', () => {
    const score = scored(holding({ ...rice, effort: 0 }), modelFor('rice'));

    expect(score.parts.find(part => part.factor === 'effort')).toMatchObject({
      value: 0,
      problem: 'nothing can be divided by 0; it must be more than zero',
    });
  });

  it('cost of delay without a reference keeps its raw figure', () => {
    const score = scored(holding({ costOfDelay: 10, duration: 2 }), modelFor('cost-of-delay'));

    expect(score).toMatchObject({ score: null, raw: 5, coverage: 1 });
  });

  it('a formula without one of its factors gives no score', () => {
    const model = aModel({ method: 'wsjf', factors: [aFactor(), aFactor({ name: 'jobSize' })] });

    expect(scored(holding(wsjf), model).score).toBeNull();
  });

  it('a factor outside the formula takes no part', () => {
    const factors = [...modelFor('wsjf').factors, aFactor({ name: 'mood' })];
    const score = scored(holding({ ...wsjf, mood: null }), aModel({ method: 'wsjf', factors }));

    expect(score).toMatchObject({ score: 50, coverage: 1 });
  });

  it('a map gives the quantity of a name', () => {
    const map = { massive: 3, high: 2 };
    const factors = modelFor('rice').factors.map(f => (f.name === 'impact' ? { ...f, map } : f));

    expect(scored(holding({ ...rice, impact: 'Massive' }), aModel({ method: 'rice', factors })).raw).toBe(480);
  });

  it('the estimate can be the divisor, and zero is no estimate', () => {
    const jobSize: Factor = aFactor({ name: 'jobSize', source: 'effort', scale: [1, 13], cost: true });
    const factors = modelFor('wsjf').factors.map(f => (f.name === 'jobSize' ? jobSize : f));
    const model = aModel({ method: 'wsjf', factors });
    const { inputs } = holding({ value: 8, timeCriticality: 4, riskReduction: 3 });

    expect(scored(anItem({ inputs, effort: value(5) }), model).raw).toBe(3);
    expect(scored(anItem({ inputs, effort: value(0) }), model).score).toBeNull();
  });

  it('value-effort divides weighted benefits by weighted costs', () => {
    const factors = [
      aFactor({ name: 'value', weight: 2 }),
      aFactor({ name: 'reach', weight: 1 }),
      aFactor({ name: 'effort', weight: 2, cost: true }),
      aFactor({ name: 'risk', weight: 1, cost: true }),
    ];
    const model = aModel({ method: 'value-effort', factors });

    // (2 x 4 + 7) / (2 x 2 + 1) = 3, of which 3 / (3 + 1)
    expect(scored(holding({ value: 4, reach: 7, effort: 2, risk: 1 }), model)).toMatchObject({ raw: 3, score: 75 });
    expect(scored(holding({ value: 4, reach: 7, effort: 0, risk: 1 }), model).raw).toBe(15);
    expect(scored(holding({ value: 4, reach: 7, effort: 0, risk: 0 }), model).score).toBeNull();
  });

  it('contributions are the terms of the ratio', () => {
    const parts = scored(holding(wsjf), modelFor('wsjf')).parts;

    expect(parts.map(part => [part.factor, part.contribution])).toEqual(Object.entries(wsjf));
  });

  it('the reference scores 50, nothing scores 100', () => {
    expect(pointsOf(500, 500)).toBe(50);
    expect(pointsOf(0, 500)).toBe(0);
    expect(pointsOf(-1, 500)).toBe(0);
    expect(pointsOf(1e9, 500)).toBeLessThan(100);
  });

  it.each([
    [[], null],
    [[3], 3],
    [[9, 1, 5], 5],
    [[10, 1, 5, 2], 3.5],
    [[NaN, 4], 4],
  ])('the median of %j is %j', (figures, median) => {
    expect(medianFigure(figures)).toBe(median);
  });

  it.each<[Method, boolean, number | null]>([
    ['weighted', false, null],
    ['moscow', false, null],
    ['wsjf', false, 3],
    ['rice', false, 500],
    ['ice', false, 125],
    ['ice', true, 5],
    ['value-effort', false, 1],
    ['cost-of-delay', false, null],
  ])('%s (mean: %s) has the reference %j', (method, iceMean, reference) => {
    expect(defaultReference({ method, iceMean })).toBe(reference);
    expect(isRatio(method)).toBe(method !== 'weighted' && method !== 'moscow');
  });
});
