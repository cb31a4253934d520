import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { createContext, readConfig, secretsIn, type Context } from './context.ts';
import type { Files } from './files.ts';
import { createLog, type LoggerOptions } from './logger.ts';
import type { ServiceFacts } from '../service/ports.ts';
import { askService } from './remote/ask-service.ts';
import { findService } from './remote/find-service.ts';
import type { Voice } from './terminal.ts';

/** One run of the program. */
export interface Session {
  readonly argv: readonly string[];
  readonly voice: Voice;
  readonly environment: NodeJS.ProcessEnv;
  readonly files: Files;
  /** The service that carries out this command line for somebody else; null: this is a program of its own. */
  readonly inside: { readonly context: Context; readonly service: ServiceFacts } | null;
  readonly signal: AbortSignal;
  secrets: readonly string[];
  exitCode: number;
}

/** Options of every command. Files that a command reads or writes are named by these options, and no others. */
export interface Common {
  readonly config?: string;
  readonly json?: boolean;
  /** A file to read. */
  readonly plan?: string;
  /** A file to write. */
  readonly out?: string;
}

/** Adds the options that every command has. */
export function common(command: Command): Command {
  return command
    .option('--config <file>', 'default: WINNOW_CONFIG, else ./winnow.yaml')
    .option('--json', 'for machines');
}

/**
 * Does a command's work with a context: the service's own where a service holds the store (this process then only asks
 * it), else one made from the configuration and closed afterwards.
 */
export async function inContext(
  session: Session,
  options: Common,
  work: (context: Context) => Promise<number>,
): Promise<void> {
  if (session.inside !== null) {
    session.exitCode = await work(session.inside.context);
    return;
  }
  const service = findService(session.environment, systemClock);
  if (service === null) {
    await inOwnContext(session, options, work);
    return;
  }
  session.secrets = [...session.secrets, service.token];
  session.exitCode = await askService(session, options, service);
}

/** Reads the configuration, does the work with it, and closes whatever the work opened. */
export async function inOwnContext(
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
