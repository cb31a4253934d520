import { describe, expect, it } from 'vitest';
import { explainScore } from '../../src/scoring/explain.ts';
import { aFactor, aModel, aScale, holding, scored } from './builders.ts';

const model = aModel({ factors: [aScale('a', 1), aScale('b', 3)] });

describe('scoring/explain', () => {
  it('names the largest contributions first', () => {
    expect(explainScore(scored(holding({ a: 4, b: 6 }), model), model)).toBe('Score 55: b +45, a +10.');
  });

  it.each([
    ['neutral', 'Score 47.5: b +37.5, a +10; b missing or unreadable, counted as middling.'],
    ['ignore', 'Score 40: a +40; b missing or unreadable, left out.'],
    ['zero', 'Score 10: a +10; b missing or unreadable, counted as zero.'],
    ['hold', 'No score: b missing or unreadable.'],
  ] as const)('says what %s makes of a missing factor', (missing, sentence) => {
    const rules = { ...model, missing };

    expect(explainScore(scored(holding({ a: 4, b: 'x' }), rules), rules)).toBe(sentence);
  });

  it('says what idleness took', () => {
    const rules = aModel({ factors: [aScale('a')], staleness: { decayHalfLifeDays: 30 } });

    expect(explainScore(scored(holding({ a: 8 }), rules, { idleDays: 120 }), rules)).toBe(
      'Score 40, decayed from 80 by idleness: a +80.',
    );
  });

  it('shows the published figure of a ratio', () => {
    const factors = ['costOfDelay', 'duration'].map(name => aFactor({ name }));
    const rules = aModel({ method: 'cost-of-delay', ratioReference: 15, factors });

    expect(explainScore(scored(holding({ costOfDelay: 30, duration: 4 }), rules), rules)).toBe(
      'Score 33.33 (raw 7.5): costOfDelay 30, duration 4.',
    );
    const bare = { ...rules, ratioReference: null };
    expect(explainScore(scored(holding({ costOfDelay: 30, duration: 4 }), bare), bare)).toBe(
      'No score: the model lacks what its method needs.',
    );
  });
});
