import { foldKeys, foldName } from './fold.ts';
import type { Factor } from './model.ts';

/** What one factor reads from one item. */
export interface FactorReading {
  /** Field or built-in name, as people would look it up. */
  readonly source: string;
  /** As the tracker holds it; null when absent. */
  readonly value: number | string | null;
  /** The quantity that ratio methods calculate with; null when absent or unreadable. */
  readonly number: number | null;
  /** 0..1 after scale, map and cost; null when absent, unreadable, or a quantity without a scale. */
  readonly n: number | null;
  /** Why the value cannot be read, as a sentence. */
  readonly problem?: string;
}

const decimal = /^[+-]?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i;

/** A number written strictly: `12`, `-0.5`, `1e3`; not `1,5`, `12 points` or `0x10`. */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  if (!decimal.test(trimmed)) return null;
  const parsed = Number(trimmed);
  return Number.isFinite(parsed) ? parsed : null;
}

/** Text from a tracker for a sentence: quoted, without control characters, not endless. */
export function quoted(text: number | string): string {
  const plain = String(text);
  return JSON.stringify(plain.length > 60 ? `${plain.slice(0, 57)}...` : plain);
}

export function absentReading(source: string): FactorReading {
  return { source, value: null, number: null, n: null };
}

export function unreadableReading(source: string, raw: number | string, problem: string): FactorReading {
  return { source, value: Number.isNaN(raw) ? 'NaN' : raw, number: null, n: null, problem };
}

/** A readable value whose place in 0..1 is known before `cost` is applied. */
export function placedReading(args: {
  readonly factor: Factor;
  readonly source: string;
  readonly value: number | string;
  readonly number: number;
  readonly place: number | null;
}): FactorReading {
  const { factor, source, value, number, place } = args;
  if (place === null) return { source, value, number, n: null };
  const within = clamp(place);
  return { source, value, number, n: factor.cost ? 1 - within : within };
}

/** What a factor's map says of a name; undefined when the factor has no map or the map lacks the name. */
export function mapped(factor: Factor, name: number | string): number | undefined {
  return factor.map === null ? undefined : foldKeys(factor.map).get(foldName(String(name)));
}

/** Linear between the ends, which may be given high to low. Without a scale only 0..1 itself is a place. */
export function placeOnScale(factor: Factor, quantity: number): number | null {
  if (factor.scale === null) return quantity >= 0 && quantity <= 1 ? quantity : null;
  const [lo, hi] = factor.scale;
  return lo === hi ? Number(quantity >= hi) : (quantity - lo) / (hi - lo);
}

/** 0..1; never minus zero, which JSON and people would read differently. */
export function clamp(place: number): number {
  return place <= 0 ? 0 : Math.min(1, place);
}
