import type { ChildProcess } from 'node:child_process';
import { systemClock, type Clock } from '../../src/clock.ts';
import type { TimeAsked, TimeTold } from './own-time.ts';

/** The time that one process of a test lives in (own-time.ts). */
export interface OwnTime {
  /** Its variables. */
  readonly environment: NodeJS.ProcessEnv;
  /** The right time there: what has gone by, without what its clock was set wrong by. For the sites it talks to. */
  readonly clock: Clock;
  follow(child: ChildProcess): void;
  /** Sets its clock forward or back. */
  step(ms: number): Promise<void>;
  /** Lets time go by. `strideMs`: most of it that other processes' five milliseconds may take. */
  pass(ms: number, strideMs?: number): Promise<void>;
}

export function createOwnTime(): OwnTime {
  let passedMs = 0;
  let process: ChildProcess | null = null;
  const ask = (asked: TimeAsked): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = process;
      if (child === null) throw new Error('no process lives in this time yet');
      const hear = (told: unknown): void => {
        if (!(told as TimeTold).done) return;
        child.off('message', hear);
        child.off('exit', gone);
        resolve();
      };
      const gone = (): void => reject(new Error('the process ended'));
      child.on('message', hear);
      child.once('exit', gone);
      child.send(asked);
    });
  return {
    get environment() {
      const preload = new URL('own-time.ts', import.meta.url).href;
      return { NODE_OPTIONS: `--import=${preload}`, TEST_PASSED_MS: String(passedMs) };
    },
    clock: { now: () => new Date(systemClock.now().getTime() + passedMs) },
    follow(child) {
      process = child;
      child.on('message', told => (passedMs = (told as TimeTold).passedMs));
    },
    step: ms => ask({ kind: 'step', ms }),
    pass: (ms, strideMs = 5_000) => ask({ kind: 'pass', ms, strideMs }),
  };
}
