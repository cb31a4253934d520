import { idOf, type BacklogItem, type ItemRef } from '../../item.ts';
import { mostReconciled, numeric, readScopeIds } from './ask-issues.ts';
import { isAsInScope } from './memory.ts';
import { chunks } from './pages.ts';
import type { JiraSession } from './session.ts';

/** As many ids as fit into an address of some thousand characters. */
const idsPerQuery = 400;

/**
 * Which of these issues are in the scope now. `fresh`: the search index cannot be trusted to know them yet, so each is
 * reconciled, fifty a request.
 */
export async function whichAreInScope(
  session: JiraSession,
  ids: readonly string[],
  options: { readonly signal: AbortSignal; readonly fresh: boolean },
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const chunk of chunks(ids.map(numeric), options.fresh ? mostReconciled : idsPerQuery)) {
    const here = await readScopeIds(session, {
      what: 'asking which issues are in the backlog',
      signal: options.signal,
      jql: `id in (${chunk.join(', ')})`,
      reconcile: chunk.slice(0, mostReconciled),
    });
    for (const id of here) found.add(id);
  }
  return found;
}

/**
 * Of items just read by id, the refs that are in scope. An item that differs from when it was last seen there only by
 * what we write ourselves is still there, unless the scope's own query looks at that.
 */
export async function stillInScope(
  session: JiraSession,
  items: readonly BacklogItem[],
  signal: AbortSignal,
): Promise<ReadonlySet<ItemRef>> {
  const { memory, scopeSeesWrites } = session;
  const certain = items.filter(item => !scopeSeesWrites && isAsInScope(memory, item)).map(item => item.ref);
  const known = new Set<ItemRef>(certain);
  const asked = items.filter(item => !known.has(item.ref));
  if (asked.length === 0) return known;
  const ids = await whichAreInScope(
    session,
    asked.map(item => idOf(item.ref)),
    { signal, fresh: true },
  );
  for (const { ref } of asked) if (ids.has(idOf(ref))) known.add(ref);
  return known;
}
