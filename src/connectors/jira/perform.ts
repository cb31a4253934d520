import { InternalError } from '../../errors.ts';
import type { ItemRef } from '../../item.ts';
import { idOf } from '../../item.ts';
import type { ItemResult, Write } from '../connector.ts';
import type { JiraRequest } from './request.ts';
import { noteWritten } from './memory.ts';
import { performBulkLabel } from './perform-bulk.ts';
import { performEdit } from './perform-edit.ts';
import { performProperty } from './perform-property.ts';
import { performRank } from './perform-rank.ts';
import type { JiraSession } from './session.ts';

/** Makes one prepared write and says of every item what came of it. Jira's refusals are results; all else is thrown. */
export async function perform(session: JiraSession, write: Write, signal: AbortSignal): Promise<readonly ItemResult[]> {
  const request = requestOf(write);
  const refs = [...new Set(write.effects.map(effect => effect.ref))];
  try {
    return complete(refs, await carryOut(session, request, signal));
  } finally {
    // Also when the answer was lost: then it matters most that the next search is told to look again.
    noteWritten(session.memory, refs.map(idOf), session.clock.now());
  }
}

function carryOut(session: JiraSession, request: JiraRequest, signal: AbortSignal): Promise<readonly ItemResult[]> {
  switch (request.kind) {
    case 'rank':
      return performRank(session, request, signal);
    case 'edit':
      return performEdit(session, request, signal);
    case 'property':
      return performProperty(session, request, signal);
    case 'bulk-label':
      return performBulkLabel(session, request, signal);
    default:
      return request satisfies never;
  }
}

function requestOf(write: Write): JiraRequest {
  const { request } = write;
  if (typeof request === 'object' && request !== null && 'kind' in request) return request as JiraRequest;
  throw new InternalError(`write ${write.id} was not prepared by this connector`);
}

/** Every ref gets a result, also one that Jira did not mention. */
function complete(refs: readonly ItemRef[], results: readonly ItemResult[]): readonly ItemResult[] {
  const told = new Map(results.map(result => [result.ref, result]));
  return refs.map(
    ref => told.get(ref) ?? { ref, status: 'failed', problem: 'Jira did not say what came of it', repeats: false },
  );
}
