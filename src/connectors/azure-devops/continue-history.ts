import { WorkItemExpand } from 'azure-devops-node-api/interfaces/WorkItemTrackingInterfaces.js';
import type { BacklogItem, History } from '../../item.ts';
import type { ReadItem, ReadOptions } from '../connector.ts';
import type { RevisionRow } from './feeds.ts';
import { consecutive, readItemRevisions } from './item-revisions.ts';
import type { Known } from './known.ts';
import { blockersFromRelations, blockersOf } from './links.ts';
import { memoOf, type Memo } from './memo.ts';
import type { BacklogParts } from './parts.ts';
import { activitiesOf, revisionOf, type Revision } from './revisions.ts';
import { toItem, type WorkItem } from './to-item.ts';

interface Telling {
  readonly parts: BacklogParts;
  readonly known: Known;
  /** The item as the last snapshot holds it; null for one that enters. */
  readonly before: BacklogItem | null;
  /** What the feed told of it. */
  readonly rows: readonly RevisionRow[];
  /** Whether it was asked for by id: then it must be told up to its present revision, even if the feed lags. */
  readonly asked: boolean;
  readonly options: ReadOptions;
}

/** A changed item with what happened to it since it was last seen. Gaps in the feed are filled from its own revisions. */
export async function continueHistory(work: WorkItem, telling: Telling): Promise<ReadItem> {
  const { parts, known, before, options } = telling;
  const { scope, plan, url, zone } = parts;
  const memo = before === null ? null : memoOf(before);
  const told = telling.rows.flatMap(row => revisionOf(row, plan) ?? []);
  const { revisions, history } =
    memo?.sure === true ? await goOn(work, memo, told, telling) : await startOver(work, told, telling);
  const last = revisions.at(-1);
  const next: Memo = {
    rev: last?.rev ?? memo?.rev ?? work.rev,
    sure: last !== undefined || memo?.sure === true,
    fields: last?.fields ?? memo?.fields ?? {},
  };
  const context = { scope, plan, url, zone, now: options.now };
  return { item: toItem(work, blockersOf(work.id, known.blockers), next, context), history };
}

interface Told {
  readonly revisions: readonly Revision[];
  readonly history: History;
}

async function goOn(work: WorkItem, memo: Memo, told: readonly Revision[], telling: Telling): Promise<Told> {
  const { parts, options, asked } = telling;
  const fed = consecutive(
    told.filter(({ rev }) => rev > memo.rev),
    memo.rev,
  );
  const reached = fed?.at(-1)?.rev ?? memo.rev;
  const complete = fed !== null && !(asked && work.rev > reached);
  const revisions = complete ? fed : await readItemRevisions(work.id, memo.rev, parts, options.signal);
  const entries = activitiesOf(memo.fields, revisions, parts.plan);
  return { revisions, history: { since: null, before: null, continues: true, entries } };
}

/** All of an item's history: one that enters the scope, or one that may have been changed unseen. */
async function startOver(work: WorkItem, told: readonly Revision[], telling: Telling): Promise<Told> {
  const { parts, known, before, options } = telling;
  const fed = told.length === 0 ? null : consecutive(told, 0);
  if (fed === null && before === null) {
    const { relations } = await parts.session.read(
      ({ wit }) => wit.getWorkItem(work.id, undefined, undefined, WorkItemExpand.Relations),
      options.signal,
    );
    known.blockers.set(work.id, blockersFromRelations(relations ?? [], parts.blockerLinkTypes));
  }
  const revisions = fed ?? (await readItemRevisions(work.id, 0, parts, options.signal));
  const entries = activitiesOf(null, revisions, parts.plan);
  return { revisions, history: { since: null, before: null, continues: false, entries } };
}
