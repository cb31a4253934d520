import { add, multiply, type RatioMethod } from './ratio.ts';

const names = ['impact', 'confidence', 'ease'];

/** `impact x confidence x ease`, 1 to 10 each. Two conventions are in use; they can disagree about the order. */
export const iceProduct: RatioMethod = {
  names,
  isDivisor: () => false,
  weighs: false,
  dividend: quantities => quantities.reduce(multiply, 1),
  reference: 125,
};

/** `(impact + confidence + ease) / 3`. */
export const iceMean: RatioMethod = {
  names,
  isDivisor: () => false,
  weighs: false,
  dividend: quantities => quantities.reduce(add, 0) / names.length,
  reference: 5,
};
