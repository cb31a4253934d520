import { messageOf } from '../errors.ts';
import type { Applied } from './apply.ts';
import type { Desired } from './desire.ts';
import type { Guarded } from './guard.ts';
import type { Pulled } from './pull.ts';
import { remember } from './remember.ts';
import type { Round } from './round.ts';
import { verify, type Verified } from './verify.ts';

interface Found {
  readonly pulled: Pulled;
  readonly desired: Desired;
  readonly guarded: Guarded;
  readonly applied: Applied;
  readonly items: Parameters<typeof verify>[1]['items'];
  /** Whether the next round may build upon what this one saw. */
  readonly keeps: boolean;
}

/**
 * Verifies what was written and remembers how everything stands. A round that is stopped, or loses its tracker, after it
 * wrote tells what it wrote all the same: its report must not say that nothing happened.
 */
export async function readBack(
  round: Round,
  found: Found,
): Promise<{ readonly applied: Applied; readonly verified: Verified }> {
  const { pulled, desired, applied, items, keeps } = found;
  let verified: Verified;
  try {
    verified = await verify(round, { ...applied, items, current: desired.current, comparable: pulled.valuesTold });
  } catch (error) {
    if (applied.written.size === 0) throw error;
    if (keeps) await noteWritten(round, found);
    const why = error instanceof Error ? error : new Error(messageOf(error));
    const problems = [{ ref: null, message: `What was written could not be read back: ${why.message}` }];
    const endedBy = applied.endedBy ?? why;
    return { applied: { ...applied, endedBy }, verified: { fresh: new Map(), problems, ordered: false } };
  }
  if (keeps) await remember(round, { ...found, verified });
  return { applied, verified };
}

/** The next round reads these by id, for searches lag behind. Without a snapshot it reads everything anyway. */
async function noteWritten(round: Round, { pulled, applied }: Found): Promise<void> {
  const { snapshot } = pulled;
  if (snapshot === null) return;
  const fresh = [...applied.written].map(ref => ({ ref, at: round.now }));
  const meta = { ...snapshot.meta, written: [...snapshot.meta.written, ...fresh] };
  await round.parts.state.save(round.request.settings.name, { meta, put: [], drop: [] });
}
