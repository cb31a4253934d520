import { coverageOf, inSumOrder, partOf, type Figure, type PreparedModel, type Term } from '../terms.ts';

/** A ratio method: how the published figure comes from raw quantities, and what figure scores 50. */
export interface RatioMethod {
  /** Factors that the formula names; null: any, told apart by `cost`. */
  readonly names: readonly string[] | null;
  /** Of these, what it divides by. */
  readonly isDivisor: (term: Term) => boolean;
  /** Weights enter the formula (value-effort only). */
  readonly weighs: boolean;
  readonly dividend: (quantities: readonly number[]) => number;
  readonly reference: number | null;
}

/** `100 x max(0, raw) / (max(0, raw) + reference)`: 0..100, rising with raw, 50 at the reference. */
export function pointsOf(raw: number, reference: number): number {
  // Divided through by raw, so that no figure is too large for it.
  return raw > 0 ? 100 / (1 + reference / raw) : 0;
}

/** Median of raw figures, to suggest a reference: half of the items then score above 50. null when there are none. */
export function medianFigure(figures: readonly number[]): number | null {
  const sorted = figures.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

export function ratio(method: RatioMethod, terms: readonly Term[], prepared: PreparedModel): Figure {
  const used = inSumOrder(terms, prepared.byName).filter(term => enters(method, term));
  const quantities = readQuantities(method, used);
  const divisor = quantities === null ? 1 : quantities.divisor;
  const refused = divisor <= 0;
  const parts = terms.map(term => {
    if (!enters(method, term)) return partOf(term, 0);
    return partOf(term, quantityOf(method, term), refused && method.isDivisor(term) ? divisorProblem(term) : undefined);
  });
  const raw = quantities === null || refused ? null : written(quantities.dividend / divisor);
  const reference = prepared.model.ratioReference ?? method.reference;
  return {
    points: raw === null || reference === null ? null : pointsOf(raw, reference),
    floor: null,
    raw,
    coverage: coverageOf(used, term => term.reading.number !== null && !(refused && method.isDivisor(term))),
    parts,
  };
}

function enters(method: RatioMethod, { factor }: Term): boolean {
  return method.names === null || method.names.includes(factor.name);
}

/** null as soon as one term is absent or unreadable, or the model lacks a factor of the formula. */
function readQuantities(
  method: RatioMethod,
  used: readonly Term[],
): { readonly dividend: number; readonly divisor: number } | null {
  if (method.names !== null && used.length < method.names.length) return null;
  if (used.some(({ reading }) => reading.number === null)) return null;
  const above = used.filter(term => !method.isDivisor(term)).map(term => quantityOf(method, term));
  const below = used.filter(method.isDivisor).map(term => quantityOf(method, term));
  const hasDivisor = method.names === null || below.length > 0;
  return { dividend: method.dividend(above), divisor: hasDivisor ? below.reduce(add, 0) : 1 };
}

function quantityOf(method: RatioMethod, { factor, reading }: Term): number {
  return (reading.number ?? 0) * (method.weighs ? factor.weight : 1);
}

function divisorProblem({ reading }: Term): string {
  return `nothing can be divided by ${reading.number}; it must be more than zero`;
}

/** The figure as people would write it: 0.8 x 600 is 480, not 480.0000000000001. null when it is too large to be one. */
function written(figure: number): number | null {
  return Number.isFinite(figure) ? Number(figure.toPrecision(12)) : null;
}

export function add(a: number, b: number): number {
  return a + b;
}

export function multiply(a: number, b: number): number {
  return a * b;
}
