import type { Term } from '../terms.ts';
import { add, type RatioMethod } from './ratio.ts';

/**
 * Weighted shortest job first: `(value + timeCriticality + riskReduction) / jobSize`, as the Scaled
 * Agile Framework (SAFe) defines it; Reinertsen's original divides a measured cost of delay.
 */
export const wsjf: RatioMethod = {
  names: ['value', 'timeCriticality', 'riskReduction', 'jobSize'],
  isDivisor: ({ factor }: Term) => factor.name === 'jobSize',
  weighs: false,
  dividend: quantities => quantities.reduce(add, 0),
  reference: 3,
};
