import { addConfig } from './lines/config.ts';
import { addDemo } from './lines/demo.ts';
import { addEveryday } from './lines/everyday.ts';
import { addService } from './lines/service.ts';
import { localFiles } from './files.ts';
import { emptyProgram, runSession } from './run-session.ts';
import type { Session } from './session.ts';
import { createVoice } from './terminal.ts';

/** Runs one command line; returns the exit code. */
export async function runProgram(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const stop = new AbortController();
  // The first signal ends the round between two writes; a second one ends the process.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  // A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const session: Session = {
    argv,
    voice: createVoice(process.stdout, process.stderr, environment),
    environment,
    files: localFiles,
    inside: null,
    signal: stop.signal,
    secrets: [],
    exitCode: 0,
  };
  const program = emptyProgram(session);
  addEveryday(program, session);
  addService(program, session);
  addDemo(program, session);
  addConfig(program, session);
  return runSession(session, program);
}
