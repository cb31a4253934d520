import type { Term } from '../terms.ts';
import { add, type RatioMethod } from './ratio.ts';

/** `sum(w benefit) / sum(w cost)`: factors marked as cost stand below the line, all others above. */
export const valueEffort: RatioMethod = {
  names: null,
  isDivisor: ({ factor }: Term) => factor.cost,
  weighs: true,
  dividend: quantities => quantities.reduce(add, 0),
  reference: 1,
};
