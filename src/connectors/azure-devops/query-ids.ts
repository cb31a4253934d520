import { BadAnswerError, RejectedError } from '../../errors.ts';
import type { Session } from './session.ts';
import type { IdRange } from './wiql.ts';

/** A query may return 20,000 ids at most; the service refuses more with VS402337 rather than cut the list short. */
export const partition = 19_999;
const highestId = 2_147_483_647;

/**
 * All ids that a query returns, ascending, in partitions by id. A partition that the service still finds too large is
 * halved.
 */
export async function queryIds(
  project: string,
  query: (range: IdRange) => string,
  session: Session,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const all: number[] = [];
  const ask = async (range: IdRange): Promise<readonly number[]> => {
    const text = query(range);
    const result = await session.read(
      ({ wit }) => wit.queryByWiql({ query: text }, { project }, undefined, partition),
      signal,
    );
    if (!Array.isArray(result.workItems)) throw new BadAnswerError('A query came back without its list of work items.');
    return result.workItems.flatMap(({ id }) => (id === undefined ? [] : [id]));
  };
  const readRange = async ({ after, upTo }: IdRange): Promise<void> => {
    let last = after;
    for (;;) {
      let ids: readonly number[];
      try {
        ids = await ask({ after: last, upTo });
      } catch (error) {
        const top = upTo ?? highestId;
        if (!isTooMany(error) || top - last < 2) throw error;
        const middle = last + Math.floor((top - last) / 2);
        await readRange({ after: last, upTo: middle });
        await readRange({ after: middle, upTo });
        return;
      }
      all.push(...ids);
      if (ids.length < partition) return;
      last = Math.max(...ids.slice(-1), last + 1);
    }
  };
  await readRange({ after: 0, upTo: null });
  return [...new Set(all)].sort((a, b) => a - b);
}

function isTooMany(error: unknown): boolean {
  return error instanceof RejectedError && error.code === 'VS402337';
}
