import { describe, expect, it } from 'vitest';
import { absent, unreadable, value, type BacklogItem, type Reading } from '../../src/item.ts';
import { needsDetail, needsEstimate, needsInput, wantedLabels } from '../../src/scoring/grooming.ts';
import type { Model } from '../../src/scoring/model.ts';
import { stageOf } from '../../src/scoring/staleness.ts';
import { anItem } from '../support/items.ts';
import { aFactor, aModel, aScale, holding, scored } from './builders.ts';

const model = aModel();

function labels(item: BacklogItem, idleDays: number, over: { model?: Model; flaggable?: boolean } = {}) {
  const rules = over.model ?? model;
  const score = scored(item, rules, { idleDays });
  const stage = stageOf(item, idleDays, score.undecayed, rules);
  return wantedLabels({ item, model: rules, score, stage, idleDays, flaggable: over.flaggable ?? true });
}

const poor = anItem({ priority: value({ name: 'Low', scheme: ['High', 'Low'] }), effort: value(13) });

describe('scoring/grooming', () => {
  it.each<[string, Reading<number>, string | null]>([
    ['an estimate', value(3), null],
    ['no estimate', absent, 'it has no estimate'],
    ['zero', value(0), 'its estimate cannot be read: 0 means that it was never estimated'],
    ['less than zero', value(-1), 'its estimate cannot be read: -1 means that it was never estimated'],
    ['an unreadable estimate', unreadable('XL', 'XL is no number'), 'its estimate cannot be read: XL is no number'],
  ])('%s: needs-estimate is %j', (_, effort, because) => {
    expect(needsEstimate(anItem({ effort }), model)).toBe(because);
  });

  it('zero is an estimate where the model says so', () => {
    const factors = [aFactor({ name: 'effort', source: 'effort', scale: [1, 13], zeroIsEstimate: true })];

    expect(needsEstimate(anItem({ effort: value(0) }), aModel({ factors }))).toBeNull();
  });

  it('a model without effort still asks for estimates', () => {
    const without = aModel({ factors: [aScale('a')] });

    expect(needsEstimate(anItem({ effort: absent }), without)).toBe('it has no estimate');
    expect(needsEstimate(anItem({ effort: value(40) }), without)).toBeNull();
  });

  it('the estimate is found under another name', () => {
    const factors = [aFactor({ name: 'jobSize', source: 'effort' })];

    expect(needsEstimate(anItem({ effort: value(40) }), aModel({ factors }))).toBeNull();
    expect(needsEstimate(anItem({ effort: absent }), aModel({ factors }))).toBe('it has no estimate');
  });

  it.each([
    [0, 'its description has 0 words, fewer than 15'],
    [1, 'its description has 1 word, fewer than 15'],
    [14, 'its description has 14 words, fewer than 15'],
    [15, null],
  ])('%d words: needs-detail is %j', (words, because) => {
    expect(needsDetail(anItem({ words }), model)).toBe(because);
  });

  it('types narrow a rule, without case; null turns it off', () => {
    const item = anItem({ type: 'Bug', effort: absent, words: 0 });
    const rules = (types: readonly string[]) =>
      aModel({ grooming: { needsEstimate: { types }, needsDetail: { minWords: 15, types } } });

    expect(labels(item, 0, { model: rules(['story']) })).toEqual([]);
    expect(labels(item, 0, { model: rules(['bug']) })).toHaveLength(2);
    expect(labels(item, 0, { model: aModel({ grooming: { needsEstimate: null, needsDetail: null } }) })).toEqual([]);
  });

  it.each([
    [89, []],
    [90, ['winnow-stale']],
    [180, ['winnow-prune']],
  ])('after %d idle days an item bears %j', (idleDays, names) => {
    expect(labels(poor, idleDays).map(label => label.name)).toEqual(names);
  });

  it('a stage says since when and why', () => {
    expect(labels(poor, 200)[0]?.because).toBe(
      'no person has touched it for 200 days (prune from 180, default) and its score 25 is below 40',
    );
  });

  it('an item of which everything is lacking bears every need', () => {
    const rules = aModel({ labelPrefix: 'w:', method: 'rice', factors: [aFactor({ name: 'reach' })] });
    const item = { ...holding({ reach: null }), effort: absent, words: 3 };

    expect(labels(item, 100, { model: rules }).map(label => label.name)).toEqual([
      'w:stale',
      'w:needs-estimate',
      'w:needs-detail',
      'w:needs-input',
    ]);
  });

  it('items that are not flagged bear nothing', () => {
    expect(labels({ ...poor, effort: absent, words: 0 }, 500, { flaggable: false })).toEqual([]);
  });

  it('a held item says which coverage it lacks', () => {
    const rules = aModel({ missing: 'hold', factors: [aScale('a'), aScale('b'), aScale('c')] });
    const score = scored(holding({ a: null, b: 3, c: 'x' }), rules);

    expect(needsInput(score, rules)).toBe('it has no usable a or c: coverage 33 % where the model asks for 50 %');
  });

  it('a ratio names what it cannot be divided by', () => {
    const factors = ['costOfDelay', 'duration'].map(name => aFactor({ name }));
    const rules = aModel({ method: 'cost-of-delay', ratioReference: 1, factors });

    expect(needsInput(scored(holding({ costOfDelay: 1, duration: 0 }), rules), rules)).toBe(
      'it has no usable duration, so it cannot be scored',
    );
  });

  it('an item with a score, or a model without reference, needs no input', () => {
    const factors = ['costOfDelay', 'duration'].map(name => aFactor({ name }));
    const rules = aModel({ method: 'cost-of-delay', factors });

    expect(needsInput(scored(anItem(), model), model)).toBeNull();
    expect(needsInput(scored(holding({ costOfDelay: 1, duration: 2 }), rules), rules)).toBeNull();
  });
});
