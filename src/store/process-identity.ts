import { readFileSync } from 'node:fs';

/** Whether a process of this host is alive: `reused` when its id now belongs to another process. */
export type ProcessState = 'alive' | 'gone' | 'reused';

/**
 * What tells a process from a later one with the same id: boot id and start time in ticks (proc(5): stat field 22).
 * null where /proc does not exist.
 */
export function processIdentity(pid: number): string | null {
  const startTicks = statOf(pid)?.[19];
  if (startTicks === undefined) return null;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${startTicks}`;
}

/** `identity` is what `processIdentity` said when the process wrote its name down. */
export function processState(pid: number, identity: string | null): ProcessState {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return 'gone';
  }
  // A killed process that its parent has not fetched yet answers signals, but writes no more.
  if (statOf(pid)?.[0] === 'Z') return 'gone';
  const now = processIdentity(pid);
  return identity === null || now === null || identity === now ? 'alive' : 'reused';
}

/** proc(5) stat from field 3 (state) on; null where there is no such process or no /proc. */
function statOf(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name (field 2) may hold spaces and brackets; fields are counted after its closing one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const unreadable = ['ENOENT', 'ESRCH', 'ENOTDIR', 'EACCES'];
  return error instanceof Error && 'code' in error && unreadable.includes(String(error.code));
}
