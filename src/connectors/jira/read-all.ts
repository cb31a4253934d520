import { idOf, type BacklogItem, type History, type ItemRef } from '../../item.ts';
import type { ReadEnd, ReadOptions, TakePage } from '../connector.ts';
import { readScope } from './ask-issues.ts';
import { cursorAt } from './cursor.ts';
import { historyBatch, readHistories } from './histories.ts';
import { recentlyWritten, rememberInScope, rememberProjects } from './memory.ts';
import type { JiraSession } from './session.ts';
import { toItem } from './to-item.ts';

/**
 * The whole scope. An issue that a page shift brings twice is taken once, as first read. While one batch's histories are
 * on their way the next pages are already asked for.
 */
export async function readAll(session: JiraSession, options: ReadOptions, take: TakePage): Promise<ReadEnd> {
  // Who is in the scope is found out anew.
  session.memory.inScope.clear();
  // What an earlier read of changes brought along is old by now.
  session.memory.talk.clear();
  session.memory.readAt = session.clock.now().getTime();
  const seen = new Set<ItemRef>();
  const ranks: BacklogItem['order'][] = [];
  const batches = createBatches(session, options, take);
  const query = {
    what: 'reading the backlog',
    signal: options.signal,
    jql: null,
    reconcile: recentlyWritten(session.memory, options.now),
  };
  try {
    await readScope(session, query, async page => {
      for (const issue of page) {
        const item = toItem(issue, session.items);
        if (seen.has(item.ref)) continue;
        seen.add(item.ref);
        ranks.push(item.order);
        rememberInScope(session.memory, item);
        await batches.add(item);
      }
      options.progress({ what: 'reading issues', done: seen.size, of: null });
    });
    await batches.end();
  } finally {
    await batches.settled();
  }
  await rememberProjects(session);
  return { cursor: cursorAt(session, options.now), order: ranksAreEnough(ranks) ? null : [...seen] };
}

/** Rank strings tell the order unless some are missing or the site is being rebalanced from one bucket to the next. */
export function ranksAreEnough(ranks: readonly BacklogItem['order'][]): boolean {
  return new Set(ranks.map(bucketOf)).size <= 1 && !ranks.includes(null);
}

/** `0` of `0|i0003r:`; null when there is no rank. */
export function bucketOf(rank: BacklogItem['order']): string | null {
  return typeof rank === 'string' && rank.includes('|') ? rank.slice(0, rank.indexOf('|')) : null;
}

interface Batches {
  add(item: BacklogItem): Promise<void>;
  end(): Promise<void>;
  /** When nothing is under way any more, however it ended. */
  settled(): Promise<void>;
}

function createBatches(session: JiraSession, options: ReadOptions, take: TakePage): Batches {
  let gathered: BacklogItem[] = [];
  let underWay: Promise<void> = Promise.resolve();
  const deliver = async (items: readonly BacklogItem[]): Promise<void> => {
    const ids = items.map(item => idOf(item.ref));
    const histories = await readHistories(session, ids, options.signal);
    await take(items.map(item => ({ item, history: completeHistory(histories.get(item.ref)) })));
  };
  const flush = async (): Promise<void> => {
    await underWay;
    if (gathered.length === 0) return;
    const items = gathered;
    gathered = [];
    underWay = deliver(items);
    // Whoever flushes next, or ends, meets the failure; until then it must not pass for an unhandled one.
    underWay.catch(() => undefined);
  };
  return {
    async add(item) {
      gathered.push(item);
      if (gathered.length >= historyBatch) await flush();
    },
    async end() {
      await flush();
      await underWay;
    },
    async settled() {
      await Promise.allSettled([underWay]);
    },
  };
}

/** Jira's bulk histories reach back to creation. */
export function completeHistory(entries: History['entries'] | undefined): History {
  return { since: null, before: null, continues: false, entries: entries ?? [] };
}
