import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OwnTime } from './turned-time.ts';

/** A `winnow` of its own process, as an operator runs it. */
export interface ServiceProcess {
  readonly pid: number;
  /** Where it serves. */
  readonly url: string;
  /** Its log so far. */
  readonly log: () => string;
  /** Waits until its log holds a text. */
  logged(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM; answers the exit code and how long it took, milliseconds. */
  stop(): Promise<{ readonly code: number | null; readonly ms: number }>;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const launcher = fileURLToPath(new URL('../../bin/winnow.mjs', import.meta.url));

/** The variables that a program needs to run at all; nothing of ours leaks in from outside. */
function bareEnvironment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME, TZ } = process.env;
  return { PATH, HOME, TZ, ...more };
}

/**
 * Starts `winnow start` and waits until it says where it serves. Throws with its log when it ends before. With a time of
 * its own it lives in that.
 */
export async function startServiceProcess(
  cwd: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[] = [],
  time: OwnTime | null = null,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [launcher, 'start', '--json', ...args], {
    cwd,
    env: bareEnvironment({ WINNOW_LOG_LEVEL: 'info', ...environment, ...time?.environment }),
    stdio: ['ignore', 'pipe', 'pipe', ...(time === null ? [] : (['ipc'] as const))],
  });
  time?.follow(child);
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = await firstUrl(child, () => log);
  return {
    pid: child.pid ?? -1,
    url,
    log: () => log,
    logged: text =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!log.includes(text)) return;
          child.stderr?.off('data', look);
          resolve();
        };
        child.stderr?.on('data', look);
        child.once('exit', () => reject(new Error(`it ended without saying "${text}": ${log}`)));
        look();
      }),
    kill: signal => void child.kill(signal),
    async stop() {
      const began = performance.now();
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
      child.kill('SIGTERM');
      await ended;
      return { code: child.exitCode, ms: performance.now() - began };
    },
  };
}

function firstUrl(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = /^(\{.*\})$/m.exec(out)?.[1];
      if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
    });
    child.once('exit', code => reject(new Error(`winnow start ended with ${code}: ${out}${log()}`)));
  });
}

/** Runs one command line to its end, however it ends; `started` is given the process. */
export async function runWinnow(
  cwd: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[],
  started: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd,
    env: bareEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, ...said };
}
