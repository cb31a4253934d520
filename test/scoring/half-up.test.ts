import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundHalfUp } from '../../src/scoring/half-up.ts';

describe('scoring/half-up', () => {
  it.each([
    [1.005, 1.01],
    [1.0049, 1],
    [2.675, 2.68],
    [8.345, 8.35],
    [68.690476, 68.69],
    [37.955, 37.96],
    [99.995, 100],
    [99.99499, 99.99],
    [0, 0],
    [-0.001, 0],
    [-1.005, -1],
    [60000, 60000],
  ])('%d becomes %d', (figure, expected) => {
    expect(roundHalfUp(figure)).toBe(expected);
  });

  it('rounds every written thousandth as paper does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), thousandths => {
        const onPaper = Math.floor((thousandths + 5) / 10) / 100;
        expect(roundHalfUp(thousandths / 1000)).toBe(onPaper);
      }),
    );
  });

  it('leaves what is no finite number alone', () => {
    expect(roundHalfUp(NaN)).toBeNaN();
    expect(roundHalfUp(Infinity)).toBe(Infinity);
  });

  it('keeps as many decimals as asked', () => {
    expect(roundHalfUp(1333.33335, 4)).toBe(1333.3334);
    expect(roundHalfUp(2666.5, 0)).toBe(2667);
  });
});
