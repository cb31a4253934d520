import { userInfo } from 'node:os';

/** Who sits at the keyboard, as the machine names them; the journal keeps it with what they granted or stopped. */
export function personAtWork(environment: NodeJS.ProcessEnv): string {
  const named = environment.WINNOW_USER ?? environment.USER ?? environment.LOGNAME;
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no entry in the list of users.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
