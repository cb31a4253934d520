import { z } from 'zod';
import type { BacklogItem } from '../../item.ts';
import { mostReconciled } from './ask-issues.ts';
import { projectOf, type JiraSession, type Memory } from './session.ts';
import type { Memo } from './to-item.ts';

/** Jira's search index is seconds to minutes behind. */
const indexLagMs = 15 * 60_000;
const projectsKept = 50;
const monthSeconds = 30 * 86_400;
const Keys = z.array(z.string());

export function rememberInScope(memory: Memory, item: BacklogItem): void {
  memory.inScope.set(item.ref, markOf(item));
  memory.projects.add(projectOf(item.key));
}

/** The item is as it was when it was last seen in scope, our own writes apart. */
export function isAsInScope(memory: Memory, item: BacklogItem): boolean {
  return memory.inScope.get(item.ref) === markOf(item);
}

/** Takes the marks of a stored snapshot, in which everything was in scope. */
export function recallScope(memory: Memory, known: Iterable<BacklogItem>): void {
  for (const item of known) if (!memory.inScope.has(item.ref) && markOf(item) !== '') rememberInScope(memory, item);
}

function markOf(item: BacklogItem): string {
  const memo = item.memo as Memo | undefined;
  return typeof memo?.mark === 'string' ? memo.mark : '';
}

export function noteWritten(memory: Memory, ids: readonly string[], now: Date): void {
  for (const id of ids) {
    memory.written.delete(id);
    memory.written.set(id, now.getTime());
  }
}

/** The newest ids that we wrote within the index's lag, as many as one request may reconcile. */
export function recentlyWritten(memory: Memory, now: Date): readonly string[] {
  for (const [id, at] of memory.written) if (now.getTime() - at > indexLagMs) memory.written.delete(id);
  return [...memory.written.keys()].slice(-mostReconciled);
}

/** Kept for a month, so that an empty read can still be judged by the projects it used to be about. */
export async function rememberProjects(session: JiraSession): Promise<void> {
  const key = projectsKey(session);
  const stored = Keys.safeParse(await session.metadata.get(key));
  const known = new Set(stored.success ? stored.data : []);
  const fresh = [...session.memory.projects].filter(project => !known.has(project));
  if (fresh.length === 0) return;
  await session.metadata.put(key, [...fresh, ...known].slice(0, projectsKept), monthSeconds);
}

export async function knownProjects(session: JiraSession): Promise<readonly string[]> {
  const stored = Keys.safeParse(await session.metadata.get(projectsKey(session)));
  return [...new Set([...session.memory.projects, ...(stored.success ? stored.data : [])])].sort();
}

function projectsKey({ scope, name }: JiraSession): string {
  return `jira:projects:${name}:${scope.kind === 'board' ? scope.board : scope.jql}`;
}
