import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

/**
 * Loaded into a process before its program (`--import`): its clocks and timers are then the test's to turn, those of its
 * libraries and of its embedded database included. Two acts, asked for over the channel to the parent process:
 * `step` sets the wall clock forward or back at one blow, as an administrator does; timers do not notice.
 * `pass` lets time go by: wherever the process would sleep, it wakes at once and finds that time gone.
 */
export type TimeAsked =
  | { readonly kind: 'step'; readonly ms: number }
  /** `strideMs`: most that goes by at once, about every five real milliseconds: how slow everybody else seems. */
  | { readonly kind: 'pass'; readonly ms: number; readonly strideMs: number };

/** Told after each act, and after each stride. */
export interface TimeTold {
  /** Gone by in strides so far, beyond what the machine's clock says. */
  readonly passedMs: number;
  readonly done: boolean;
}

const machine = {
  Date,
  now: performance.now.bind(performance),
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  utilization: performance.eventLoopUtilization.bind(performance),
};
const restMs = 5;
/** Timers may fire late by so much while time goes by, as on a busy machine: fewer, larger strides. */
const coarseMs = 2_000;

/** What Node's own timers know of themselves; `refresh` starts them anew with it. */
type Timer = NodeJS.Timeout & { _idleTimeout: number; readonly _destroyed: boolean };

/** A process that is started later begins where the one before it has ended. */
let passed = Number(process.env.TEST_PASSED_MS ?? 0);
let stepped = 0;
const pending = new Map<Timer, number>();

const now = (): number => machine.now() + passed;

class OwnDate extends machine.Date {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [OwnDate.now()] : given) as [number]));
  }

  static override now(): number {
    return Math.floor(machine.Date.now() + passed + stepped);
  }
}

function start(work: () => void, ms: number | undefined, repeats: boolean): Timer {
  const delay = ms !== undefined && ms >= 1 ? ms : 1;
  const fire = (): void => {
    if (repeats) pending.set(timer, now() + delay);
    else pending.delete(timer);
    work();
  };
  const timer = (repeats ? machine.setInterval(fire, delay) : machine.setTimeout(fire, delay)) as Timer;
  pending.set(timer, now() + delay);
  return timer;
}

type Work = (...args: unknown[]) => void;
const setTimeoutHere = (work: Work, ms?: number, ...args: unknown[]): Timer => start(() => work(...args), ms, false);
const setIntervalHere = (work: Work, ms?: number, ...args: unknown[]): Timer => start(() => work(...args), ms, true);

function sleep<T>(ms?: number, value?: T, options: { signal?: AbortSignal; ref?: boolean } = {}): Promise<T> {
  const { signal, ref = true } = options;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError', cause: signal?.reason }));
    };
    const timer = setTimeoutHere(() => {
      signal?.removeEventListener('abort', stop);
      resolve(value as T);
    }, ms);
    if (!ref) timer.unref();
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

function abortAfter(ms: number): AbortSignal {
  const late = new AbortController();
  setTimeoutHere(() => late.abort(new DOMException('The operation timed out', 'TimeoutError')), ms).unref();
  return late.signal;
}

/** Timers whose time has come fire at once; with `all`, the others wait for what is left of theirs. */
function rearm(all: boolean): void {
  for (const [timer, due] of pending) {
    if (timer._destroyed) pending.delete(timer);
    else if (all || due <= now()) {
      timer._idleTimeout = Math.max(1, due - now());
      timer.refresh();
    }
  }
}

function nextDue(): number {
  let next = Infinity;
  for (const [timer, due] of pending) if (!timer._destroyed) next = Math.min(next, due);
  return next;
}

/** Until the process has been idle for most of a short while: work in hand takes the time it takes. */
async function idle(): Promise<void> {
  for (;;) {
    const before = machine.utilization();
    await new Promise(resolve => machine.setTimeout(resolve, restMs));
    if (machine.utilization(before).utilization < 0.6) return;
  }
}

async function pass(ms: number, strideMs: number): Promise<void> {
  const until = now() + ms;
  while (now() < until) {
    await idle();
    const next = Math.max(nextDue(), now() + coarseMs);
    passed += Math.max(0, Math.min(until, next, now() + strideMs) - now());
    rearm(false);
    tell(false);
  }
  rearm(true);
}

function tell(done: boolean): void {
  const told: TimeTold = { passedMs: passed, done };
  process.send?.(told);
}

function install(): void {
  globalThis.Date = OwnDate as DateConstructor;
  performance.now = now;
  AbortSignal.timeout = abortAfter;
  const own = {
    setTimeout: Object.assign(setTimeoutHere, { [promisify.custom]: sleep }),
    setInterval: setIntervalHere,
  };
  Object.assign(globalThis, own);
  Object.assign(timers, own);
  Object.assign(timersPromises, { setTimeout: sleep });
  syncBuiltinESMExports();
  process.on('message', (asked: TimeAsked) => {
    if (asked.kind === 'step') stepped += asked.ms;
    const work = asked.kind === 'pass' ? pass(asked.ms, asked.strideMs) : Promise.resolve();
    void work.then(() => tell(true));
  });
  // The program ends when it has nothing left to do, whether or not its parent still listens.
  process.channel?.unref();
}

// Processes that it starts in turn have the machine's time.
if (process.send !== undefined) install();
