import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cheapestMoves } from '../src/sync/rank-moves.ts';
import { createChance } from './chance.ts';

/** How an order differs from the wanted one: places in the order that is, as `have` of cheapestMoves. */
interface Case {
  readonly name: string;
  readonly make: (n: number, chance: () => number) => number[];
}

const cases: readonly Case[] = [
  { name: 'one item moved', make: (n, chance) => withMoved(n, 1, chance) },
  { name: '1 % moved', make: (n, chance) => withMoved(n, n / 100, chance) },
  { name: '10 % moved', make: (n, chance) => withMoved(n, n / 10, chance) },
  { name: 'shuffled', make: shuffled },
  { name: 'reversed', make: n => ascending(n).reverse() },
];
const sizes = [1_000, 10_000, 100_000];
const blockSize = 50;
const rounds = 3;

/**
 * Calls, items moved and time of the cheapest moves (prices 1 and 1), as JSON-able lines, beside what other ways need:
 * a call for every item, a rewrite of everything in blocks, and the runs outside one longest increasing subsequence.
 * Times are medians of three, in milliseconds; `timesSort` is the multiple of sorting the same array numerically.
 */
export async function* benchMoves(): AsyncGenerator<Record<string, unknown>> {
  for (const n of sizes) {
    for (const { name, make } of cases) {
      const have = make(n, createChance(n));
      for (const perCall of [blockSize, 1]) yield measure(name, have, perCall);
    }
  }
  for (const perCall of [blockSize, 1]) yield await peakMemory(100_000, perCall);
}

/** A seeded permutation of 0..n-1, also for the process that measures memory. */
export function shuffledOrder(n: number): number[] {
  return shuffled(n, createChance(n));
}

function measure(name: string, have: readonly number[], perCall: number): Record<string, unknown> {
  const ask = () => cheapestMoves({ have, perCall, priceItem: 1, priceCall: 1 });
  const { items, calls } = ask();
  const ms = median(() => timed(ask));
  const sortMs = median(() => {
    const copy = [...have];
    return timed(() => copy.sort((a, b) => a - b));
  });
  const n = have.length;
  return {
    n,
    case: name,
    perCall,
    items,
    calls,
    ms: rounded(ms),
    timesSort: rounded(ms / sortMs),
    others: {
      oneCallPerItem: { items: n, calls: n },
      blocks: { items: n, calls: Math.ceil(n / perCall) },
      longestRun: aroundLongestRun(have, perCall),
    },
  };
}

/**
 * Resident memory of a fresh process before the moves are sought and right after, when nothing was freed yet. Not the
 * maximum the system tells: Linux hands a child its parent's.
 */
async function peakMemory(n: number, perCall: number): Promise<Record<string, unknown>> {
  const script = `
    const { shuffledOrder } = await import(${JSON.stringify(import.meta.url)});
    const { cheapestMoves } = await import(${JSON.stringify(new URL('../src/sync/rank-moves.ts', import.meta.url).href)});
    const have = shuffledOrder(${n});
    const before = process.memoryUsage.rss();
    cheapestMoves({ have, perCall: ${perCall}, priceItem: 1, priceCall: 1 });
    console.log(JSON.stringify([before, process.memoryUsage.rss()]));`;
  const run = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const [before, after] = JSON.parse(run.stdout) as [number, number];
  return {
    n,
    case: 'shuffled, memory',
    perCall,
    measured: 'resident set of a fresh process right after, Node and the array included',
    peakRssMb: rounded(after / 1e6),
    ofWhichBeforeMb: rounded(before / 1e6),
  };
}

/** Leaves one longest increasing subsequence where it is, and moves the neighbours between in as few calls as it can. */
function aroundLongestRun(have: readonly number[], perCall: number): Record<string, number> {
  const run = longestRun(have);
  let calls = 0;
  let before = -1;
  for (const value of [...run, have.length]) {
    calls += Math.ceil((value - before - 1) / perCall);
    before = value;
  }
  return { items: have.length - run.length, calls };
}

/** Patience sorting, with a link from each value to the one before it in its run. */
function longestRun(have: readonly number[]): number[] {
  const tails: number[] = [];
  const previous = new Int32Array(have.length).fill(-1);
  for (const value of have) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tails[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    previous[value] = tails[low - 1] ?? -1;
    tails[low] = value;
  }
  const run: number[] = [];
  for (let value = tails.at(-1) ?? -1; value >= 0; value = previous[value] as number) run.push(value);
  return run.reverse();
}

function withMoved(n: number, count: number, chance: () => number): number[] {
  const order = ascending(n);
  for (let i = 0; i < count; i++) {
    const [item] = order.splice(Math.floor(chance() * n), 1);
    order.splice(Math.floor(chance() * n), 0, item as number);
  }
  return order;
}

function shuffled(n: number, chance: () => number): number[] {
  const order = ascending(n);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

function ascending(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function timed(act: () => unknown): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

function median(sample: () => number): number {
  const times = Array.from({ length: rounds }, sample).sort((a, b) => a - b);
  return times[Math.floor(rounds / 2)] as number;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
