import type { Term } from '../terms.ts';
import { multiply, type RatioMethod } from './ratio.ts';

/**
 * `reach x impact x confidence / effort`, after Sean McBride's "RICE: Simple prioritization for product managers",
 * https://www.intercom.com/blog/rice-simple-prioritization-for-product-managers/
 */
export const rice: RatioMethod = {
  names: ['reach', 'impact', 'confidence', 'effort'],
  isDivisor: ({ factor }: Term) => factor.name === 'effort',
  weighs: false,
  dividend: quantities => quantities.reduce(multiply, 1),
  reference: 500,
};
