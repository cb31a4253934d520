import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext } from '../src/cli/context.ts';
import { runRound } from '../src/cli/run-rounds.ts';
import { parseConfig } from '../src/config/load.ts';
import { silentLog } from '../src/log.ts';
import { keepHeapSmall } from '../src/memory.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Study } from '../src/sync/reconcile.ts';
import { serve } from './servant.ts';

/** Rounds in a process of their own, for their time, calls and peak memory. */
export type RoundOrder =
  | { readonly order: 'open'; readonly yaml: string; readonly now: string }
  | { readonly order: 'round'; readonly now: string }
  | { readonly order: 'close' };

export interface RoundFigures {
  readonly status: string;
  readonly items: number;
  readonly changes: number;
  readonly reads: number;
  readonly writes: number;
  readonly seconds: number;
  readonly peakRssMb: number;
  /** Key of the item to be edited next: the last one above all pins that nothing blocks. */
  readonly last: string;
}

let now = new Date(0);
const clock = { now: () => now };
let folder = '';
let round: () => Promise<RoundFigures> = () => Promise.reject(new Error('not open'));
let close: () => Promise<void> = () => Promise.resolve();

async function open(yaml: string): Promise<null> {
  // As commands do that make rounds.
  keepHeapSmall();
  folder = await mkdtemp(join(tmpdir(), 'winnow-bench-'));
  const config = parseConfig(yaml, 'bench', {});
  const store = await openStore({ dataDir: join(folder, 'data'), databaseUrl: null, clock, log: silentLog });
  const context = createContext({ config, clock, log: silentLog, environment: {}, store });
  const [settings] = config.backlogs;
  if (settings === undefined) throw new Error('no backlog');
  const signal = new AbortController().signal;
  round = async () => {
    const from = performance.now();
    const options = { purpose: 'run', apply: true, sweep: false, liftLimits: true, signal } as const;
    const { report, study } = await runRound(context, settings, options);
    const [failure] = report.status === 'failed' ? report.problems : [];
    if (failure !== undefined) throw new Error(failure.message);
    return {
      status: report.status,
      items: report.items,
      changes: report.changes.length,
      reads: report.calls.read,
      writes: report.calls.write,
      seconds: Math.round(performance.now() - from) / 1_000,
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
      last: study === null ? '' : lastFree(study),
    };
  };
  close = async () => {
    await context.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return null;
}

/** An item with blockers does not move alone, and each pin that an item passes has to be put back: a call more each. */
function lastFree({ desired, pulled }: Study): string {
  const top = Math.min(desired.order.length, ...[...desired.holds.keys()].map(ref => desired.order.indexOf(ref)));
  const ref = desired.order.slice(0, top).findLast(one => !desired.blockedBy.has(one));
  return (ref === undefined ? undefined : pulled.states.get(ref)?.item.key) ?? '';
}

serve<RoundOrder>(async order => {
  switch (order.order) {
    case 'open':
      now = new Date(order.now);
      return open(order.yaml);
    case 'round':
      now = new Date(order.now);
      return round();
    case 'close':
      await close();
      process.disconnect();
      return null;
    default:
      return order satisfies never;
  }
});
