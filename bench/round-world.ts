import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../src/clock.ts';
import { createContext } from '../src/cli/context.ts';
import { runRound } from '../src/cli/run-rounds.ts';
import { parseConfig } from '../src/config/load.ts';
import { silentLog } from '../src/log.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Study } from '../src/sync/reconcile.ts';

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

/** The first backlog of a configuration, on a store of its own. */
export async function openRounds(
  yaml: string,
  clock: Clock,
): Promise<{ round(): Promise<RoundFigures>; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-bench-'));
  const config = parseConfig(yaml, 'bench', {});
  const store = await openStore({ dataDir: join(folder, 'data'), databaseUrl: null, clock, log: silentLog });
  const context = createContext({ config, clock, log: silentLog, environment: {}, store });
  const [settings] = config.backlogs;
  if (settings === undefined) throw new Error('no backlog');
  const signal = new AbortController().signal;
  const round = async (): Promise<RoundFigures> => {
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
  const close = async (): Promise<void> => {
    await context.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { round, close };
}

/** An item with blockers does not move alone, and each pin that an item passes has to be put back: a call more each. */
function lastFree({ desired, pulled }: Study): string {
  const top = Math.min(desired.order.length, ...[...desired.holds.keys()].map(ref => desired.order.indexOf(ref)));
  const ref = desired.order.slice(0, top).findLast(one => !desired.blockedBy.has(one));
  return (ref === undefined ? undefined : pulled.states.get(ref)?.item.key) ?? '';
}
