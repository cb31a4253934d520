import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { createContext, readConfig, secretsIn, type Context } from './context.ts';
import { createLog, type LoggerOptions } from './logger.ts';
import type { Voice } from './terminal.ts';

/** One run of the program. */
export interface Session {
  readonly voice: Voice;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  secrets: readonly string[];
  exitCode: number;
}

/** Options of every command. */
export interface Common {
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds the options that every command has. */
export function common(command: Command): Command {
  return command
    .option('--config <file>', 'default: WINNOW_CONFIG, else ./winnow.yaml')
    .option('--json', 'for machines');
}

/** Reads the configuration, does the work with it, and closes whatever the work opened. */
export async function inContext(
  session: Session,
  options: Common & { readonly logLevel?: string },
  work: (context: Context) => Promise<number>,
): Promise<void> {
  const config = await readConfig(options.config, session.environment);
  session.secrets = secretsIn(config);
  const log = createLog(loggerOptions(session, options.logLevel));
  const context = createContext({
    config,
    clock: systemClock,
    log,
    environment: session.environment,
    terminal: process.stderr,
  });
  try {
    session.exitCode = await work(context);
  } finally {
    await context.close();
  }
}

/** How a session logs: `WINNOW_LOG_LEVEL`, else what the command thinks fit; never a secret. */
export function loggerOptions(session: Session, level = 'warn'): LoggerOptions {
  return { level: session.environment.WINNOW_LOG_LEVEL ?? level, secrets: () => session.secrets };
}
