import { idOf, type BacklogItem } from '../../item.ts';
import type {
  Capabilities,
  BacklogRequest,
  MetadataCache,
  ReadEnd,
  ReadOptions,
  Self,
  TakePage,
  TrackerBacklog,
} from '../connector.ts';
import type { Log } from '../../log.ts';
import { formOf } from './explanation.ts';
import type { FieldPlan } from './field-plan.ts';
import { check } from './check.ts';
import { prepare } from './from-change.ts';
import { createKnown, type Known } from './known.ts';
import { itemAsRead, locate } from './locate.ts';
import { memoOf } from './memo.ts';
import { noteStrange, readMetadata, renewFor, type Metadata } from './metadata.ts';
import type { Fields } from './in-scope.ts';
import type { BacklogParts } from './parts.ts';
import { perform, type Quiet } from './perform.ts';
import { mayReadAreas } from './permissions.ts';
import { findProject } from './projects.ts';
import { queryIds } from './query-ids.ts';
import { readAll } from './read-all.ts';
import { chunksOf, readBatch } from './read-batch.ts';
import { readChanges } from './read-changes.ts';
import { readHistories } from './read-histories.ts';
import type { Session } from './session.ts';
import { settle } from './settle.ts';
import { hasTag } from './tags.ts';
import { unknownWords } from './unknown-words.ts';
import { labelledQuery } from './wiql.ts';

/** A query may have fewer than 25 tag clauses. */
const tagClauses = 20;

export interface Opening {
  readonly request: BacklogRequest;
  readonly session: Session;
  readonly cache: MetadataCache;
  readonly self: Self;
  readonly url: string;
  readonly log: Log;
  readonly quiet: Quiet;
}

const capabilities: Capabilities = {
  movesPerCall: 1,
  editsAreOnePatch: true,
  labelsIgnoreCase: true,
  guardedWrites: true,
};

function capabilitiesWith(field: FieldPlan['explanation']): Capabilities {
  return field === undefined ? capabilities : { ...capabilities, explanation: formOf(field) };
}

/** One team's backlog level, opened. */
export async function openBacklog(opening: Opening, signal: AbortSignal): Promise<TrackerBacklog> {
  const { request, session, cache, self } = opening;
  const known = createKnown();
  let metadata = await readMetadata(request, { session, cache, fresh: false }, signal);
  const parts = (): BacklogParts => partsOf(opening, metadata);

  return {
    can: capabilitiesWith(metadata.plan.explanation),
    self,
    sources: metadata.plan.sources,
    calls: session.calls,
    async readAll(options, take) {
      const read = await readEverything(opening, known, { options, take });
      metadata = read.metadata;
      return read.end;
    },
    readChanges(from, options, take) {
      const renew = async (rows: Iterable<Fields>): Promise<BacklogParts> => {
        const words = unknownWords(rows, metadata.scope);
        metadata = await renewFor(words, { metadata, request }, { session, cache }, options.signal);
        return parts();
      };
      return readChanges(parts(), known, { from, options, take, renew });
    },
    // Comments are revisions, told by the feed.
    readTalk: () => Promise.resolve(new Map()),
    readHistories: (items, options) => readHistories(items, parts(), options),
    locate: (refs, options) => locate(refs, parts(), known, options),
    findLabelled: (labels, options) =>
      findLabelled(labels, options, parts(), item => itemAsRead(item, parts(), known, options.now)),
    async canBrowse() {
      const { scope } = metadata;
      await findProject(scope.project.id, session, signal);
      const answer = await mayReadAreas(parts(), signal);
      return answer === 'yes' || answer === 'likely';
    },
    settle: (cursor, written, options) => settle(cursor, written, parts(), options),
    prepare: batch => prepare(batch, metadata.plan, ref => known.written.get(Number(idOf(ref))) ?? null),
    perform: (write, stop) => perform(write, parts(), { known, quiet: opening.quiet }, stop),
    check: () => check(parts(), { self, fields: metadata.fields, mayBeQuiet: opening.quiet.allowed }, signal),
  };
}

/**
 * A renamed project or area makes no revision, so a full read does not trust cached settings. Words that these lack
 * although they are fresh are noted, so that the next read of changes need not ask about them.
 */
async function readEverything(
  opening: Opening,
  known: Known,
  { options, take }: { readonly options: ReadOptions; readonly take: TakePage },
): Promise<{ readonly end: ReadEnd; readonly metadata: Metadata }> {
  const { request, session, cache } = opening;
  const metadata = await readMetadata(request, { session, cache, fresh: true }, options.signal);
  const words = new Set<string>();
  const end = await readAll(partsOf(opening, metadata), known, options, page => {
    const fields = page.map(({ item }) => memoOf(item)?.fields ?? {});
    for (const word of unknownWords(fields, metadata.scope)) words.add(word);
    return take(page);
  });
  return { end, metadata: await noteStrange([...words], { metadata, request }, cache) };
}

function partsOf(opening: Opening, { scope, plan }: Metadata): BacklogParts {
  const { request, session, log, url } = opening;
  const { timezone, blockerLinkTypes } = request;
  return { session, log, url, scope, plan, zone: timezone, blockerLinkTypes };
}

async function findLabelled(
  labels: readonly string[],
  options: ReadOptions,
  parts: BacklogParts,
  read: (work: Parameters<typeof itemAsRead>[0]) => BacklogItem,
): Promise<readonly BacklogItem[]> {
  const { scope, session } = parts;
  const ids = new Set<number>();
  for (const some of chunksOf(labels, tagClauses)) {
    const found = await queryIds(scope.project.id, range => labelledQuery(scope, some, range), session, options.signal);
    for (const id of found) ids.add(id);
  }
  const works = await readBatch(
    [...ids].sort((a, b) => a - b),
    parts,
    options,
  );
  return [...works.values()].map(read).filter(item => labels.some(label => hasTag(item.labels, label)));
}
