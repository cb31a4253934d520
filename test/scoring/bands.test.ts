import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf, bandRange } from '../../src/scoring/bands.ts';

const score = fc.integer({ min: 0, max: 10_000 }).map(cents => cents / 100);
const width = fc.constantFrom(1, 2.5, 5, 7, 10, 30, 100);

describe('scoring/bands', () => {
  it.each([
    [0, 5, 0],
    [4.99, 5, 0],
    [5, 5, 1],
    [68.69, 5, 13],
    [99.99, 5, 19],
    [100, 5, 19],
    [100, 7, 14],
    [100, 30, 3],
    [89.99, 30, 2],
    [0.3, 0.1, 3],
    [100, 100, 0],
  ])('%d in bands of %d lies in band %d', (of, wide, band) => {
    expect(bandOf(of, wide, null)).toBe(band);
  });

  it.each([
    [47.49, 10, 9],
    [47.5, 10, 10],
    [50, 10, 10],
    [57.49, 10, 10],
    [57.5, 10, 11],
    [52.4, 9, 9],
    [52.5, 9, 10],
    [0, 0, 0],
    [100, 19, 19],
    [92.49, 19, 18],
  ])('%d that was in band %d is in band %d', (of, previous, band) => {
    expect(bandOf(of, 5, previous)).toBe(band);
  });

  it('a score wobbling at a border never flips', () => {
    const wobble = fc.array(fc.double({ min: -0.49, max: 0.49, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(width, fc.nat(), wobble, (wide, at, offsets) => {
        const borders = Math.max(1, Math.ceil(100 / wide) - 1);
        const border = (1 + (at % borders)) * wide;
        const scores = offsets.map(offset => Math.min(100, Math.max(0, border + offset * wide)));
        const first = bandOf(scores[0] ?? 0, wide, null);

        const bands = scores.reduce<number[]>((seen, of) => [...seen, bandOf(of, wide, seen.at(-1) ?? null)], []);

        expect(new Set(bands)).toEqual(new Set([first]));
      }),
    );
  });

  it('a fresh band holds its score and rises with it', () => {
    fc.assert(
      fc.property(score, score, width, (a, b, wide) => {
        const [low, high] = bandRange(bandOf(a, wide, null), wide);
        expect(low).toBeLessThanOrEqual(a + 1e-9);
        expect(high).toBeGreaterThanOrEqual(a - 1e-9);
        if (a <= b) expect(bandOf(a, wide, null)).toBeLessThanOrEqual(bandOf(b, wide, null));
      }),
    );
  });

  it('asking again with the band given changes nothing', () => {
    fc.assert(
      fc.property(score, width, fc.option(fc.nat({ max: 100 })), (of, wide, previous) => {
        const band = bandOf(of, wide, previous);
        expect(bandOf(of, wide, band)).toBe(band);
      }),
    );
  });

  describe('inside a class', () => {
    it.each([
      [50, 5, null, 10],
      [74.99, 5, null, 14],
      [75, 5, 14, 15],
      [74.99, 5, 15, 14],
      [51, 5, 9, 10],
    ])('%d in bands of %d from %j lies in band %d', (of, wide, previous, band) => {
      expect(bandOf(of, wide, previous, Math.floor(of / 25) * 25)).toBe(band);
    });

    it('no width and no memory leads across a class', () => {
      fc.assert(
        fc.property(score, score, width, fc.option(fc.nat({ max: 100 })), (a, b, wide, previous) => {
          const classOf = (of: number) => Math.min(3, Math.floor(of / 25));
          const band = (of: number) => bandOf(of, wide, previous, classOf(of) * 25);
          if (classOf(a) < classOf(b)) expect(band(a)).toBeLessThan(band(b));
        }),
      );
    });

    it('the range of a band ends with the class', () => {
      expect(bandRange(bandOf(48, 10, null, 25), 10, 25)).toEqual([45, 50]);
    });
  });
});
