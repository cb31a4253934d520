import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Factor, Method, MissingPolicy, Model } from '../../src/scoring/model.ts';
import { requiredFactors } from '../../src/scoring/methods/method.ts';
import { aFactor, aModel, holding, scored } from './builders.ts';

const policies: readonly MissingPolicy[] = ['neutral', 'ignore', 'zero', 'hold'];
const methods: readonly Method[] = ['weighted', 'wsjf', 'rice', 'ice', 'value-effort', 'cost-of-delay', 'moscow'];
const spare = ['a', 'b', 'c', 'd'];

const anyRaw = fc.oneof(
  fc.constant(null),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: 0, max: 20 }),
  fc.constantFrom<number | string>('', 'x', '7', 'Must', 'should have', NaN, Infinity, 1e308),
);

function fields(names: readonly string[], weights: readonly number[]): readonly Factor[] {
  return names.map((name, i) =>
    aFactor({ name, weight: weights[i % weights.length] ?? 1, scale: [0, 10], cost: name === 'd' }),
  );
}

const anyCase = fc
  .record({
    method: fc.constantFrom(...methods),
    missing: fc.constantFrom(...policies),
    iceMean: fc.boolean(),
    weights: fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 1, maxLength: 4 }),
    raws: fc.array(anyRaw, { minLength: 6, maxLength: 6 }),
  })
  .map(({ method, missing, iceMean, weights, raws }) => {
    const required = requiredFactors(method);
    const names =
      method === 'weighted' || method === 'moscow' || required.length === 0 ? [...required, ...spare] : required;
    const factors = fields(names, weights);
    const model = aModel({
      method,
      missing,
      iceMean,
      factors,
      ratioReference: method === 'cost-of-delay' ? 1000 : null,
    });
    return { model, inputs: Object.fromEntries(names.map((name, i) => [name, raws[i] ?? null])) };
  });

const weightedOn = (missing: MissingPolicy, weights: readonly number[]): Model =>
  aModel({ missing, factors: fields(['a', 'b', 'c'], weights) });

const digit = fc.double({ min: 0, max: 10, noNaN: true });
const weights = fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 });

describe('scoring/score laws', () => {
  it('every method keeps score in 0..100 and coverage in 0..1', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(2000), ({ model, inputs }, idleDays) => {
        const decaying = { ...model, staleness: { ...model.staleness, decayHalfLifeDays: 45 } };
        const score = scored(holding(inputs), decaying, { idleDays });

        expect(score.coverage).toBeGreaterThanOrEqual(0);
        expect(score.coverage).toBeLessThanOrEqual(1);
        for (const figure of [score.score, score.undecayed]) {
          if (figure === null) continue;
          expect(figure).toBeGreaterThanOrEqual(0);
          expect(figure).toBeLessThanOrEqual(100);
        }
        expect(score.score ?? 0).toBeLessThanOrEqual(score.undecayed ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it('the order of factors changes nothing but the order of parts', () => {
    fc.assert(
      fc.property(anyCase, ({ model, inputs }) => {
        const reversed = { ...model, factors: [...model.factors].reverse() };
        const { parts, ...rest } = scored(holding(inputs), model);
        const { parts: turned, ...same } = scored(holding(inputs), reversed);

        expect(same).toEqual(rest);
        expect([...turned].reverse()).toEqual(parts);
      }),
    );
  });

  it('a better factor never lowers the score', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...policies),
        weights,
        fc.tuple(digit, digit, digit),
        digit,
        (missing, w, was, to) => {
          const [a, b, c] = was;
          const model = weightedOn(missing, w);

          const before = scored(holding({ a, b, c }), model).score ?? NaN;
          const after = scored(holding({ a: Math.max(a, to), b, c }), model).score ?? NaN;

          expect(after).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });

  it('a better ratio figure never lowers the score', () => {
    const model = aModel({ method: 'rice', factors: fields(requiredFactors('rice'), [1]) });
    const positive = fc.double({ min: 0.1, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, positive, (reach, impact, effort, more) => {
        const at = (size: number) =>
          scored(holding({ reach: size, impact, confidence: 0.8, effort }), model).score ?? NaN;

        expect(at(reach + more)).toBeGreaterThanOrEqual(at(reach));
      }),
    );
  });

  it('absent never equals zero unless the policy says zero', () => {
    fc.assert(
      fc.property(fc.constantFrom(...policies), weights, digit, (missing, w, b) => {
        const model = weightedOn(missing, w);
        const zero = scored(holding({ a: 0, b, c: 5 }), model);
        const none = scored(holding({ a: null, b, c: 5 }), model);

        expect(none.coverage).toBeLessThan(zero.coverage);
        expect(none.parts[0]).not.toEqual(zero.parts[0]);
        if (missing === 'zero') expect(none.score).toBe(zero.score);
        else expect(none.score === zero.score && zero.score !== 0).toBe(false);
      }),
    );
  });

  it('the contributions of a weighted score add up to it', () => {
    fc.assert(
      fc.property(fc.constantFrom('neutral', 'zero', 'ignore'), weights, digit, (missing, w, a) => {
        const score = scored(holding({ a, b: null, c: 3 }), weightedOn(missing, w));
        const sum = score.parts.reduce((total, part) => total + part.contribution, 0);

        expect(Math.abs(sum - (score.score ?? NaN))).toBeLessThanOrEqual(0.005 + 1e-9);
      }),
    );
  });

  it('an item scores the same whichever others exist', () => {
    fc.assert(
      fc.property(anyCase, anyCase, (one, other) => {
        const alone = scored(holding(one.inputs), one.model);
        scored(holding(other.inputs), other.model);

        expect(scored(holding(one.inputs), one.model)).toEqual(alone);
      }),
    );
  });
});
