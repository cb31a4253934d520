import type { Method, Model } from '../model.ts';
import type { Figure, PreparedModel, Term } from '../terms.ts';
import { costOfDelay } from './cost-of-delay.ts';
import { iceMean, iceProduct } from './ice.ts';
import { classFactor, moscow } from './moscow.ts';
import { ratio, type RatioMethod } from './ratio.ts';
import { rice } from './rice.ts';
import { valueEffort } from './value-effort.ts';
import { weighted } from './weighted.ts';
import { wsjf } from './wsjf.ts';

/** What the model's method makes of the terms of one item. */
export function figureOf(terms: readonly Term[], prepared: PreparedModel): Figure {
  const { method, iceMean: mean } = prepared.model;
  if (method === 'weighted') return weighted(terms, prepared);
  if (method === 'moscow') return moscow(terms, prepared);
  return ratio(ratioMethod(method, mean), terms, prepared);
}

/** True for the methods that keep a published raw figure. */
export function isRatio(method: Method): boolean {
  return method !== 'weighted' && method !== 'moscow';
}

/** Factor names that a method cannot do without; empty where any will do. */
export function requiredFactors(method: Method): readonly string[] {
  if (method === 'weighted') return [];
  if (method === 'moscow') return [classFactor];
  return ratioMethod(method, false).names ?? [];
}

/** The raw figure that scores 50 unless the model names one; null where a model must (cost-of-delay), or none exists. */
export function defaultReference(model: Pick<Model, 'method' | 'iceMean'>): number | null {
  const { method } = model;
  return method === 'weighted' || method === 'moscow' ? null : ratioMethod(method, model.iceMean).reference;
}

function ratioMethod(method: Exclude<Method, 'weighted' | 'moscow'>, mean: boolean): RatioMethod {
  switch (method) {
    case 'wsjf':
      return wsjf;
    case 'rice':
      return rice;
    case 'ice':
      return mean ? iceMean : iceProduct;
    case 'value-effort':
      return valueEffort;
    case 'cost-of-delay':
      return costOfDelay;
    default:
      return method satisfies never;
  }
}
