import { pino, type Logger } from 'pino';
import { redactText } from '../config/redact.ts';
import type { Log } from '../log.ts';

export interface LoggerOptions {
  readonly level: string;
  readonly secrets: () => readonly string[];
}

/** Logs go to stderr, so that stdout stays for machines. Known secrets are replaced wherever they appear. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write(line: string) {
        process.stderr.write(redactText(line, options.secrets()));
      },
    },
  );
}

/** Our port over a logger. */
export function logOver(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

export function createLog(options: LoggerOptions): Log {
  return logOver(createLogger(options));
}
