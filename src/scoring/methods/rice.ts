import type { Term } from '../terms.ts';
import { multiply, type RatioMethod } from './ratio.ts';

/**
 * `reach x impact x confidence / effort`, as Sean McBride published it at Intercom: people per period, a
 * multiplier, a share, person-months.
 */
export const rice: RatioMethod = {
  names: ['reach', 'impact', 'confidence', 'effort'],
  isDivisor: ({ factor }: Term) => factor.name === 'effort',
  weighs: false,
  dividend: quantities => quantities.reduce(multiply, 1),
  reference: 500,
};
