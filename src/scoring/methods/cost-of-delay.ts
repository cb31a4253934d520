import type { Term } from '../terms.ts';
import { add, type RatioMethod } from './ratio.ts';

/**
 * CD3, cost of delay divided by duration, after Joshua Arnold, https://blackswanfarming.com/cost-of-delay-divided-by-duration/
 * Money has no usual size, so the reference must be configured.
 */
export const costOfDelay: RatioMethod = {
  names: ['costOfDelay', 'duration'],
  isDivisor: ({ factor }: Term) => factor.name === 'duration',
  weighs: false,
  dividend: quantities => quantities.reduce(add, 0),
  reference: null,
};
