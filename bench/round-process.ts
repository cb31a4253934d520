import { keepHeapSmall } from '../src/memory.ts';
import { serve } from './servant.ts';

/** Rounds in a process of their own, for their time, calls and peak memory. */
export type RoundOrder =
  | { readonly order: 'open'; readonly yaml: string; readonly now: string }
  | { readonly order: 'round'; readonly now: string }
  | { readonly order: 'close' };

// As `main` does, before the product's parts are loaded.
keepHeapSmall();
const { openRounds } = await import('./round-world.ts');
let now = new Date(0);
let rounds: Awaited<ReturnType<typeof openRounds>> | null = null;

serve<RoundOrder>(async order => {
  switch (order.order) {
    case 'open':
      now = new Date(order.now);
      rounds = await openRounds(order.yaml, { now: () => now });
      return null;
    case 'round':
      now = new Date(order.now);
      return rounds?.round();
    case 'close':
      await rounds?.close();
      process.disconnect();
      return null;
    default:
      return order satisfies never;
  }
});
