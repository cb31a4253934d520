import { messageOf } from '../errors.ts';

/** Postgres' `disk_full`, and the system's own code. */
const codes = new Set(['53100', 'ENOSPC']);

/** An error that says what to do where the disk of the data folder is full; any other error as it is. */
export function sayDiskFull(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!codes.has(code) && !/no space left on device|ENOSPC/i.test(messageOf(error))) return error;
  const message =
    `The disk of the data folder ${folder} is full. Free some space there, or name another folder with WINNOW_DATA; ` +
    'a running service then goes on by itself. Without its journal Winnow writes nothing to a tracker.';
  return Object.assign(new Error(message, { cause: error }), { code: 'ENOSPC' });
}
