import { z } from 'zod';
import { ResyncNeededError } from '../connector.ts';
import type { JiraSession } from './session.ts';

/** From where the next incremental read goes on. JSON. */
const CursorSchema = z.object({
  /** Epoch ms on Jira's clock: earlier changes have been read. */
  from: z.number(),
  /** Ids that we wrote after `from`. */
  own: z.array(z.string()),
  /** Read the histories of `own` once more, since somebody may have come in between. */
  recheck: z.boolean(),
  /** With many own writes: epoch ms until which the changes since `from` are mostly their echoes. */
  ownThrough: z.number().nullable(),
});
export type Cursor = z.infer<typeof CursorSchema>;

/** Index lag, and clocks that are not quite ours. */
const overlapMs = 10 * 60_000;
/** A cursor older than this would have to read nearly everything anyway. */
const oldestMs = 14 * 86_400_000;

/**
 * The cursor of a read that began at `now`, our clock. `before`: the one it went on from, whose many own writes may still
 * lie within the overlap and would otherwise come back with all their fields.
 */
export function cursorAt(session: JiraSession, now: Date, before: Cursor | null = null): Cursor {
  const from = jiraTime(session, now) - overlapMs;
  if (before === null || before.ownThrough === null || before.ownThrough <= from) {
    return { from, own: [], recheck: false, ownThrough: null };
  }
  return { ...before, from, recheck: false };
}

export function readCursor(session: JiraSession, raw: unknown, now: Date): Cursor {
  const cursor = CursorSchema.safeParse(raw);
  if (!cursor.success) throw new ResyncNeededError('the stored change cursor cannot be read');
  if (jiraTime(session, now) - cursor.data.from > oldestMs) {
    throw new ResyncNeededError('the stored change cursor is more than two weeks old');
  }
  return cursor.data;
}

/** An instant of our clock on Jira's, epoch ms. */
export function jiraTime(session: JiraSession, now: Date): number {
  return now.getTime() + (session.transport.skewMs() ?? session.self().skewMs);
}
