import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/scoring/model.ts';
import { builtinModel } from '../../src/scoring/builtin.ts';
import { aFile, everything, read, smallest } from './files.ts';

const named = (keys: string, backlog = 'board: 12, model: m'): Model => {
  const found = read(aFile({ model: keys, backlog })).models.find(model => model.name === 'm');
  if (found === undefined) throw new Error('no model m');
  return found;
};

describe('config/resolve-models', () => {
  it('without a model named default the built-in one stands in', () => {
    expect(read(smallest).models).toEqual([builtinModel]);
    expect(read(aFile({ model: 'band: 10' })).models.map(m => m.name)).toEqual(['default', 'm']);
  });

  it('the whole file spells out the built-in model and one field', () => {
    const [model] = read(everything).models;
    const { hash: _hash, factors: builtinFactors, ...builtin } = builtinModel;

    expect(model).toMatchObject(builtin);
    expect(model?.factors.filter(f => f.name !== 'value')).toEqual(
      [...builtinFactors].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    );
    expect(model?.factors[0]).toMatchObject({
      name: 'value',
      source: 'field',
      weight: 5,
      scale: [0, 100],
      cost: false,
    });
  });
  const order = ['priority', 'urgency', 'demand', 'effort'];

  it('missing keys of a named model mean the built-in without its exceptions', () => {
    const { staleness, name: _name, hash: _hash, ...rest } = named('');
    const { staleness: builtinStaleness, name: _builtin, hash: _builtinHash, ...builtin } = builtinModel;

    expect(rest).toEqual(builtin);
    expect(staleness).toEqual({
      ...builtinStaleness,
      byPriority: {},
      byType: {},
      exempt: { labels: [], types: [], priorities: [] },
    });
  });

  it('a model that scores like the built-in has its hash', () => {
    expect(named('labels: { prefix: x- }').hash).toBe(builtinModel.hash);
    expect(named('band: 10').hash).not.toBe(builtinModel.hash);
  });

  it('another field makes another hash', () => {
    const hash = (field: string): string => named(`factors: { value: { jira: ${field}, scale: [0, 9] } }`).hash;

    expect(hash('A')).toBe(hash('A'));
    expect(hash('A')).not.toBe(hash('B'));
  });

  it.each<readonly [string, string, Partial<Model['factors'][number]>]>([
    ['priority', '', { source: 'priority', weight: 3, scale: null, cost: false }],
    ['urgency', '', { source: 'urgency', weight: 3, horizonDays: 90 }],
    ['urgency', 'jira: Target end, horizonDays: 30', { source: 'urgency', horizonDays: 30 }],
    ['age', '', { source: 'age', weight: 1, horizonDays: 365 }],
    ['demand', 'jira: Requests', { source: 'demand', weight: 1, scale: [0, 25] }],
    ['effort', '', { source: 'effort', weight: 2, scale: [1, 13], cost: true, zeroIsEstimate: false }],
    ['effort', 'jira: Story Points', { source: 'effort', scale: [1, 13], cost: true }],
    [
      'effort',
      'jira: T-shirt, map: { S: 0, " XL ": 1 }',
      { source: 'effort', scale: null, map: { s: 0, xl: 1 }, cost: true },
    ],
    ['effort', 'cost: false, zeroIsEstimate: true', { cost: false, zeroIsEstimate: true }],
    ['priority', 'jira: Severity, map: { Bad: 1 }', { source: 'field', weight: 3, map: { bad: 1 } }],
    ['value', 'jira: 10042, scale: [0, 9], weight: 2.5', { source: 'field', weight: 2.5, cost: false }],
  ])('the factor %s { %s } is complete', (name, keys, wanted) => {
    const model = named(`factors: { ${name}: { ${keys} } }`);

    expect(model.factors).toHaveLength(1);
    expect(model.factors[0]).toMatchObject({ name, ...wanted });
  });

  it('fields that are numbers are custom fields of Jira', () => {
    const text = aFile({
      model: 'factors: { value: { jira: 10042, scale: [0, 9] } }',
      backlog: 'board: 1, model: m, write: { score: 10043 }',
    });

    const [shop] = read(text).backlogs;

    expect(shop?.sources).toEqual({ value: 'customfield_10042' });
    expect(shop?.write.score).toBe('customfield_10043');
  });

  it.each([
    ['needsEstimate: false', { needsEstimate: null, needsDetail: { minWords: 15, types: null } }],
    [
      'needsEstimate: { types: [Bug] }',
      { needsEstimate: { types: ['Bug'] }, needsDetail: { minWords: 15, types: null } },
    ],
    ['needsDetail: false', { needsEstimate: { types: null }, needsDetail: null }],
    ['needsDetail: true', { needsEstimate: { types: null }, needsDetail: { minWords: 15, types: null } }],
    [
      'needsDetail: { types: [Bug] }',
      { needsEstimate: { types: null }, needsDetail: { minWords: 15, types: ['Bug'] } },
    ],
    ['needsDetail: { minWords: 3 }', { needsEstimate: { types: null }, needsDetail: { minWords: 3, types: null } }],
  ])('grooming { %s } is complete', (keys, wanted) => {
    expect(named(`grooming: { ${keys} }`).grooming).toEqual(wanted);
  });

  it('thresholds keep what was given and nothing else', () => {
    const { staleness } = named('staleness: { agingAfterDays: 30, byPriority: { low: { pruneAfterDays: 400 } } }');

    expect(staleness).toMatchObject({ agingAfterDays: 30, staleAfterDays: 90, pruneAfterDays: 180 });
    expect(staleness.byPriority).toEqual({ low: { pruneAfterDays: 400 } });
    expect(named('').staleness).not.toHaveProperty('agingAfterDays');
  });
});
