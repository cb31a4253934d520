/** The log port. Fields must be safe to print: never a credential, never a client or response object. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

const nothing = (): void => undefined;

/** For tests and for library use without a logger. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
