import { pino } from 'pino';
import { redactText } from '../config/redact.ts';
import type { Log } from '../log.ts';

/** Logs go to stderr, so that stdout stays for machines. Known secrets are replaced wherever they appear. */
export function createLog(options: { readonly level: string; readonly secrets: () => readonly string[] }): Log {
  const logger = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write(line: string) {
        process.stderr.write(redactText(line, options.secrets()));
      },
    },
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
