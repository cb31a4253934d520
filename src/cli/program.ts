import { Command, CommanderError } from 'commander';
import { redactText } from '../config/redact.ts';
import { ConfigError, messageOf } from '../errors.ts';
import { addConfig } from './lines/config.ts';
import { addDemo } from './lines/demo.ts';
import { addQuestions } from './lines/questions.ts';
import { addRounds } from './lines/rounds.ts';
import { addService } from './lines/service.ts';
import { addStopAndGo } from './lines/stop-and-go.ts';
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
  const voice = createVoice(process.stdout, process.stderr, environment);
  const session: Session = { voice, environment, signal: stop.signal, secrets: [], exitCode: 0 };
  const program = build(session);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    voice.err(redactText(`winnow: ${messageOf(error)}`, session.secrets));
    if (error instanceof ConfigError) return 2;
    return 1;
  }
}

function build(session: Session): Command {
  const program = new Command('winnow')
    .description('Keeps Jira and Azure DevOps backlogs ranked and groomed while teams keep their tracker.')
    .version('0.1.0')
    .showHelpAfterError()
    .exitOverride();
  addRounds(program, session);
  addStopAndGo(program, session);
  addQuestions(program, session);
  addService(program, session);
  addDemo(program, session);
  addConfig(program, session);
  return program;
}
