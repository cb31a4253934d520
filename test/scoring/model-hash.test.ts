import { describe, expect, it } from 'vitest';
import { builtinModel } from '../../src/scoring/builtin.ts';
import { hashModel } from '../../src/scoring/model-hash.ts';
import type { Model } from '../../src/scoring/model.ts';
import { aFactor, aModel } from './builders.ts';

const turned = <T extends object>(of: T): T => Object.fromEntries(Object.entries(of).reverse()) as T;

describe('scoring/model-hash', () => {
  it('is short and the same every time', () => {
    expect(builtinModel.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(hashModel(builtinModel)).toBe(builtinModel.hash);
  });

  it('does not see the order of keys or factors', () => {
    const factors = builtinModel.factors.map(turned).reverse();

    expect(hashModel(turned({ ...builtinModel, factors }))).toBe(builtinModel.hash);
  });

  it.each<[string, Partial<Model>]>([
    ['band', { band: 4 }],
    ['missing', { missing: 'zero' }],
    ['minCoverage', { minCoverage: 0.4 }],
    ['method', { method: 'ice' }],
    ['iceMean', { iceMean: true }],
    ['ratioReference', { ratioReference: 3 }],
    ['a weight', { factors: builtinModel.factors.map(f => (f.name === 'demand' ? { ...f, weight: 2 } : f)) }],
    ['a scale', { factors: builtinModel.factors.map(f => (f.name === 'demand' ? { ...f, scale: [0, 26] } : f)) }],
    ['one more factor', { factors: [...builtinModel.factors, aFactor()] }],
    ['decay', { staleness: { ...builtinModel.staleness, decayHalfLifeDays: 30 } }],
  ])('%s changes it', (_, over) => {
    expect(hashModel({ ...builtinModel, ...over })).not.toBe(builtinModel.hash);
  });

  it.each<[string, Partial<Model>]>([
    ['the name', { name: 'other' }],
    ['the label prefix', { labelPrefix: 'x-' }],
    ['grooming', { grooming: { needsEstimate: null, needsDetail: null } }],
    ['staleness without decay', { staleness: { ...builtinModel.staleness, staleAfterDays: 1, pruneBelowScore: 1 } }],
  ])('%s does not', (_, over) => {
    expect(hashModel({ ...builtinModel, ...over })).toBe(builtinModel.hash);
  });

  it('sees where decay starts, and the fields of a backlog', () => {
    const decaying = aModel({ staleness: { decayHalfLifeDays: 30 } });
    const sooner = aModel({ staleness: { decayHalfLifeDays: 30, byType: { Epic: { staleAfterDays: 9 } } } });

    expect(hashModel(sooner)).not.toBe(hashModel(decaying));
    expect(hashModel({ ...decaying, sources: { value: 'a' } })).not.toBe(hashModel(decaying));
  });
});

describe('scoring/builtin', () => {
  it('holds the documented figures', () => {
    expect(builtinModel).toMatchObject({
      method: 'weighted',
      missing: 'neutral',
      minCoverage: 0.5,
      band: 5,
      labelPrefix: 'winnow-',
      grooming: { needsEstimate: { types: null }, needsDetail: { minWords: 15 } },
      staleness: {
        staleAfterDays: 90,
        pruneAfterDays: 180,
        pruneBelowScore: 40,
        byPriority: { highest: { staleAfterDays: 14 } },
        byType: { Epic: { staleAfterDays: 180, pruneAfterDays: 365 } },
        exempt: { labels: ['frozen'], types: [], priorities: [] },
        decayHalfLifeDays: null,
      },
    });
    expect(builtinModel.factors.map(f => [f.name, f.weight, f.scale, f.cost])).toEqual([
      ['priority', 3, null, false],
      ['urgency', 3, null, false],
      ['demand', 1, [0, 25], false],
      ['effort', 2, [1, 13], true],
    ]);
  });
});
