import { ShortReadError } from '../../errors.ts';
import type { ReadEnd, ReadItem, ReadOptions, TakePage } from '../connector.ts';
import { cursorOf } from './cursor.ts';
import { readLinks, readRevisions } from './feeds.ts';
import { isInScope } from './in-scope.ts';
import { noteCovered, type Known } from './known.ts';
import { applyLinks, blockersOf, type Blockers } from './links.ts';
import { fatesOf } from './missing.ts';
import type { BacklogParts } from './parts.ts';
import { queryIds } from './query-ids.ts';
import { batchSize, chunksOf, readBatch } from './read-batch.ts';
import { comparable, revisionOf, type Revision } from './revisions.ts';
import { toItem, type WorkItem } from './to-item.ts';
import { createWindowHistory, type WindowHistory } from './window-history.ts';
import { scopeQuery } from './wiql.ts';

/**
 * The whole scope. First the ids (one query), then both feeds to their ends, then the items by id. In this order nothing
 * falls between: what enters the scope during the read is told by the feed, and what changes after the feed's end is told
 * again by the next read, since the cursor is the feed's end.
 */
export async function readAll(
  parts: BacklogParts,
  { blockers, covered }: Known,
  options: ReadOptions,
  take: TakePage,
): Promise<ReadEnd> {
  const { scope, session } = parts;
  const { signal, progress } = options;
  const asked = await queryIds(scope.project.id, range => scopeQuery(scope, range), session, signal);
  progress({ what: 'work items found', done: asked.length, of: null });
  const fed = await readFeed(parts, asked, options);
  blockers.clear();
  covered.clear();
  const links = await readLinks(parts, null, signal, rows => applyLinks(rows, blockers, parts.blockerLinkTypes));
  const ids = [...new Set([...asked, ...fed.entered])].sort((a, b) => a - b);
  const works = await readMembers(parts, ids, new Set(asked), signal);
  await readPredecessors(parts, fed.history, works.keys(), signal);
  let done = 0;
  for (const chunk of chunksOf([...works.values()], batchSize)) {
    const page = chunk.map(work => readItemOf(work, { parts, blockers, history: fed.history, now: options.now }));
    noteCovered(page, covered);
    await take(page);
    done += chunk.length;
    progress({ what: 'work items read', done, of: works.size });
  }
  return { cursor: cursorOf({ revisions: fed.token, links }, scope), order: null };
}

interface Fed {
  readonly token: string;
  readonly history: WindowHistory;
  /** Items that the query did not return and the feed shows in scope. */
  readonly entered: ReadonlySet<number>;
}

async function readFeed(parts: BacklogParts, asked: readonly number[], options: ReadOptions): Promise<Fed> {
  const since = options.historySince === null ? null : wholeSecond(options.historySince);
  const history = createWindowHistory(since, parts.plan);
  const inQuery = new Set(asked);
  const entered = new Set<number>();
  let done = 0;
  const token = await readRevisions(parts, since === null ? null : { since }, options.signal, rows => {
    for (const row of rows) {
      const inScope = isInScope(row.fields, parts.scope);
      if (!inQuery.has(row.id)) {
        if (inScope) entered.add(row.id);
        else entered.delete(row.id);
      }
      const revision = inQuery.has(row.id) || inScope ? revisionOf(row, parts.plan) : null;
      if (revision !== null) history.add(row.id, revision);
    }
    done += rows.length;
    options.progress({ what: 'revisions read', done, of: null });
  });
  return { token, history, entered };
}

/** The feed takes dates in whole seconds. */
export function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}

/** By id, those that are (still) in scope. An item that the query returned and that cannot be read fails the read. */
async function readMembers(
  parts: BacklogParts,
  ids: readonly number[],
  asked: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, WorkItem>> {
  const found = new Map(await readBatch(ids, parts, { signal }));
  const missing = ids.filter(id => !found.has(id));
  if (missing.length > 0) {
    for (const [id, work] of await readBatch(missing, parts, { signal })) found.set(id, work);
    const lost = missing.filter(id => !found.has(id) && asked.has(id));
    const fates = lost.length === 0 ? null : await fatesOf(lost, parts, signal);
    for (const [, fate] of fates ?? []) {
      if (fate.kind === 'unknown') throw new ShortReadError(`The backlog cannot be read in full: ${fate.why}.`);
    }
  }
  return new Map([...found].filter(([, work]) => isInScope(work.fields, parts.scope)).sort(([a], [b]) => a - b));
}

/** The revision before each item's first one in the window, to see what that one changed. */
export async function readPredecessors(
  parts: BacklogParts,
  history: WindowHistory,
  ids: Iterable<number>,
  signal: AbortSignal,
): Promise<void> {
  if (history.since === null) return;
  const needed = history.needPredecessor(ids);
  const asOf = new Date(history.since.getTime() - 1);
  const before = await readBatch(needed, parts, { signal, asOf, fields: parts.plan.feed });
  for (const [id, work] of before) {
    const revision: Revision | null = revisionOf(work, parts.plan);
    if (revision !== null) history.precede(id, { ...revision, fields: comparable(revision.fields) });
  }
}

function readItemOf(
  work: WorkItem,
  from: { parts: BacklogParts; blockers: Blockers; history: WindowHistory; now: Date },
): ReadItem {
  const { parts, blockers, history, now } = from;
  const { scope, plan, url, zone } = parts;
  const last = history.last(work.id);
  const here = revisionOf(work, plan);
  // Quiet in the window: known as it stands. Otherwise it changed after the feed ended, and is read again next time.
  const quiet = history.since !== null && here !== null && here.at < history.since;
  const memo =
    last === null
      ? { rev: work.rev, sure: quiet, fields: comparable(here?.fields ?? {}) }
      : { rev: last.rev, sure: true, fields: last.fields };
  const item = toItem(work, blockersOf(work.id, blockers), memo, { scope, plan, url, zone, now });
  return { item, history: history.historyOf(work.id, item.changedAt) };
}
