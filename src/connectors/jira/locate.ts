import { idOf, type BacklogItem, type ItemRef } from '../../item.ts';
import type { ReadOptions, Whereabouts } from '../connector.ts';
import { fetchByIds } from './ask-issues.ts';
import { stillInScope } from './membership.ts';
import { rememberInScope } from './memory.ts';
import { hiddenProjects } from './permissions.ts';
import type { JiraSession } from './session.ts';
import { refOf, toItem } from './to-item.ts';

/** Where these items are, read by id. An item that Jira does not return is gone only if nothing can hide it from us. */
export async function locate(
  session: JiraSession,
  refs: readonly ItemRef[],
  options: Pick<ReadOptions, 'signal'>,
): Promise<ReadonlyMap<ItemRef, Whereabouts>> {
  const ids = [...new Set(refs.map(idOf))];
  if (ids.length === 0) return new Map();
  const { signal } = options;
  const { issues, missing } = await fetchByIds(session, ids, {
    what: 'reading issues by id',
    signal,
    fields: session.wanted,
  });
  const items = issues.map(issue => toItem(issue, session.items));
  const inScope = await stillInScope(session, items, signal);
  const found = new Map<ItemRef, Whereabouts>(items.map(item => [item.ref, whereaboutsOf(item, inScope)]));
  for (const item of items) if (inScope.has(item.ref)) rememberInScope(session.memory, item);
  if (missing.length > 0) {
    const verdict = await verdictOnMissing(session, signal);
    for (const id of missing) found.set(refOf(id), verdict);
  }
  return found;
}

function whereaboutsOf(item: BacklogItem, inScope: ReadonlySet<ItemRef>): Whereabouts {
  return { state: inScope.has(item.ref) ? 'in-scope' : 'out-of-scope', item };
}

async function verdictOnMissing(session: JiraSession, signal: AbortSignal): Promise<Whereabouts> {
  const hidden = await hiddenProjects(session, signal);
  if (hidden === null) {
    return { state: 'unknown', why: 'it is not known which project it belonged to, so permissions cannot be checked' };
  }
  const [first] = hidden;
  if (first === undefined) return { state: 'gone' };
  return { state: 'unknown', why: `the account may not browse project ${first}` };
}
