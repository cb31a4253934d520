import type { FactorReading } from './factor-reading.ts';
import type { Factor, Model, Part } from './model.ts';

/** One factor of the model with what it read from one item. */
export interface Term {
  readonly factor: Factor;
  readonly reading: FactorReading;
}

/** What a method makes of an item, before decay and rounding. */
export interface Figure {
  /** 0..100: the whole score, or moscow's weighted part; null: the item is held for missing input. */
  readonly points: number | null;
  /** moscow: where the class begins; null for all other methods. */
  readonly floor: number | null;
  /** Ratio methods: the published figure. */
  readonly raw: number | null;
  /** 0..1. */
  readonly coverage: number;
  /** In the model's order. */
  readonly parts: readonly Part[];
}

/** What follows from a model alone, worked out once. */
export interface PreparedModel {
  readonly model: Model;
  /** Indices of the factors by name: sums run in this order, so that reordering a file changes no last digit. */
  readonly byName: readonly number[];
}

const prepared = new WeakMap<Model, PreparedModel>();

export function prepareModel(model: Model): PreparedModel {
  const known = prepared.get(model);
  if (known !== undefined) return known;
  const { factors } = model;
  const byName = factors
    .map((_, index) => index)
    .sort((a, b) => compareNames(factors[a]?.name ?? '', factors[b]?.name ?? '') || a - b);
  const fresh = { model, byName };
  prepared.set(model, fresh);
  return fresh;
}

function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The terms in the order in which sums are made. */
export function inSumOrder(terms: readonly Term[], byName: readonly number[]): readonly Term[] {
  const ordered: Term[] = [];
  for (const index of byName) {
    const term = terms[index];
    if (term !== undefined) ordered.push(term);
  }
  return ordered;
}

/** Share of the weight whose terms are present; where nothing weighs anything, the share of the terms. */
export function coverageOf(ordered: readonly Term[], isPresent: (term: Term) => boolean): number {
  let present = 0;
  let total = 0;
  let count = 0;
  for (const term of ordered) {
    total += term.factor.weight;
    if (!isPresent(term)) continue;
    present += term.factor.weight;
    count += 1;
  }
  if (total > 0) return present / total;
  return ordered.length === 0 ? 0 : count / ordered.length;
}

export function partOf(term: Term, contribution: number, problem = term.reading.problem): Part {
  const { factor, reading } = term;
  const part = { factor: factor.name, source: reading.source, value: reading.value, n: reading.n };
  const weighed = { ...part, weight: factor.weight, contribution };
  return problem === undefined ? weighed : { ...weighed, problem };
}
