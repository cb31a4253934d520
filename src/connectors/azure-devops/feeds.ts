import type { ReportingWorkItemRevisionsBatch } from 'azure-devops-node-api/interfaces/WorkItemTrackingInterfaces.js';
import { z } from 'zod';
import { BadAnswerError, NotFoundError, RejectedError, messageOf } from '../../errors.ts';
import { ResyncNeededError } from '../connector.ts';
import type { BacklogParts } from './parts.ts';

/** Where to start reading a feed: at a token, at an instant, or at the beginning (null). */
export type FeedStart = { readonly token: string } | { readonly since: Date } | null;

export interface RevisionRow {
  readonly id: number;
  readonly rev: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Some fields are not "reportable", and nothing tells which: asked for by name they may be refused. */
function aboutField(error: unknown): boolean {
  return error instanceof RejectedError && error.status === 400 && /\b(fields?|TF51535)\b/i.test(error.message);
}

export interface LinkRow {
  /** `System.LinkTypes.Dependency`; some answers add `-Forward` or `-Reverse`. */
  readonly rel: string;
  readonly sourceId: number;
  readonly targetId: number;
  readonly isActive: boolean;
}

const RevisionRows = z.array(z.object({ id: z.number(), rev: z.number(), fields: z.record(z.string(), z.unknown()) }));
const LinkRows = z.array(
  z.object({ rel: z.string(), sourceId: z.number(), targetId: z.number(), isActive: z.boolean().optional() }),
);

/**
 * All revisions of the project from a start on, page by page; returns the token to go on from. Read per project: the
 * organisation-wide feed would also show items that move to other projects, but needs rights on all of them and carries
 * their volume; the nightly full read accounts for those items. No filter by type, for a filtered feed is silent about
 * an item that changes its type.
 */
export function readRevisions(
  parts: BacklogParts,
  start: FeedStart,
  signal: AbortSignal,
  take: (rows: readonly RevisionRow[]) => void,
): Promise<string> {
  const { session, scope, plan } = parts;
  const everything = { includeIdentityRef: true, includeDeleted: true };
  let filter: typeof everything & { fields?: string[] } = { ...everything, fields: [...plan.feed] };
  return follow(start, async (token, since) => {
    const ask = (): Promise<ReportingWorkItemRevisionsBatch> =>
      session.read(({ wit }) => wit.readReportingRevisionsPost(filter, scope.project.id, token, since), signal);
    const batch = await ask().catch((error: unknown) => {
      if (!aboutField(error)) throw error;
      filter = everything;
      return ask();
    });
    const rows = RevisionRows.safeParse(batch.values);
    if (!rows.success) throw new BadAnswerError('The feed of revisions came in an unknown shape.');
    take(rows.data);
    return batch;
  });
}

/** One page of the feed of revisions, from a token on. `next` is where the one after it begins. */
export async function readRevisionPage(
  parts: BacklogParts,
  token: string,
  signal: AbortSignal,
): Promise<{ readonly rows: readonly RevisionRow[]; readonly next: string | null; readonly isLast: boolean }> {
  const { session, scope, plan } = parts;
  const filter = { fields: [...plan.feed], includeIdentityRef: true, includeDeleted: true };
  const batch: Page & { readonly values?: unknown } = await session.read(
    ({ wit }) => wit.readReportingRevisionsPost(filter, scope.project.id, token),
    signal,
  );
  const rows = RevisionRows.safeParse(batch.values);
  if (!rows.success) throw new BadAnswerError('The feed of revisions came in an unknown shape.');
  const next = batch.continuationToken ?? tokenOf(batch.nextLink);
  return { rows: rows.data, next, isLast: batch.isLastBatch === true };
}

/**
 * All link changes of the project from a start on. Adding or removing a link makes no revision, so this feed alone tells
 * of new parents and blockers. Not filtered by link type: answers name types without the direction that other calls use,
 * and a filter that matched nothing would look like "no links".
 */
export function readLinks(
  parts: BacklogParts,
  start: FeedStart,
  signal: AbortSignal,
  take: (rows: readonly LinkRow[]) => void,
): Promise<string> {
  const { session, scope } = parts;
  return follow(start, async (token, since) => {
    const batch = await session.read(
      ({ wit }) => wit.getReportingLinksByLinkType(scope.project.id, undefined, undefined, token, since),
      signal,
    );
    const rows = LinkRows.safeParse(batch.values);
    if (!rows.success) throw new BadAnswerError('The feed of links came in an unknown shape.');
    take(rows.data.map(row => ({ ...row, isActive: row.isActive ?? true })));
    return batch;
  });
}

interface Page {
  readonly continuationToken?: string;
  readonly nextLink?: string;
  readonly isLastBatch?: boolean;
}

/** The token is there on the last page too; it is where the next read goes on. */
async function follow(
  start: FeedStart,
  read: (token: string | undefined, since: Date | undefined) => Promise<Page>,
): Promise<string> {
  let token = start !== null && 'token' in start ? start.token : undefined;
  const since = start !== null && 'since' in start ? start.since : undefined;
  for (let first = true; ; first = false) {
    const page = await resumed(first && token !== undefined, () =>
      read(token, token === undefined ? since : undefined),
    );
    const next: string | undefined = page.continuationToken ?? tokenOf(page.nextLink) ?? undefined;
    if (page.isLastBatch === true && (next ?? token) !== undefined) return next ?? token ?? '';
    if (next === undefined || next === token) {
      throw new BadAnswerError('A feed of Azure DevOps neither ends nor says how to go on.');
    }
    token = next;
  }
}

/** A token that the service no longer takes is refused, or not found: then everything has to be read again. */
async function resumed<T>(isResumption: boolean, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const refused = error instanceof NotFoundError || (error instanceof RejectedError && error.status === 400);
    if (!isResumption || !refused) throw error;
    throw new ResyncNeededError(`The change feed cannot be resumed: ${messageOf(error)}`, { cause: error });
  }
}

function tokenOf(nextLink: string | undefined): string | null {
  if (nextLink === undefined || !URL.canParse(nextLink)) return null;
  return new URL(nextLink).searchParams.get('continuationToken');
}
