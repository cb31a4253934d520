import { Command, CommanderError } from 'commander';
import { redactText } from '../config/redact.ts';
import { ConfigError, messageOf } from '../errors.ts';
import type { Session } from './session.ts';

/** The program without its command lines. What it says goes through the session's voice. */
export function emptyProgram({ voice }: Session): Command {
  return new Command('winnow')
    .description('Keeps Jira and Azure DevOps backlogs ranked and groomed while teams keep their tracker.')
    .version('0.1.0')
    .showHelpAfterError()
    .configureOutput({
      writeOut: text => voice.out(text.replace(/\n$/, '')),
      writeErr: text => voice.err(text.replace(/\n$/, '')),
    })
    .exitOverride();
}

/** Runs one command line; answers the exit code. Never throws. */
export async function runSession(session: Session, program: Command): Promise<number> {
  try {
    await program.parseAsync([...session.argv], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    session.voice.err(redactText(`winnow: ${messageOf(error)}`, session.secrets));
    return error instanceof ConfigError ? 2 : 1;
  }
}
