import { classWidth } from './methods/moscow.ts';

/** Scores carry two decimals in binary floats; a hair below a border is the border. */
const hair = 1e-9;

/**
 * The band of a score: `min(floor(score / width), ceil(100 / width) - 1)`, except that an item keeps the band b of its
 * last round while `(b - 0.5) x width <= score < (b + 1.5) x width`, so that a score wobbling at a border moves nothing.
 * With a class floor (moscow) bands are counted inside the class, which they never leave; higher classes have higher bands.
 * A width of 0 means strict order by score and has no bands: do not ask.
 */
export function bandOf(score: number, width: number, previous: number | null, floor: number | null = null): number {
  const first = firstBand(width, floor);
  const count = bandCount(width, floor);
  const above = score - (floor ?? 0) + hair;
  if (previous !== null) {
    const kept = previous - first;
    if (kept >= 0 && kept < count && (kept - 0.5) * width <= above && above < (kept + 1.5) * width) return previous;
  }
  return first + Math.max(0, Math.min(Math.floor(above / width), count - 1));
}

/** From and to of a band in points of score, for people: `[50, 55]`. */
export function bandRange(band: number, width: number, floor: number | null = null): readonly [number, number] {
  const start = floor ?? 0;
  const low = start + (band - firstBand(width, floor)) * width;
  return [low, Math.min(low + width, floor === null ? 100 : start + classWidth)];
}

function bandCount(width: number, floor: number | null): number {
  return Math.ceil((floor === null ? 100 : classWidth) / width - hair);
}

function firstBand(width: number, floor: number | null): number {
  return floor === null ? 0 : Math.round(floor / classWidth) * bandCount(width, floor);
}
