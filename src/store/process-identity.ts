import { readFileSync } from 'node:fs';

/** Whether a process of this host is alive: `alive`, `gone`, or `reused` when its id now belongs to another process. */
export type ProcessState = 'alive' | 'gone' | 'reused';

/**
 * What tells a process from a later one with the same id: boot id and start time in ticks (proc(5): stat field 22).
 * null where /proc does not exist.
 */
export function processIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name (field 2) may hold spaces and brackets; fields are counted after its closing one.
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return startTicks === undefined ? null : `${boot}:${startTicks}`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** `identity` is what `processIdentity` said when the process wrote its name down. */
export function processState(pid: number, identity: string | null): ProcessState {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return 'gone';
  }
  const now = processIdentity(pid);
  return identity === null || now === null || identity === now ? 'alive' : 'reused';
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'ENOTDIR', 'EACCES'].includes(String(error.code))
  );
}
