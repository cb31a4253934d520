import type { Term } from '../terms.ts';
import { add, type RatioMethod } from './ratio.ts';

/**
 * Weighted shortest job first: `(value + timeCriticality + riskReduction) / jobSize`, after Scaled Agile,
 * https://framework.scaledagile.com/wsjf
 */
export const wsjf: RatioMethod = {
  names: ['value', 'timeCriticality', 'riskReduction', 'jobSize'],
  isDivisor: ({ factor }: Term) => factor.name === 'jobSize',
  weighs: false,
  dividend: quantities => quantities.reduce(add, 0),
  reference: 3,
};
